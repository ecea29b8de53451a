"""Comparing a company's whole book: because a person asked for it, or because very much is due.

A run is a row. Whoever works on it leaves a sign of life; one without a sign for a while is
anybody's to take up again, from the start: what is stored is replaced where it differs, so that
nothing is done twice. Customers that change meanwhile are compared when it is done.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from itertools import count
from time import monotonic
from typing import Any

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from carter.companies.models import Company, Member
from carter.companies.rights import Right, require
from carter.matching.batch.crew import CannotCompare
from carter.matching.batch.engines import READING, compare_all_with
from carter.matching.comparing import are_due, compare_due
from carter.matching.grouping import Pair
from carter.matching.keying import refresh_keys
from carter.matching.marking import mark_for_comparing
from carter.matching.models import BookRun, Profile
from carter.matching.pairs import AllFound, replace_all
from carter.matching.record import Record
from carter.matching.regrouping import regroup_all
from carter.matching.scoring import Book
from carter.matching.sharing import words_on
from carter.matching.suspecting import LISTED, SAID, Found, as_pair
from carter.matching.trained import weights_of
from carter.statistics import gather_statistics

log = structlog.get_logger(__name__)

Watch = Callable[[BookRun], None]
"""Is told how far a run is, twice a second at most."""

State = BookRun.State
MANY = 2_000  # So many changed customers take longer one by one than the whole book at once.
AT_ONCE = 1_000
SECONDS_BETWEEN_SIGNS = 0.5
ALIVE_FOR = timedelta(minutes=5)
PAUSE_AFTER_FAILURE = timedelta(hours=1)


class AlreadyComparing(Exception):
    """The whole book is being compared as it is."""


class _TakenOver(Exception):
    """Somebody else works on the run: this worker gave no sign for too long."""


def start_comparing(company: Company, *, by: Member | None) -> BookRun:
    """Ask for the whole book to be compared; `work_on` does it, in the worker or right now."""
    require(by, Right.EDIT)
    try:
        with transaction.atomic():
            return company.book_runs.create(company=company, by=by)
    except IntegrityError as reason:
        raise AlreadyComparing("The whole book is being compared already.") from reason


def compare_books() -> None:
    """Do the runs that wait, then compare what changed in every book; safe for many workers."""
    while run := _claimed():
        work_on(run)
    for company in Company.objects.order_by("id"):
        if are_due(company) > MANY and not _failed_lately(company):
            with suppress(AlreadyComparing):
                work_on(start_comparing(company, by=None))
        compare_due(company)


def _quietly(run: BookRun) -> None:
    """Nobody watches at a terminal; the progress is on the run."""


def work_on(run: BookRun, watch: Watch = _quietly) -> BookRun:
    """Compare the whole book now. What fails is written on the run, and everybody is due again."""
    try:
        _work(run.company, _Signs(run, watch))
    except _TakenOver:
        log.warning("comparing was taken over", run=run.pk)
    except CannotCompare as trouble:
        _fail(run, str(trouble))
    except Exception:
        log.exception("comparing failed", run=run.pk, state=run.state)
        _fail(run, "Something went wrong.")
    except KeyboardInterrupt:
        _fail(run, "It was stopped.")
        raise
    return run


class _Signs:
    """The signs of life of one worker at one run."""

    def __init__(self, run: BookRun, watch: Watch) -> None:
        self._run, self._watch = run, watch
        self._last = 0.0

    def give(self, state: State, **values: Any) -> None:
        """Write the state and whatever else on the run, unless it is not ours any more."""
        mine = BookRun.across_companies.filter(pk=self._run.pk, alive_at=self._run.alive_at)
        values |= {"state": state, "alive_at": timezone.now()}
        if not mine.update(**values):
            raise _TakenOver
        for name, value in values.items():
            setattr(self._run, name, value)
        self._last = monotonic()
        self._watch(self._run)

    def progress(self, state: State, done: int, total: int) -> None:
        """Say how far the state is, not oftener than is of use."""
        if state != self._run.state or monotonic() - self._last > SECONDS_BETWEEN_SIGNS:
            self.give(state, done=done, total=total)


def _work(company: Company, signs: _Signs) -> None:
    due = company.customers.awaiting_keys().count()
    for done in count(step=AT_ONCE):
        signs.progress(State.KEYS, min(done, due), due)
        if not refresh_keys(company, at_most=AT_ONCE):
            break
    found = _compared(company, signs)
    _heed_decisions(company, found)
    replace_all(company, found, lambda done: signs.progress(State.GROUPING, done, len(found)))
    regroup_all(company)
    gather_statistics()
    counts = Counter(str(each.verdict) for each in found.values() if each.is_open)
    signs.give(State.FINISHED, counts=dict(counts), finished_at=timezone.now())


def _compared(company: Company, signs: _Signs) -> AllFound:
    """What the pairs of the book are, as the engine has it."""
    customers = company.customers.current().count()

    def progress(step: str, done: int, of: int) -> None:
        """Reading is half of it."""
        part = customers * done // of if of else min(done, customers)
        part += 0 if step == READING else customers
        signs.progress(State.COMPARING, part, 2 * customers)

    judged = compare_all_with(settings.MATCH_ENGINE)(
        _records(company),
        record_of=Record.restored_together,
        book=Book(0, weights=weights_of(company), said=words_on(company)),
        progress=progress,
    )
    return {
        as_pair(each.one, each.other): Found(each.verdict, each.probability)
        for each in judged
        if each.verdict in LISTED
    }


def _records(company: Company) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """Every current customer with the stored records that lead to it; marked as compared.

    The mark goes before the record is read: who changes it afterwards sets it anew.
    """
    last = 0
    while heads := _heads_after(company, last):
        last = heads[-1]
        known: dict[int, list[dict[str, Any]]] = {head: [] for head in heads}
        profiles = Profile.across_companies.filter(
            Q(customer__in=heads) | Q(customer__in=_former(company, heads))
        )
        profiles.filter(compare_due__gt=0).update(compare_due=0)
        rows = profiles.order_by("customer").values_list("customer", "customer__head", "stored")
        for customer, head, stored in rows:
            known.get(head or customer, []).append(stored)
        yield from known.items()


def _heads_after(company: Company, last: int) -> list[int]:
    heads = company.customers.current().filter(pk__gt=last).order_by("pk")
    return list(heads.values_list("pk", flat=True)[:AT_ONCE])


def _former(company: Company, heads: list[int]) -> list[int]:
    return list(company.customers.filter(head__in=heads).values_list("pk", flat=True))


def _heed_decisions(company: Company, found: dict[Pair, Found]) -> None:
    """Close what people decided. Who is decided about and flagged anew is compared once more."""
    decisions = company.match_decisions.standing().order_by("at", "id")
    ends = decisions.values_list("a", "a__head", "b", "b__head", "verdict")
    latest = {as_pair(ah or a, bh or b): verdict for a, ah, b, bh, verdict in ends}
    flagged = {pair for pair in latest if pair in found and found[pair].verdict.is_flag}
    current = set(company.customers.current().values_list("pk", flat=True)) if latest else set()
    found |= {pair: SAID[said] for pair, said in latest.items() if current.issuperset(pair)}
    mark_for_comparing(one for pair in flagged for one in pair)


def _claimed() -> BookRun | None:
    """A run to work on that nobody else has taken in the same moment."""
    silent = Q(alive_at=None) | Q(alive_at__lt=timezone.now() - ALIVE_FOR)
    due = BookRun.across_companies.working().filter(silent)
    for run in due.select_related("company").order_by("id"):
        mine = BookRun.across_companies.filter(pk=run.pk, alive_at=run.alive_at)
        run.alive_at = timezone.now()
        if mine.update(alive_at=run.alive_at):
            return run
    return None


def _failed_lately(company: Company) -> bool:
    last = company.book_runs.first()
    return (
        last is not None
        and last.state == State.FAILED
        and timezone.now() - last.at < PAUSE_AFTER_FAILURE
    )


def _fail(run: BookRun, trouble: str) -> None:
    run.state, run.trouble, run.finished_at = State.FAILED, trouble, timezone.now()
    run.save(update_fields=["state", "trouble", "finished_at"])
    run.company.profiles.filter(compare_due=0).update(compare_due=Profile.Due.COUNTS_ANEW)
