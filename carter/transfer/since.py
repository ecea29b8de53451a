"""What people have done with imported customers since, and so what an undo must leave alone."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q

from carter.billing.models import Charge, Entry, PaymentPart
from carter.companies.models import Company
from carter.customers.following import FollowsCustomer, followers
from carter.customers.models import Customer, Event, Note
from carter.jobs.models import Job, JobLink, Stage
from carter.transfer.models import ImportBatch, ImportRow

MOMENTS = ("at", "created_at")
REASONED = (PaymentPart, Note, Event, Job, Charge)
"""The strongest reasons first; what hangs on one of these needs no words of its own."""


def reasons_to_stay(batch: ImportBatch, rows: Sequence[ImportRow]) -> dict[int, str]:
    """Why a created customer stays, by its id; those that nobody touched are not in it."""
    ids = [row.customer_id for row in rows if row.customer_id]
    reasons: dict[int, str] = {}
    for customer_id, reason in (*_merged(ids), *_moved_on(rows), *_linked(ids, batch.company)):
        reasons.setdefault(customer_id, reason)
    own = moments_of_imports(batch.company)
    for model in _kinds():
        for row in _made_since(model, ids, own):
            reasons.setdefault(row.born_to_id, _words(row, batch.company))
    return reasons


def moments_of_imports(company: Company) -> list[datetime]:
    """The moments that imports and their undos wrote on what they made."""
    pairs = company.imports.values_list("started_at", "undone_at")
    return sorted({moment for pair in pairs for moment in pair if moment})


def _kinds() -> Iterable[type[FollowsCustomer]]:
    yield from REASONED
    yield from (model for model in followers() if model not in (*REASONED, Entry))


def _made_since(model: type[FollowsCustomer], ids: list[int], own: list[datetime]) -> Iterable[Any]:
    """Rows of these customers that no import made."""
    names = {field.name for field in model._meta.concrete_fields}
    moment = next((name for name in MOMENTS if name in names), None)
    if moment is None:
        return
    rows: Any = model._base_manager.filter(born_to__in=ids).exclude(**{f"{moment}__in": own})
    yield from rows.select_related("by__user") if "by" in names else rows


def _merged(ids: list[int]) -> Iterable[tuple[int, str]]:
    edges = Q(pk__in=ids, merged_into__isnull=False) | Q(merged_into__in=ids)
    for record in Customer.across_companies.filter(edges).select_related("merged_into"):
        other = record.merged_into
        if other is not None:
            yield record.pk, f"was merged into {other.name}"
            yield other.pk, f"{record.name} was merged into it"


def _moved_on(rows: Sequence[ImportRow]) -> Iterable[tuple[int, str]]:
    """Leads that were linked to somebody else, or are no longer new."""
    for row in rows:
        job, customer_id = row.job, row.customer_id
        if job is None or customer_id is None:
            continue
        job.company = row.batch.company
        if job.born_to_id != customer_id:
            yield customer_id, f"{job} was linked to another customer"
        elif job.stage not in (Stage.NEW, Stage.IMPORT_UNDONE):
            yield customer_id, f"{job} is {job.get_stage_display().lower()}"


def _linked(ids: list[int], company: Company) -> Iterable[tuple[int, str]]:
    """Customers that a job came to, or would go back to."""
    ends = Q(from_customer__in=ids) | Q(to_customer__in=ids)
    links = JobLink.across_companies.filter(undone_at=None)
    for link in links.filter(ends).select_related("job"):
        link.job.company = company
        yield link.from_customer_id, f"{link.job} was linked to another customer"
        yield link.to_customer_id, f"{link.job} was linked to it"


def _words(row: Any, company: Company) -> str:
    match row:
        case Event():
            day = row.at.astimezone(company.zone)
            return f"{row.signature} {row.what} on {day:%B} {day.day}"
        case Note():
            return f"{row.signature} wrote a note"
        case Job():
            row.company = company
            return f"has {row} since"
        case _:
            return f"has a {row._meta.verbose_name} since"
