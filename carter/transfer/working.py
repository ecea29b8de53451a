"""Doing the work that batches wait for: in a thread of the web server, in `carter worker`, or now.

Whoever works on a batch leaves a sign of life with every chunk. A batch without one for a while
is anybody's to take up again; what was committed is never done twice.
"""

import threading
from collections.abc import Callable

import structlog
from django.db import connections, transaction
from django.utils import timezone

from carter.transfer import steps, undoing
from carter.transfer.models import ImportBatch

log = structlog.get_logger(__name__)

State = ImportBatch.State
STEPS: dict[str, Callable[[ImportBatch, steps.Watch], None]] = {
    State.READING: steps.read,
    State.CHECKING: steps.check,
    State.IMPORTING: steps.carry_out,
    State.UNDOING: undoing.take_back,
}


def _quietly(batch: ImportBatch) -> None:
    """Nobody watches at a terminal; the progress is on the batch."""


def work_in_background() -> None:
    """Do what is due without anybody waiting for it, once the current transaction is through."""
    transaction.on_commit(_start_thread)


def do_due_imports() -> None:
    """Do every batch that waits and that nobody works on; safe for many workers at once."""
    while batch := _claimed():
        work_on(batch)


def work_on(batch: ImportBatch, watch: steps.Watch = _quietly) -> ImportBatch:
    """Do what the batch waits for, until it waits for a person. What fails is written on it."""
    while batch.is_working and not batch.trouble:
        steps.give_sign(batch)
        try:
            STEPS[batch.state](batch, watch)
        except Exception:
            log.exception("import failed", batch=batch.pk, state=batch.state)
            _interrupt(batch, "Something went wrong")
        except KeyboardInterrupt:
            _interrupt(batch, "It was stopped")
            raise
    return batch


def _interrupt(batch: ImportBatch, what: str) -> None:
    batch.refresh_from_db()
    batch.trouble = f"{what} after row {batch.rows_done:,}. Nothing done so far is lost."
    batch.save(update_fields=["trouble"])


def _claimed() -> ImportBatch | None:
    """A batch to work on that nobody else has taken in the same moment."""
    for batch in ImportBatch.across_companies.due().order_by("id"):
        mine = ImportBatch.across_companies.filter(pk=batch.pk, alive_at=batch.alive_at)
        if mine.update(alive_at=timezone.now()):
            return batch
    return None


def _start_thread() -> None:
    threading.Thread(target=_work, name="imports", daemon=True).start()


def _work() -> None:
    try:
        do_due_imports()
    finally:
        connections.close_all()
