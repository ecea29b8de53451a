"""Leads and jobs as a table."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import QuerySet

from carter.billing.balances import with_job_balances
from carter.companies.models import Company, Member
from carter.companies.rights import Right, require
from carter.jobs.models import Job, Stage
from carter.transfer.exporting.tables import Table, Value, amount

AT_ONCE = 500
SAID = (
    "name",
    "company_name",
    "phone",
    "email",
    "move_on",
    "flexibility",
    "origin_street",
    "origin_city",
    "origin_state",
    "origin_postcode",
    "destination_street",
    "destination_city",
    "destination_state",
    "destination_postcode",
    "extra_stops",
    "move_size",
    "distance",
    "lead_source",
    "intake_notes",
    "archive_reason",
)
COLUMNS = [
    "job_id",
    "stage",
    "category",
    "customer_id",
    "customer",
    *SAID,
    "services",
    "owner",
    "created",
    "booked",
]
MONEY = ["estimate", "charged", "balance"]


def jobs_table(company: Company, *, ids: Iterable[int] | None = None, by: Member | None) -> Table:
    """Leads and jobs of the company, or the chosen ones, with what was said at intake."""
    require(by, Right.EXPORT)
    jobs = company.jobs.moves().exclude(stage=Stage.IMPORT_UNDONE)
    if ids is not None:
        jobs = jobs.filter(pk__in=list(ids))
    money = by is None or by.may(Right.SEE_MONEY)
    rows = _rows(company, jobs, money=money)
    return Table("jobs", COLUMNS + (MONEY if money else []), rows)


def _rows(company: Company, jobs: QuerySet[Job], *, money: bool) -> Iterator[list[Value]]:
    for job in _each(with_job_balances(jobs) if money else jobs):
        job.company = job.customer.company = company
        row = _row(job)
        yield [*row, *_money(job)] if money else row


def _each(jobs: QuerySet[Any]) -> Iterator[Any]:
    """The jobs by number, read some hundred at a time, however many there are."""
    last = 0
    full = jobs.select_related("customer", "owner__user").order_by("number")
    while some := list(full.filter(number__gt=last)[:AT_ONCE]):
        yield from some
        last = some[-1].number


def _row(job: Job) -> list[Value]:
    return [
        job.code,
        job.get_stage_display(),
        job.category,
        job.customer.code,
        job.customer.name,
        *(_said(job, field) for field in SAID),
        ", ".join(job.service_labels),
        str(job.owner or ""),
        job.created_at.astimezone(job.company.zone),
        job.booked_at.astimezone(job.company.zone) if job.booked_at else None,
    ]


def _said(job: Job, field: str) -> Value:
    label = getattr(job, f"get_{field}_display", None)
    value: Value = label() if label else getattr(job, field)
    return value


def _money(job: Any) -> list[Value]:
    estimate = None if job.estimate_cents is None else amount(job.estimate_cents)
    return [estimate, amount(job.charged_cents), amount(job.balance_cents)]
