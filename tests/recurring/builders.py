"""Schedules, and what they made, as one reads it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import time_machine
from django.utils import timezone

from carter.billing.lines import Line
from carter.billing.models import Invoice
from carter.companies.models import Company
from carter.customers.models import Customer
from carter.recurring.models import LateFee, RecurringInvoice, TickRun
from carter.recurring.pausing import pause_schedule
from carter.recurring.prices import change_price
from carter.recurring.scheduling import start_schedule
from carter.storage.models import StorageJob
from tests.builders import a_charge, a_customer, a_storage_job


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


def everything_recurring(storage_job: StorageJob, words: str) -> RecurringInvoice:
    """A schedule with all that can hang on one, each with words to look for."""
    company = storage_job.company
    schedule = start_schedule(
        storage_job,
        starts_on=company.today,
        lines=[Line("storage", 10_000, description=words[:200]), Line("discount", -500)],
        values={"notes": words, "purchase_order": words[:60], "anchor_day": 31},
        by=None,
    )
    first = schedule.next_starts_on
    change_price(schedule.lines.first(), from_on=first, unit_price_cents=12_345, by=None)
    pause_schedule(schedule, from_on=first + timedelta(days=40), reason=words[:300], by=None)
    invoice = schedule.periods.get().invoice
    charge = a_charge(storage_job.job, 2_500, kind="late-fee", description=words[:300])
    LateFee(company=company, invoice=invoice, on=company.today, charge=charge).save()
    failures = [{"about": words, "why": words}]
    now = timezone.now()
    for is_held in (False, True):
        TickRun(
            company=company,
            through_on=company.today,
            started_at=now,
            did={} if is_held else {"invoices": 3},
            failures=[] if is_held else failures,
            is_held=is_held,
            planned=1_234,
        ).save()
    return schedule
