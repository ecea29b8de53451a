"""Storage jobs as a table."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Prefetch, QuerySet

from carter.companies.models import Company, Member
from carter.companies.rights import Right, require
from carter.storage.models import StorageJob
from carter.storage.owing import with_storage_balances
from carter.transfer.exporting.tables import Table, Value, amount

AT_ONCE = 500
SAID = ("name", "company_name", "phone", "email", "lead_source", "intake_notes")
COLUMNS = [
    "storage_job_id",
    "stage",
    "customer_id",
    "customer",
    "type",
    "move_in",
    "move_out",
    "volume",
    "locations",
    *SAID,
    "owner",
    "created",
]
MONEY = ["monthly_price", "charged", "balance"]


def storage_table(
    company: Company, *, ids: Iterable[int] | None = None, by: Member | None
) -> Table:
    """Storage jobs of the company, or the chosen ones, with where the goods are."""
    require(by, Right.EXPORT)
    stored = company.storage_jobs.all()
    if ids is not None:
        stored = stored.filter(pk__in=list(ids))
    money = by is None or by.may(Right.SEE_MONEY)
    rows = _rows(company, stored, money=money)
    return Table("storage-jobs", COLUMNS + (MONEY if money else []), rows)


def _rows(company: Company, stored: QuerySet[StorageJob], *, money: bool) -> Iterator[list[Value]]:
    for row in _each(company, with_storage_balances(stored) if money else stored):
        row.company = row.job.company = row.job.customer.company = company
        yield [*_row(row), *_money(row)] if money else _row(row)


def _each(company: Company, stored: QuerySet[Any]) -> Iterator[Any]:
    """The storage jobs as they were taken, read some hundred at a time."""
    last = 0
    stays = company.stays.standing().select_related("location__zone__warehouse")
    full = stored.select_related("job__customer", "job__owner__user").prefetch_related(
        Prefetch("stays", stays.order_by("location__name"), to_attr="places")
    )
    while some := list(full.filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        yield from some
        last = some[-1].pk


def _row(row: Any) -> list[Value]:
    job = row.job
    return [
        job.code,
        job.get_stage_display(),
        job.customer.code,
        job.customer.name,
        row.get_type_display(),
        row.move_in_on,
        row.move_out_on,
        row.volume,
        ", ".join(str(stay.location) for stay in row.places),
        *(getattr(job, field) for field in SAID),
        str(job.owner or ""),
        job.created_at.astimezone(row.company.zone),
    ]


def _money(row: Any) -> list[Value]:
    price = row.monthly_price_cents
    return [
        None if price is None else amount(price),
        amount(row.charged_cents),
        amount(row.balance_cents),
    ]
