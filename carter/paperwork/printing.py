"""Printing what was issued, in the background: oldest first, by however many processes at once.

Whoever prints takes a few documents by moving on the time at which they may be taken next. So
nobody else takes them, no lock is held while they are printed, and those of a process that was
killed are taken up again. What fails is tried again at growing distances, by itself, so that it
keeps no other; then a person is told.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import takewhile
from time import monotonic

import structlog
from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from carter.billing.models import PaperDue
from carter.companies.models import Company
from carter.paperwork.invoices import look_up
from carter.paperwork.keeping import keep, paper_of
from carter.paperwork.links import addresses_of
from carter.paperwork.models import Paper
from carter.printing.compiling import CannotPrint
from carter.printing.letterheads import logo_of
from carter.printing.logos import Logo

log = structlog.get_logger(__name__)

AT_ONCE = 20
"""Documents taken and kept together: a fraction of a second, and a megabyte of memory."""
PAUSES = (
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=12),
    timedelta(days=1),
)
"""After each try, until the next; after one more there is none."""
STOPPED = "Carter stopped while it was printed."


@dataclass
class Printed:
    """How many papers were made, and which documents could not be printed, and why."""

    papers: int = 0
    failures: dict[str, str] = field(default_factory=dict)


def print_due(seconds: float) -> dict[Company, Printed]:
    """Print what is due, for a while: a few for each company in turn, what waits longest first."""
    until, done, turns = monotonic() + seconds, dict[Company, Printed](), deque(_waiting())
    while turns and monotonic() < until:
        company = turns.popleft()
        if _printed_some(company, done.setdefault(company, Printed())):
            turns.append(company)
    return done


def _waiting() -> list[Company]:
    """Whose documents are to be printed; constant time when there are none."""
    ready = PaperDue.across_companies.ready(timezone.now()).values("company")
    keys = list(
        ready.annotate(oldest=Min("id")).order_by("oldest").values_list("company", flat=True)
    )
    companies = Company.objects.in_bulk(keys) if keys else {}
    return [companies[key] for key in keys]


def _printed_some(company: Company, printed: Printed) -> bool:
    """Print the next few; whether there may be more. What breaks here stops this company only."""
    try:
        taken = _taken(company)
        printed.papers += _printed(company, taken, printed.failures) if taken else 0
    except Exception as trouble:
        log.exception("printing failed", company=company.pk)
        words = f"Something went wrong ({type(trouble).__name__}); Carter’s log says what."
        printed.failures["Printing"] = words
        return False
    return bool(taken)


@transaction.atomic
def _taken(company: Company) -> list[PaperDue]:
    """The next few, which nobody else takes for a while.

    One that was tried before comes alone: should it bring down the process, it does so to no other.
    """
    rows = company.papers_due.ready(timezone.now()).order_by("id")
    rows = rows.select_related("invoice", "credit_note")
    found = list(rows.select_for_update(skip_locked=True, of=("self",))[:AT_ONCE])
    taken = list(takewhile(lambda each: not each.tries, found)) or found[:1]
    for each in taken:
        each.company = each.document.company = company
    if taken:
        _put_off(taken)
    return taken


def _put_off(taken: Sequence[PaperDue]) -> None:
    """Count the try before it is made, as it may be the end of this process."""
    tries, trouble = taken[0].tries, taken[0].trouble
    rows = PaperDue.across_companies.filter(pk__in=[each.pk for each in taken])
    rows.update(
        tries=tries + 1,
        due_at=timezone.now() + PAUSES[tries] if tries < len(PAUSES) else None,
        trouble=trouble or (STOPPED if tries else ""),
    )


def _printed(company: Company, taken: Sequence[PaperDue], failures: dict[str, str]) -> int:
    invoices, logo = [each.invoice for each in taken if each.invoice], logo_of(company)
    look_up(invoices)
    links = addresses_of(invoices)
    tried = [_tried(each, links.get(each.invoice_id or 0, ""), logo, failures) for each in taken]
    return keep(company, [paper for paper in tried if paper is not None])


def _tried(
    due: PaperDue, pay_link: str, logo: Logo | None, failures: dict[str, str]
) -> Paper | None:
    try:
        return paper_of(due.document, pay_link=pay_link, logo=logo)
    except CannotPrint as reason:
        why = str(reason)
    except Exception as trouble:
        log.exception("document not printed", paper_due=due.pk)
        why = f"Something went wrong ({type(trouble).__name__}); Carter’s log says what."
    failures[str(due)] = why
    due.company.papers_due.filter(pk=due.pk).update(trouble=why[:300])
    return None
