"""Move-out ends billing and makes the last invoice or the credit in the same action."""

from datetime import date

import pytest

from carter.billing.balances import balance_of
from carter.billing.lines import Line
from carter.billing.models import Invoice, Payment
from carter.companies.rights import NotAllowed, Role
from carter.jobs.models import Stage
from carter.recurring.billing import bill_due
from carter.recurring.leaving import CannotMoveOut, plan_move_out
from carter.recurring.moving_out import move_out
from carter.recurring.scheduling import change_schedule
from tests.builders import a_member, a_payment, some_locations
from tests.recurring.builders import a_schedule, at, invoiced, storage


def notes(company):
    found = Payment.across_companies.filter(company=company, kind=Payment.Kind.CREDIT_NOTE)
    return [(note.code, note.description, note.amount_cents) for note in found.order_by("number")]


def later(company, day):
    with at(day):
        bill_due(company, company.today)


def test_what_was_invoiced_of_the_days_after_is_credited(ours, ada):
    with at("2026-01-01"):
        bob = storage(ours, locations=some_locations(ours))
        schedule = a_schedule(bob)
    with at("2026-01-21"):
        plan = plan_move_out(bob, on=date(2026, 1, 21))
        move_out(bob, on=date(2026, 1, 21), seen=plan.seen, by=ada)

    assert (plan.billed_cents, plan.back_cents) == (0, 3_548)
    assert notes(ours) == [("CN-1", "Storage until Jan 21, 2026", 3_548)]
    assert balance_of(bob.customer) == 6_452
    bob = bob.refreshed()
    assert (bob.job.stage, bob.move_out_on) == (Stage.MOVED_OUT, date(2026, 1, 21))
    assert {stay.end_on for stay in bob.stays.all()} == {date(2026, 1, 21)}
    assert schedule.refreshed().next_bill_on is None
    later(ours, "2026-03-15")
    assert len(invoiced(ours)) == 1


def test_days_not_invoiced_yet_are_invoiced_at_once(ours, ada):
    with at("2026-01-05"):
        bob = storage(ours, since="2026-01-05")
        a_schedule(bob, starts_on="2026-01-05", anchor_day=5)
    with at("2026-02-20"):
        plan = plan_move_out(bob, on=date(2026, 2, 20))
        move_out(bob, on=date(2026, 2, 20), seen=plan.seen, by=ada)

    assert [bill.total_cents for bill in plan.bills] == [5_357]
    assert invoiced(ours)[1:] == [
        ("INV-2", "2026-02-20", "2026-02-20", "Storage, Feb 5 – 19, 2026 (15 days)", 5_357)
    ]
    later(ours, "2026-05-15")
    assert (len(invoiced(ours)), notes(ours)) == (2, [])


def test_a_paid_month_leaves_money_to_give_back(ours, ada):
    with at("2026-01-01"):
        bob = storage(ours)
        a_schedule(bob)
        a_payment(bob.job, 10_000)
    with at("2026-01-16"):
        move_out(bob, on=date(2026, 1, 16), by=ada)

    assert balance_of(bob.customer) == -5_161


def test_when_the_last_month_is_not_by_the_day_nothing_is_given_back(ours, ada):
    with at("2026-01-01"):
        bob = storage(ours)
        a_schedule(bob, prorates_out=False, months=3)
    with at("2026-02-16"):
        move_out(bob, on=date(2026, 2, 16), by=ada)

    assert notes(ours) == [("CN-1", "Storage until Feb 16, 2026", 10_000)]


def test_goods_that_never_began_to_be_billed(ours, ada):
    with at("2026-01-01"):
        bob = storage(ours)
        schedule = a_schedule(bob, starts_on="2026-02-01")
    with at("2026-01-20"):
        move_out(bob, on=date(2026, 1, 20), by=ada)
    later(ours, "2026-04-01")

    assert (invoiced(ours), notes(ours)) == ([], [])
    assert schedule.refreshed().ends_on == date(2026, 2, 1)


def test_some_of_the_goods_go_and_the_rest_costs_less(ours, ada):
    locations = some_locations(ours)
    with at("2026-01-01"):
        bob = storage(ours, locations=locations)
        a_schedule(bob, Line("storage", 9_000), Line("handling", 1_000))
    with at("2026-01-21"):
        plan = plan_move_out(
            bob, on=date(2026, 1, 21), locations=locations[:2], new_monthly_price_cents=4_001
        )
        move_out(
            bob,
            on=date(2026, 1, 21),
            locations=locations[:2],
            new_monthly_price_cents=4_001,
            seen=plan.seen,
            by=ada,
        )
    later(ours, "2026-02-01")

    assert notes(ours) == [("CN-1", "Partly moved out on Jan 21, 2026", 2_129)]
    assert plan.back_cents == 2_129
    bob = bob.refreshed()
    assert (bob.job.stage, bob.monthly_price_cents) == (Stage.PARTLY_OUT, 4_001)
    assert [stay.location for stay in bob.stays.standing()] == locations[2:]
    february = Invoice.across_companies.get(number=2)
    assert [line["amount_cents"] for line in february.document["lines"]] == [3_601, 400]


def test_out_in_two_steps_credits_each_day_once(ours, ada):
    locations = some_locations(ours)
    with at("2026-01-01"):
        bob = storage(ours, locations=locations)
        a_schedule(bob, cents=31_000)
    with at("2026-01-11"):
        move_out(
            bob,
            on=date(2026, 1, 11),
            locations=locations[:1],
            new_monthly_price_cents=15_500,
            by=ada,
        )
    with at("2026-01-21"):
        move_out(bob, on=date(2026, 1, 21), by=ada)

    assert [cents for *_, cents in notes(ours)] == [10_500, 5_500]
    assert balance_of(bob.customer) == 10 * 1_000 + 10 * 500


def test_tax_is_given_back_at_the_rate_it_was_charged_with(ours, ada):
    ours.tax_rate_millionths = 100_000
    ours.save()
    with at("2026-01-01"):
        bob = storage(ours)
        a_schedule(bob, Line("storage", 31_000, is_taxed=True))
    ours.tax_rate_millionths = 200_000
    ours.save()
    with at("2026-01-11"):
        move_out(bob, on=date(2026, 1, 11), by=ada)

    assert balance_of(bob.customer) == 11_000


def test_nothing_is_done_when_it_is_no_longer_what_was_seen(ours, ada):
    with at("2026-01-05"):
        bob = storage(ours, since="2026-01-05")
        a_schedule(bob, starts_on="2026-01-05", anchor_day=5)
    with at("2026-02-07"):
        plan = plan_move_out(bob, on=date(2026, 2, 7))
        bill_due(ours, ours.today)
        with pytest.raises(CannotMoveOut, match="Look at it again"):
            move_out(bob, on=date(2026, 2, 7), seen=plan.seen, by=ada)

    assert bob.refreshed().job.stage == Stage.IN_STORAGE


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"on": date(2026, 1, 22)}, "choose today or earlier"),
        ({"on": date(2025, 12, 1)}, "They moved in on Jan 1, 2026"),
        ({"locations": "all"}, "move everything out"),
        ({"locations": "none"}, "Choose the locations"),
        ({"locations": "others"}, "not held by it any more"),
        ({"locations": "one", "new_monthly_price_cents": 20_000}, "invoiced already"),
    ],
)
def test_what_makes_no_sense_is_refused(ours, ada, asked, words):
    locations = some_locations(ours)
    places = {"all": locations, "none": [], "others": some_locations(ours), "one": locations[:1]}
    with at("2026-01-01"):
        bob = storage(ours, locations=locations)
        a_schedule(bob)
    with at("2026-01-21"):
        asked = {"on": date(2026, 1, 21), **asked}
        if "locations" in asked:
            asked["locations"] = places[asked["locations"]]
        with pytest.raises(CannotMoveOut, match=words):
            plan_move_out(bob, **asked)
        with pytest.raises(CannotMoveOut, match=words):
            move_out(bob, **asked, by=ada)


def test_who_may_not_take_payments_may_not_move_out(ours):
    with at("2026-01-01"):
        bob = storage(ours)
        with pytest.raises(NotAllowed):
            move_out(bob, on=date(2026, 1, 1), by=a_member(ours, Role.DISPATCHER))


def test_a_month_is_given_back_by_the_days_it_had_when_it_was_invoiced(ours, ada):
    with at("2026-02-01"):
        bob = storage(ours, since="2026-02-01")
        schedule = a_schedule(bob, starts_on="2026-02-01", cents=28_000)
        change_schedule(schedule, values={"anchor_day": 15}, was={"anchor_day": 1}, by=ada)
    with at("2026-02-15"):
        move_out(bob, on=date(2026, 2, 15), by=ada)

    assert [cents for *_, cents in notes(ours)] == [14_000]
