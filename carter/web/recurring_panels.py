"""What a storage job’s page and a customer’s **Invoices** show of recurring invoices."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from carter.customers.models import Customer
from carter.recurring.delinquency import timeline_of
from carter.recurring.models import RecurringInvoice
from carter.recurring.plan import Upcoming
from carter.recurring.planned import next_invoices, prepaid_through
from carter.storage.models import StorageJob


@dataclass(frozen=True)
class Shown:
    """A recurring invoice, what it invoices next, and through when that is paid already."""

    schedule: RecurringInvoice
    next: Upcoming | None
    prepaid_through: date | None = None


def panel_of(storage_job: StorageJob) -> dict[str, Any]:
    """The panel **Recurring Invoices** of a storage job: the last one, and what is late."""
    rows = _with_plans(storage_job.recurring_invoices.all()).order_by("-id")
    schedule = rows.first()
    if schedule is not None:
        schedule.company, schedule.storage_job = storage_job.company, storage_job
    return {
        "shown": _shown(schedule, _held_for(storage_job)) if schedule else None,
        "timeline": timeline_of(storage_job),
        "can_start": schedule is None or schedule.ends_on is not None,
    }


def schedules_of(customer: Customer) -> list[Shown]:
    """The running recurring invoices of a customer."""
    company = customer.company
    rows = company.recurring_invoices.running().filter(storage_job__job__customer=customer)
    found = list(_with_plans(rows).select_related("storage_job__job", "method").order_by("id"))
    for schedule in found:
        schedule.company = schedule.storage_job.job.company = company
    return [_shown(schedule) for schedule in found]


def _with_plans(rows: Any) -> Any:
    return rows.select_related("method").prefetch_related("lines__changes", "pauses")


def _shown(schedule: RecurringInvoice, held_cents: int = 0) -> Shown:
    coming = next_invoices(schedule) if schedule.is_running else []
    paid = prepaid_through(coming, held_cents) if held_cents else None
    return Shown(schedule, coming[0] if coming else None, paid)


def _held_for(storage_job: StorageJob) -> int:
    """Money paid for the storage job that no invoice has used yet."""
    parts = storage_job.job.payment_parts.unapplied()
    return sum(part.unapplied_cents for part in parts)
