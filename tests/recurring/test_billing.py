"""Every period is invoiced once, when it is due, as the preview said."""

from datetime import date, timedelta

import pytest

from carter.billing.lines import Line
from carter.billing.models import Charge, Invoice
from carter.recurring.billing import bill_due
from carter.recurring.models import SchedulePeriod
from carter.recurring.planned import next_invoices, prepaid_through, preview
from tests.builders import a_payment
from tests.recurring.builders import a_schedule, at, invoiced, storage


def day_by_day(company, first, last):
    """Let the clock run, and invoice what is due every day."""
    day = date.fromisoformat(first)
    while day <= date.fromisoformat(last):
        with at(str(day)):
            bill_due(company, company.today)
        day += timedelta(days=1)


def test_a_schedule_invoices_month_after_month(ours):
    with at("2026-01-17"):
        bob = storage(ours, since="2026-01-17")
        a_schedule(bob, starts_on="2026-01-17", days_ahead=5)
    day_by_day(ours, "2026-01-18", "2026-03-01")

    assert invoiced(ours) == [
        ("INV-1", "2026-01-17", "2026-01-17", "Storage, Jan 17 – 31, 2026 (15 days)", 4_839),
        ("INV-2", "2026-01-27", "2026-02-01", "Storage, Feb 1 – 28, 2026", 10_000),
        ("INV-3", "2026-02-24", "2026-03-01", "Storage, Mar 1 – 31, 2026", 10_000),
    ]


def test_one_day_is_written_as_one(ours):
    with at("2026-01-31"):
        a_schedule(storage(ours, since="2026-01-31"), starts_on="2026-01-31")

    assert [said for _, _, _, said, _ in invoiced(ours)] == ["Storage, Jan 31, 2026 (1 day)"]


def test_after_two_weeks_off_it_is_as_if_it_had_never_been_off(ours, theirs):
    books = []
    for company, days in ((ours, None), (theirs, ["2026-02-05", "2026-02-20"])):
        with at("2026-01-05"):
            for name, anchor in (("Bob Smith", 1), ("Ann Lee", 7), ("Mary Jones", 31)):
                bob = storage(company, name, since="2026-01-05")
                a_schedule(bob, starts_on="2026-01-05", anchor_day=anchor, days_ahead=3)
        if days is None:
            day_by_day(company, "2026-01-05", "2026-02-20")
        for day in days or ():
            with at(day):
                bill_due(company, company.today)
        books.append(invoiced(company))

    assert books[0] == books[1]
    assert len(books[0]) == 7


def test_however_often_it_is_started(ours):
    with at("2026-01-01"):
        a_schedule(storage(ours))
        for _ in range(5):
            bill_due(ours, ours.today)

    assert len(invoiced(ours)) == 1


@pytest.mark.parametrize(
    "values",
    [
        {"anchor_day": 31},
        {"months": 3, "days_ahead": 10, "terms": "net-15"},
        {"prorates_in": False, "ends_on": date(2026, 9, 12), "prorates_out": False},
        {"months": 2, "anchor_day": 15, "ends_on": date(2026, 10, 3)},
    ],
)
def test_the_preview_is_what_is_billed(ours, values):
    ours.tax_rate_millionths = 88_100
    ours.save()
    lines = [Line("storage", 8_533, 2_000, is_taxed=True), Line("discount", -1_000)]
    with at("2026-01-31"):
        bob = storage(ours, since="2026-01-31")
        shown = preview(ours, starts_on=date(2026, 1, 31), lines=lines, values=values)
        schedule = a_schedule(bob, *lines, starts_on="2026-01-31", **values)
    for when in sorted({one.billed_on for one in shown}):
        with at(str(when)):
            bill_due(ours, when)

    made = Invoice.across_companies.issued().order_by("number")
    assert [
        (str(one.billed_on), str(one.due_on), one.lines[0].description, one.total_cents)
        for one in shown
    ] == [row[1:] for row in invoiced(ours)]
    assert [one.days.starts_on for one in shown] == [
        period.starts_on for period in schedule.periods.all()
    ]
    assert [period.invoice for period in schedule.periods.all()] == list(made)


def test_money_held_for_the_storage_pays_it_ahead(ours):
    with at("2026-01-01"):
        bob = storage(ours)
        a_payment(bob.job, 25_000)
        schedule = a_schedule(bob)
        held = sum(part.unapplied_cents for part in bob.job.payment_parts.unapplied())

        assert held == 15_000
        assert prepaid_through(next_invoices(schedule), held) == date(2026, 2, 28)
    with at("2026-02-01"):
        bill_due(ours, ours.today)

    assert [invoice.refreshed().open_cents for invoice in Invoice.across_companies.all()] == [0, 0]


def test_a_paused_period_is_a_period_without_an_invoice(ours, ada):
    with at("2026-01-01"):
        schedule = a_schedule(storage(ours))
        schedule.pauses.create(company=ours, from_on=date(2026, 2, 1), until_on=date(2026, 3, 1))
    with at("2026-03-01"):
        bill_due(ours, ours.today)

    assert [str(period.starts_on) for period in schedule.periods.filter(invoice=None)] == [
        "2026-02-01"
    ]
    assert [total for *_, total in invoiced(ours)] == [10_000, 10_000]


def test_one_that_fails_keeps_no_other_from_being_invoiced(ours):
    with at("2026-01-01"):
        bad = a_schedule(storage(ours, "Bob Smith"))
        a_schedule(storage(ours, "Ann Lee"))
        bad.lines.update(quantity_thousandths=10**12)
    with at("2026-02-01"):
        billed = bill_due(ours, ours.today)

    assert (billed.invoices, billed.cents) == (1, 10_000)
    assert billed.failures == {bad.pk: "A quantity is more than zero and at most a million."}
    assert bad.periods.count() == 1


def test_books_that_are_closed_meanwhile_get_nothing_any_more(ours):
    with at("2026-01-01"):
        a_schedule(storage(ours))
    ours.books_closed_through = date(2026, 2, 10)
    ours.save()
    with at("2026-02-15"):
        bill_due(ours, ours.today)

    assert invoiced(ours)[1][1] == "2026-02-11"


def test_without_the_unique_period_two_runs_would_bill_twice(ours, monkeypatch):
    """The control of the race: a run that saw the period due before the other billed it."""
    with at("2026-01-01"):
        schedule = a_schedule(storage(ours))
        late = type(schedule)._base_manager.filter(pk=schedule.pk)
        late.update(next_starts_on=schedule.starts_on, next_bill_on=schedule.starts_on)
        billed = bill_due(ours, ours.today)

    assert billed.failures == {schedule.pk: "Something went wrong (IntegrityError)."}
    assert (SchedulePeriod.across_companies.count(), Charge.across_companies.count()) == (1, 1)
