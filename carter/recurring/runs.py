"""What a run did, written down for people to read."""

from dataclasses import dataclass, field
from datetime import date, datetime

from carter.companies.models import Company
from carter.recurring.models import TickRun


@dataclass
class Done:
    """What a step did, by what it is called on screen, and what failed: about what, and why."""

    did: dict[str, int] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)


def written_down(company: Company, today: date, started_at: datetime, done: Done) -> TickRun | None:
    """The run, when it did something or something new failed."""
    did = {what: count for what, count in done.did.items() if count}
    failures = [{"about": about, "why": why} for about, why in done.failures.items()]
    if not did and (not failures or failures == _last_failures(company)):
        return None
    run = TickRun(
        company=company, through_on=today, started_at=started_at, did=did, failures=failures
    )
    run.save()
    return run


def _last_failures(company: Company) -> list[dict[str, str]]:
    """What failed in the last run: not written down again every minute."""
    last: TickRun | None = company.tick_runs.filter(is_held=False).first()
    return last.failures if last else []
