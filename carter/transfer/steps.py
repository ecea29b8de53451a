"""The steps of an import, each of which can be interrupted at any moment and taken up again."""

from collections.abc import Callable, Iterator
from itertools import islice

from django.db import transaction
from django.utils import timezone

from carter.matching.keying import refresh_keys
from carter.search.indexing import refresh_words
from carter.statistics import gather_statistics
from carter.transfer.batches import saved_mapping
from carter.transfer.deciding import Decider, Decision
from carter.transfer.models import ImportBatch
from carter.transfer.naming import book_of
from carter.transfer.reading.limits import UnreadableFile
from carter.transfer.reading.spooling import Row
from carter.transfer.understanding import shapes
from carter.transfer.understanding.cells import Columns
from carter.transfer.understanding.fields import Shape
from carter.transfer.understanding.said import Setting
from carter.transfer.uploads import rows_of, spooled
from carter.transfer.writing import write, write_rows

Watch = Callable[[ImportBatch], None]
"""Is told of every chunk that is done."""

State = ImportBatch.State
CHUNK = 1_000
LOOKED_AT = 200
"""Rows whose cells help to propose what a column holds."""


def read(batch: ImportBatch, _: Watch) -> None:
    """Read the file and recognise it; what cannot be read ends here, with a sentence."""
    try:
        table = spooled(batch)
    except UnreadableFile as trouble:
        batch.trouble, batch.state = str(trouble), State.UNREADABLE
        batch.save()
        return
    batch.form, batch.columns, batch.remarks = table.form, table.columns, table.remarks
    batch.rows_total, batch.shape = table.rows, shapes.recognise(table.columns)
    _propose(batch)
    batch.alive_at = None
    batch.save()


def check(batch: ImportBatch, watch: Watch) -> None:
    """The dry run: decide about every row, write nothing of it into the book."""
    with transaction.atomic():
        batch.rows.all().delete()
    batch.counts, batch.rows_done = {}, 0
    decider = decider_for(batch)
    for rows in _chunks(rows_of(batch)):
        decisions = decider.understand(rows)
        with transaction.atomic():
            decider.settle(batch.company, decisions, locked=False)
            write_rows(batch, decisions)
            _progress(batch, decisions)
        watch(batch)
    finish(batch, State.CHECKED)


def carry_out(batch: ImportBatch, watch: Watch) -> None:
    """Import the rows, going on where an interrupted import stopped.

    A chunk and the progress it makes are one transaction, so that no row is done twice. What
    needs no database is done between them, so that others who write get their turn.
    """
    decider, rows = decider_for(batch), rows_of(batch)
    decider.pass_over(islice(rows, batch.rows_done))
    for chunk in _chunks(rows):
        decisions = decider.understand(chunk)
        with transaction.atomic():
            decider.settle(batch.company, decisions, locked=True)
            write(batch, decisions)
            _progress(batch, decisions)
        watch(batch)
    make_findable(batch)
    gather_statistics()
    batch.finished_at = timezone.now()
    finish(batch, State.IMPORTED)


def make_findable(batch: ImportBatch) -> None:
    """Bring matching keys and search words up to what was written."""
    while refresh_keys(batch.company, at_most=CHUNK):
        give_sign(batch)
    while refresh_words(batch.company, at_most=CHUNK):
        give_sign(batch)


def give_sign(batch: ImportBatch) -> None:
    """Somebody is at work on this batch."""
    batch.alive_at = timezone.now()
    batch.save(update_fields=["alive_at"])


def decider_for(batch: ImportBatch) -> Decider:
    """What decides about the rows of this file, with a memory of those that came before."""
    company = batch.company
    setting = Setting(
        shape=batch.shape,
        holds=batch.holds,
        country=company.country,
        zone=company.zone,
        book=book_of(company),
    )
    return Decider(Columns(batch.columns, batch.mapping), setting, batch.source)


def _propose(batch: ImportBatch) -> None:
    """What the columns hold: as somebody said last time, or as the shape has it, or a proposal."""
    saved = saved_mapping(batch)
    if saved:
        batch.mapping, batch.holds, batch.source = saved.mapping, saved.holds, saved.source
    else:
        samples = [row.cells for row in islice(rows_of(batch), LOOKED_AT)]
        batch.mapping = list(map(str, shapes.mapping_of(batch.shape, batch.columns, samples)))
        batch.holds = shapes.holds_of(batch.shape, batch.mapping)
        own = f"list {shapes.signature(batch.columns)[:8]}"
        batch.source = own if batch.shape == Shape.OTHER else batch.shape
    known = saved or batch.shape != Shape.OTHER
    batch.state = State.CHECKING if known else State.MAPPING


def _chunks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def _progress(batch: ImportBatch, decisions: list[Decision]) -> None:
    for decision in decisions:
        batch.counts[decision.outcome] = batch.counts.get(decision.outcome, 0) + 1
    batch.rows_done += len(decisions)
    batch.alive_at = timezone.now()
    batch.save(update_fields=["counts", "rows_done", "alive_at"])


def finish(batch: ImportBatch, state: str) -> None:
    batch.state, batch.alive_at = state, None
    batch.save()
