"""A round of printing what was issued, written down like any other run."""

from collections.abc import Iterator
from datetime import datetime

import structlog
from django.utils import timezone

from carter.companies.models import Company
from carter.paperwork.printing import Printed, print_due
from carter.recurring.models import TickRun
from carter.recurring.runs import Done, written_down

log = structlog.get_logger(__name__)

ROUND_SECONDS = 20
"""Then the worker looks after its other chores, and comes back."""


def print_papers(seconds: float = ROUND_SECONDS) -> list[TickRun]:
    """Print what was issued and is not printed yet, for a while; a run for each company."""
    started_at = timezone.now()
    return list(_runs(print_due(seconds), started_at))


def _runs(printed: dict[Company, Printed], started_at: datetime) -> Iterator[TickRun]:
    for company, some in printed.items():
        done = Done({"papers printed": some.papers}, some.failures)
        try:
            run = written_down(company, company.today, started_at, done)
        except Exception:
            log.exception("run not written down", company=company.pk)
        else:
            if run is not None:
                yield run
