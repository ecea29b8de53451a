"""What a schedule invoices when: every day once, every line right to the cent.

CARTER_TEST_SPLITS sets how many periods are priced: 20,000 by default.
"""

import os
import random
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest

from carter.billing.rounding import half_even
from carter.recurring import amounts
from carter.recurring.amounts import PlannedLine, Price, Span
from carter.recurring.months import days_in, month_of
from carter.recurring.plan import Plan, bill_of, periods, upcoming

CASES = int(os.environ.get("CARTER_TEST_SPLITS", "20000"))


def a_line(cents=10_000, *, kind="storage", quantity=1_000, description="", taxed=False, later=()):
    prices = (Price(date.min, quantity, cents), *later)
    return PlannedLine(kind, description, taxed, prices)


def a_plan(starts_on=date(2026, 1, 1), *lines, **fields):
    fields.setdefault("bills_from_on", date(2020, 1, 1))
    return Plan(starts_on=starts_on, lines=lines or (a_line(),), **fields)


def billed(plan, count=24):
    return [
        (str(one.days.starts_on), str(one.billed_on), str(one.due_on), one.total_cents)
        for one in upcoming(plan, count=count)
    ]


def any_plan(chance):
    """A schedule as somebody might set one up, with prices, pauses and an end."""
    starts_on = date(2024, 1, 1) + timedelta(days=chance.randrange(1500))
    changes = sorted({starts_on + timedelta(days=chance.randrange(100)) for _ in range(2)})
    later = tuple(
        Price(day, chance.choice((1_000, 2_500)), chance.randrange(10**5))
        for day in changes[: chance.randint(0, 2)]
    )
    pause = starts_on + timedelta(days=chance.randrange(90))
    gone = Span(pause, pause + timedelta(days=chance.randint(1, 40)))
    return a_plan(
        starts_on,
        a_line(chance.randrange(1, 10**6), quantity=chance.choice((1_000, 3_333)), later=later),
        a_line(-chance.randrange(1, 500), kind="discount"),
        ends_on=starts_on + timedelta(days=chance.randint(1, 200)),
        months=chance.choice((1, 1, 2, 3, 6, 12)),
        anchor_day=chance.choice((1, starts_on.day, 29, 30, 31)),
        pauses=(gone,) if chance.random() < 0.5 else (),
    )


def exact(plan, line, days):
    """What the days cost by counting them one by one, as a fraction of a cent."""
    cents, day = Fraction(0), days.starts_on
    while day < days.ends_on:
        if not any(pause.starts_on <= day < pause.ends_on for pause in plan.pauses):
            price = line.price_on(day)
            month = days_in(month_of(day, plan.anchor_day), plan.anchor_day)
            cents += Fraction(price.quantity_thousandths * price.unit_price_cents, 1000 * month)
        day += timedelta(days=1)
    return cents


def wrong_periods(count=CASES):
    """How many lines of periods do not come to what their days cost, rounded half-even once."""
    chance, wrong, seen = random.Random(20_26), 0, 0
    while seen < count:
        plan = any_plan(chance)
        for days in periods(plan):
            lines = bill_of(plan, days).lines
            for line in plan.lines:
                cents = sum(each.net_cents for each in lines if each.kind == line.kind)
                cost = exact(plan, line, days)
                wrong += cents != half_even(cost.numerator, cost.denominator)
            seen += len(plan.lines)
    return wrong


def test_each_line_comes_to_what_its_days_cost():
    assert wrong_periods() == 0


def test_pieces_rounded_one_by_one_would_not(monkeypatch):
    monkeypatch.setattr(
        amounts, "apportion", lambda parts, of: [half_even(part, of) for part in parts]
    )

    assert wrong_periods(2_000) > 0


def test_no_day_is_missed_or_billed_twice():
    chance = random.Random(20_26)
    for _ in range(1_000):
        plan = any_plan(chance)
        found = list(periods(plan))
        assert found[0].starts_on == plan.starts_on
        assert found[-1].ends_on == plan.ends_on
        assert all(one.ends_on == two.starts_on for one, two in pairwise(found))


def test_from_the_first_of_the_month():
    assert billed(a_plan(), 3) == [
        ("2026-01-01", "2026-01-01", "2026-01-01", 10_000),
        ("2026-02-01", "2026-02-01", "2026-02-01", 10_000),
        ("2026-03-01", "2026-03-01", "2026-03-01", 10_000),
    ]


def test_the_first_month_by_the_day_or_whole():
    assert billed(a_plan(date(2026, 1, 17)), 2) == [
        ("2026-01-17", "2026-01-17", "2026-01-17", 4_839),
        ("2026-02-01", "2026-02-01", "2026-02-01", 10_000),
    ]
    assert billed(a_plan(date(2026, 1, 17), prorates_in=False), 1)[0][3] == 10_000


def test_the_last_month_by_the_day_or_whole():
    ends_on = date(2026, 2, 15)

    assert [cents for *_, cents in billed(a_plan(ends_on=ends_on))] == [10_000, 5_000]
    whole = a_plan(ends_on=ends_on, prorates_out=False)
    assert [cents for *_, cents in billed(whole)] == [10_000, 10_000]


def test_months_not_begun_are_not_billed_even_when_the_last_is_not_by_the_day():
    plan = a_plan(months=6, ends_on=date(2026, 2, 15), prorates_out=False)

    assert [cents for *_, cents in billed(plan)] == [20_000]


def test_from_the_31st_on_the_last_of_each_month():
    plan = a_plan(date(2026, 1, 31), anchor_day=31)

    assert [starts for starts, *_ in billed(plan, 5)] == [
        "2026-01-31",
        "2026-02-28",
        "2026-03-31",
        "2026-04-30",
        "2026-05-31",
    ]


def test_a_quarter_is_three_months_and_the_part_before_it_its_own():
    plan = a_plan(date(2026, 1, 17), a_line(10_000, quantity=2_000), months=3)
    first, second = upcoming(plan, count=2)

    assert (str(second.days.starts_on), second.total_cents) == ("2026-02-01", 60_000)
    assert second.lines[0].quantity_thousandths == 6_000
    assert second.lines[0].description == "Storage, Feb 1 – Apr 30, 2026"
    assert first.lines[0].description == "Storage, Jan 17 – 31, 2026 (15 days)"


def test_a_new_price_in_the_middle_of_a_period_is_a_charge_of_its_own():
    later = (Price(date(2026, 4, 11), 1_000, 13_000),)
    (april,) = upcoming(a_plan(date(2026, 4, 1), a_line(later=later)), count=1)

    assert [(line.description, line.net_cents) for line in april.lines] == [
        ("Storage, Apr 1 – 10, 2026 (10 days)", 3_333),
        ("Storage, Apr 11 – 30, 2026 (20 days)", 8_667),
    ]


def test_paused_days_cost_nothing_and_a_paused_period_has_no_charges():
    plan = a_plan(pauses=(Span(date(2026, 1, 11), date(2026, 3, 1)),))

    assert [cents for *_, cents in billed(plan, 3)] == [3_226, 0, 10_000]
    assert upcoming(plan, count=2)[1].lines == ()


@pytest.mark.parametrize(
    ("days_ahead", "terms", "dates"),
    [
        (0, "on-receipt", ("2026-02-01", "2026-02-01")),
        (10, "on-receipt", ("2026-01-22", "2026-02-01")),
        (10, "net-15", ("2026-01-22", "2026-02-06")),
        (0, "net-30", ("2026-02-01", "2026-03-03")),
    ],
)
def test_when_it_is_invoiced_and_due(days_ahead, terms, dates):
    second = billed(a_plan(days_ahead=days_ahead, terms=terms), 2)[1]

    assert second[1:3] == dates


def test_no_invoice_is_dated_before_the_schedule_was_set_up():
    plan = a_plan(bills_from_on=date(2026, 2, 10))

    assert [when for _, when, _, _ in billed(plan, 3)] == ["2026-02-10", "2026-02-10", "2026-03-01"]


def test_tax_is_rounded_once_for_all_lines():
    lines = (a_line(1_005, taxed=True), a_line(1_005, kind="handling", taxed=True))
    (one,) = upcoming(a_plan(date(2026, 1, 1), *lines, tax_rate_millionths=50_000), count=1)

    assert (one.net_cents, one.tax_cents) == (2_010, 100)
