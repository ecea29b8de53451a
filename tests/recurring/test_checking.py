"""`carter check` finds what is wrong with recurring invoices, and nothing else."""

from datetime import date

import pytest

from carter.recurring.checking import RULES
from carter.recurring.models import RecurringInvoice, SchedulePeriod
from carter.recurring.moving_out import move_out
from carter.recurring.prices import change_price
from carter.recurring.ticking import tick
from tests.recurring.builders import a_schedule, at, everything_recurring, storage


def broken():
    return [rule.says for rule in RULES if rule.broken_by()[0]]


@pytest.fixture
def a_book(ours, ada):
    """Schedules that run, are paused, rose in price, and ended in a move-out."""
    ours.has_storage = True
    ours.save()
    with at("2026-01-01"):
        everything_recurring(storage(ours, "Ann Lee"), "Fire")
        gone = storage(ours, "Rick Grimes")
        a_schedule(gone, months=3)
        schedule = a_schedule(storage(ours), anchor_day=15, days_ahead=4)
        line = schedule.lines.get()
        change_price(line, from_on=date(2026, 2, 20), unit_price_cents=12_000, by=ada)
    with at("2026-02-11"):
        move_out(gone, on=date(2026, 2, 11), by=ada)
    with at("2026-04-01"):
        tick()
    return schedule


def test_nothing_is_wrong_with_a_book_that_was_kept_by_the_deeds(a_book):
    assert broken() == []


def changed(model, **fields):
    def change(schedule):
        found = {RecurringInvoice: {"pk": schedule.pk}}.get(model, {"schedule": schedule})
        rows = model.across_companies.filter(**found)
        model.across_companies.filter(pk=rows.order_by("-id")[0].pk).update(**fields)

    return change


def doubled(schedule):
    last = schedule.periods.last()
    last.pk, last.invoice, last.amount_cents = None, None, 0
    last.starts_on = last.starts_on.replace(day=last.starts_on.day + 1)
    last.save()


@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        (doubled, 0),
        (changed(SchedulePeriod, ends_on=date(2026, 6, 1)), 1),
        (changed(SchedulePeriod, amount_cents=1), 2),
        (changed(RecurringInvoice, ends_on=date(2026, 1, 2)), 4),
        (changed(RecurringInvoice, next_bill_on=date(2030, 1, 1)), 6),
    ],
)
def test_each_rule_finds_what_breaks_it(a_book, wrong, found):
    wrong(a_book)

    assert RULES[found].says in broken()


def test_an_invoice_of_another_job_is_found(a_book):
    other = RecurringInvoice.across_companies.exclude(pk=a_book.pk).first()
    RecurringInvoice.across_companies.filter(pk=other.pk).update(ends_on=date(2026, 1, 2))
    RecurringInvoice.across_companies.filter(pk=a_book.pk).update(storage_job=other.storage_job)

    assert RULES[3].says in broken()


def test_two_schedules_at_once_are_found(a_book):
    other = RecurringInvoice.across_companies.filter(ends_on__isnull=False).first()
    RecurringInvoice.across_companies.filter(pk=other.pk).update(storage_job=a_book.storage_job)

    assert RULES[5].says in broken()
