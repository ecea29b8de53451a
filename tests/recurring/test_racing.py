"""Many runs at the same moment: on PostgreSQL, where they really are at once.

CARTER_TEST_RACES sets how many periods are contested: 100 by default.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial

import pytest
from django.db import connection

from carter.recurring import billing
from carter.recurring.billing import bill_due
from carter.recurring.ending import end_schedule
from carter.recurring.models import RecurringInvoice, SchedulePeriod
from tests.billing.test_racing import assert_that_all_agrees
from tests.builders import a_customer
from tests.racing import at_once
from tests.recurring.builders import a_schedule, at, storage

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

RACES = int(os.environ.get("CARTER_TEST_RACES", "100"))
SCHEDULES, WORKERS = 10, 4
ONCE = next(each for each in SchedulePeriod._meta.constraints if each.name == "period_billed_once")


def contest(company, races=RACES) -> int:
    """Four runs at once, month after month; how many periods were invoiced more than once."""
    customer = a_customer(company)
    with at("2026-01-01"):
        for _ in range(SCHEDULES):
            a_schedule(storage(company, customer=customer), starts_on="2026-02-01")
    day = date(2026, 2, 1)
    for _ in range(-(-races // SCHEDULES)):
        with at(str(day)):
            at_once(*[partial(bill_due, company, day)] * WORKERS)
        day = (day + timedelta(days=31)).replace(day=1)
    periods = SchedulePeriod.across_companies.values_list("schedule", "starts_on")
    return periods.count() - periods.distinct().count()


@contextmanager
def without_the_unique_period() -> Iterator[None]:
    with connection.schema_editor() as editor:
        editor.remove_constraint(SchedulePeriod, ONCE)
    try:
        yield
    finally:
        SchedulePeriod.across_companies.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(SchedulePeriod, ONCE)


def unlocked(company, ids, day):
    """The schedules as somebody would read them who forgot the locks."""
    found = company.recurring_invoices.filter(pk__in=list(ids)).due(day).order_by("id")
    schedules = list(found.select_related("storage_job__job__customer__company", "method"))
    for schedule in schedules:
        schedule.company = company
    return schedules


def test_many_runs_at_once_bill_each_period_once(ours):
    assert contest(ours) == 0
    assert SchedulePeriod.across_companies.count() == RACES
    assert_that_all_agrees()


def test_the_unique_period_alone_would_do(ours, monkeypatch):
    monkeypatch.setattr(billing, "_locked", unlocked)

    assert contest(ours, 30) == 0


def test_the_locks_alone_would_do(ours):
    with without_the_unique_period():
        assert contest(ours, 30) == 0


def test_without_both_periods_would_be_billed_twice(ours, monkeypatch):
    monkeypatch.setattr(billing, "_locked", unlocked)
    with without_the_unique_period():
        assert contest(ours, 30) > 0


def test_a_run_and_somebody_who_ends_it_at_once(ours):
    """Either the month is invoiced and given back, or it never was."""
    with at("2026-01-01"):
        schedules = [a_schedule(storage(ours), starts_on="2026-02-01") for _ in range(10)]
    with at("2026-02-01"):
        for schedule in schedules:
            at_once(
                partial(bill_due, ours, date(2026, 2, 1)),
                partial(end_schedule, schedule, on=date(2026, 2, 1), by=None),
            )

    assert all(period.credited_cents == 10_000 for period in ours.schedule_periods.all())
    assert not RecurringInvoice.across_companies.running().exists()
    assert_that_all_agrees()
