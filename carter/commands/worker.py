"""Do what is due, until stopped. With --once: do it now and end, for a timer to call."""

import argparse
import signal
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import structlog
from django.conf import settings
from django.core.management import call_command
from django.db import close_old_connections

from carter.companies.models import Company
from carter.health.readiness import why_not_ready
from carter.matching.keying import refresh_keys
from carter.matching.sharing import look_at_changes
from carter.matching.whole_book import compare_books
from carter.outbox.sending import send_due_letters
from carter.recurring.printing import print_papers
from carter.recurring.ticking import tick
from carter.search.indexing import refresh_words
from carter.statistics import renew_statistics
from carter.transfer.working import do_due_imports

log = structlog.get_logger(__name__)

PAUSE_SECONDS = 10
BEAT_SECONDS = 60


def forget_expired_sessions() -> None:
    """Remove the sign-ins that have run out."""
    call_command("clearsessions")


def make_findable() -> None:
    """Make the keys and words that are due, more than somebody who searches would wait for.

    And look at the phones and emails that many share, where their holders changed.

    So many are due after the company's country was changed, or an import was interrupted.
    """
    for company in Company.objects.order_by("id"):
        refresh_keys(company)
        look_at_changes(company)
        refresh_words(company)


def look_after_recurring_invoices() -> None:
    """Bill, collect and remind: what `carter tick` does."""
    tick()


def print_what_was_issued() -> None:
    """Print the papers of what was issued, for a while."""
    print_papers()


@dataclass(frozen=True)
class Chore:
    """Something to look after, again and again.

    It does what is due by the rows in the database and nothing twice, however often it is called
    and by however many workers: after a crash nobody remembers what was begun.
    """

    do: Callable[[], None]
    every_seconds: float

    @property
    def name(self) -> str:
        return self.do.__name__.replace("_", " ")


CHORES = (
    Chore(forget_expired_sessions, every_seconds=3600),
    Chore(do_due_imports, every_seconds=PAUSE_SECONDS),
    Chore(send_due_letters, every_seconds=PAUSE_SECONDS),
    Chore(look_after_recurring_invoices, every_seconds=60),
    Chore(print_what_was_issued, every_seconds=PAUSE_SECONDS),
    Chore(make_findable, every_seconds=60),
    Chore(compare_books, every_seconds=PAUSE_SECONDS),
    Chore(renew_statistics, every_seconds=3600),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help="do what is due now, then end")


def run(options: argparse.Namespace) -> int:
    if reason := why_not_ready():
        print(reason, file=sys.stderr)
        return 1
    if options.once:
        failed = [chore for chore in CHORES if not attempt(chore)]
        return 1 if failed else 0
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    work_until(stop)
    return 0


def work_until(stop: Event, chores: tuple[Chore, ...] = CHORES) -> None:
    """Do each chore when its time comes; a chore that is under way is finished first."""
    due: dict[Callable[[], None], float] = {}
    log.info("worker started", chores=[chore.name for chore in chores])
    while not stop.is_set():
        now = time.monotonic()
        for chore in chores:
            if not stop.is_set() and now >= due.get(chore.do, 0):
                attempt(chore)
                close_old_connections()
                due[chore.do] = now + chore.every_seconds
        show_life(Path(settings.VAR) / "worker-alive")
        stop.wait(_pause(due.values()))
    log.info("worker stopped")


def _pause(due: Iterable[float]) -> float:
    """Seconds until the next chore; none while one takes longer than it is to wait."""
    return max(0.0, min([time.monotonic() + PAUSE_SECONDS, *due]) - time.monotonic())


def attempt(chore: Chore) -> bool:
    """Do the chore; one that fails is written down and does not keep the others from theirs."""
    try:
        chore.do()
    except Exception:
        log.exception("chore failed", chore=chore.name)
        return False
    log.debug("chore done", chore=chore.name)
    return True


def show_life(path: Path) -> None:
    """Leave a sign for `carter doctor`, and a line in the log, once a minute."""
    if not path.exists() or time.time() - path.stat().st_mtime >= BEAT_SECONDS:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        log.info("worker alive")
