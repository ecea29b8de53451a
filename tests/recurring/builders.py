"""Schedules, and what they made, as one reads it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from zoneinfo import ZoneInfo

import time_machine

from carter.billing.lines import Line
from carter.billing.models import Invoice
from carter.companies.models import Company
from carter.customers.models import Customer
from carter.recurring.models import RecurringInvoice
from carter.recurring.scheduling import start_schedule
from carter.storage.models import StorageJob
from tests.builders import a_customer, a_storage_job


@contextmanager
def at(day: str, hour: int = 9) -> Iterator[None]:
    """The clock stands at an hour of a day in New York."""
    moment = datetime.fromisoformat(day).replace(hour=hour, tzinfo=ZoneInfo("America/New_York"))
    with time_machine.travel(moment, tick=False):
        yield


def storage(company: Company, name: str = "Bob Smith", *, since: str = "2026-01-01", **terms):
    """Goods in storage since a day, of a customer of its own unless one is given."""
    customer = terms.pop("customer", None) or a_customer(company, name)
    return a_storage_job(customer, on=date.fromisoformat(since), **terms)


def a_schedule(
    storage_job: StorageJob,
    *lines: Line,
    starts_on: str = "2026-01-01",
    cents: int = 10_000,
    **values,
) -> RecurringInvoice:
    """A schedule of a storage job, from a day on, at so much a month unless lines are given."""
    return start_schedule(
        storage_job,
        starts_on=date.fromisoformat(starts_on),
        lines=lines or [Line("storage", cents)],
        values=values,
        by=None,
    )


def invoiced(of: Company | Customer) -> list[tuple[str, str, str, str, int]]:
    """Every invoice: number, issued, due, what it says first, its total."""
    found = Invoice.across_companies.issued().filter(
        **{"company" if isinstance(of, Company) else "customer": of}
    )
    return [
        (
            invoice.code,
            str(invoice.issued_on),
            str(invoice.due_on),
            invoice.document["lines"][0]["description"],
            invoice.total_cents,
        )
        for invoice in found.order_by("number")
    ]
