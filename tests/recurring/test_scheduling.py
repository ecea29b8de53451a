"""Setting up, changing, pricing, pausing and ending a recurring invoice."""

from datetime import date

import pytest

from carter.billing.balances import balance_of
from carter.billing.crediting import credit_invoice
from carter.billing.lines import Line
from carter.companies.rights import NotAllowed, Role
from carter.customers.changing import ChangedMeanwhile
from carter.recurring.billing import bill_due
from carter.recurring.ending import end_schedule, keep_going
from carter.recurring.locking import CannotSchedule
from carter.recurring.pausing import end_pause, pause_schedule
from carter.recurring.prices import change_price, withdraw_change
from carter.recurring.scheduling import change_schedule
from tests.builders import a_customer, a_member, a_storage_job
from tests.gateway.builders import a_stored_method
from tests.recurring.builders import a_schedule, at, invoiced, storage


@pytest.fixture(autouse=True)
def the_day():
    with at("2026-01-17"):
        yield


@pytest.fixture
def bob(ours):
    return storage(ours, since="2026-01-17")


@pytest.fixture
def schedule(bob):
    return a_schedule(bob, starts_on="2026-01-17")


def later(company, day):
    with at(day):
        bill_due(company, company.today)
    return [total for *_, total in invoiced(company)]


def test_what_is_due_is_invoiced_as_it_is_set_up(ours, bob):
    with at("2026-03-10"):
        schedule = a_schedule(bob, starts_on="2026-01-17")

    assert [row[1:3] for row in invoiced(ours)] == [("2026-03-10", "2026-03-10")] * 3
    assert schedule.next_starts_on == date(2026, 4, 1)
    assert bob.job.events.filter(what="set up Recurring Invoices from Jan 17, 2026").exists()


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([Line("storage", 0)], "A charge is more than zero"),
        ([Line("storage", 100), Line("discount", -200)], "more than what is charged"),
        ([Line("discount", 200)], "A discount is less than zero"),
    ],
)
def test_lines_that_cannot_be_charged_are_refused(ours, bob, lines, words):
    with pytest.raises(CannotSchedule, match=words):
        a_schedule(bob, *lines, starts_on="2026-01-17")

    assert not ours.recurring_invoices.exists()


def test_one_at_a_time(bob, schedule, ada):
    with pytest.raises(CannotSchedule, match="has a Recurring Invoice already"):
        a_schedule(bob, starts_on="2026-02-01")
    end_schedule(schedule, on=date(2026, 2, 1), by=ada)
    with pytest.raises(CannotSchedule, match="is invoiced until Feb 1, 2026"):
        a_schedule(bob, starts_on="2026-01-31")

    assert a_schedule(bob, starts_on="2026-02-01", cents=12_000).is_running
    with pytest.raises(CannotSchedule, match="Another Recurring Invoice goes on from there"):
        keep_going(schedule, by=ada)


def test_auto_pay_wants_a_card_of_the_customer(ours, bob, schedule):
    invoice = schedule.periods.get().invoice
    card = a_stored_method(invoice, brand="Visa")
    other = storage(ours, "Ann Lee", since="2026-01-17")

    with pytest.raises(CannotSchedule, match="choose a card"):
        a_schedule(other, starts_on="2026-01-17", auto_pay=True)
    with pytest.raises(CannotSchedule, match="is not on file for Ann Lee"):
        a_schedule(other, starts_on="2026-01-17", auto_pay=True, method=card)


def test_goods_that_went_are_not_invoiced(ours):
    called_off = a_storage_job(a_customer(ours))
    type(called_off.job)._base_manager.filter(pk=called_off.pk).update(stage="called-off")

    with pytest.raises(CannotSchedule, match="is called off"):
        a_schedule(called_off, starts_on="2026-01-17")


def test_a_change_counts_from_the_next_period_on(ours, schedule, ada):
    was = {"anchor_day": 1, "days_ahead": 0, "months": 1}
    values = {"anchor_day": 15, "days_ahead": 10, "months": 3}
    change_schedule(schedule, values=values, was=was, by=ada)

    with pytest.raises(ChangedMeanwhile):
        change_schedule(schedule, values={"months": 6}, was={"months": 1}, by=ada)
    assert later(ours, "2026-02-05") == [4_839, 4_516, 30_000]
    assert [row[1] for row in invoiced(ours)] == ["2026-01-17", "2026-01-22", "2026-02-05"]


def test_a_price_changes_from_a_day_not_invoiced_yet(ours, schedule, ada):
    line = schedule.lines.get()
    with pytest.raises(CannotSchedule, match="Choose Feb 1, 2026 or later"):
        change_price(line, from_on=date(2026, 1, 31), unit_price_cents=1, by=ada)
    with pytest.raises(CannotSchedule, match="A charge is more than zero"):
        change_price(line, from_on=date(2026, 2, 1), unit_price_cents=-1, by=ada)
    change_price(line, from_on=date(2026, 2, 15), unit_price_cents=28_000, by=ada)
    change = change_price(
        line, from_on=date(2026, 2, 15), unit_price_cents=28_000, quantity_thousandths=2_000, by=ada
    )

    assert later(ours, "2026-02-01")[-1] == 5_000 + 28_000
    with pytest.raises(CannotSchedule, match="Choose Mar 1, 2026 or later"):
        withdraw_change(change, by=ada)


def test_the_storage_job_says_what_the_last_invoiced_month_costs(ours, bob, schedule, ada):
    change_price(schedule.lines.get(), from_on=date(2026, 3, 1), unit_price_cents=12_000, by=ada)
    later(ours, "2026-02-01")
    in_february = bob.refreshed().monthly_price_cents
    later(ours, "2026-03-01")

    assert (in_february, bob.refreshed().monthly_price_cents) == (10_000, 12_000)


def test_what_costs_nothing_any_more_is_left_off(ours, bob, ada):
    schedule = a_schedule(bob, Line("storage", 100), Line("other", 50), starts_on="2026-01-17")
    change_price(schedule.lines.last(), from_on=date(2026, 2, 1), unit_price_cents=0, by=ada)

    assert later(ours, "2026-02-01")[-1] == 100


def test_a_pause_gives_back_what_was_invoiced_of_it(ours, bob, schedule, ada):
    pause_schedule(schedule, from_on=date(2026, 1, 22), reason="Flood", by=ada)
    with pytest.raises(CannotSchedule, match="It is paused from Jan 22, 2026 already"):
        pause_schedule(schedule, from_on=date(2026, 3, 1), by=ada)

    assert balance_of(bob.customer) == 1_613
    assert later(ours, "2026-03-01") == [4_839]


def test_a_pause_ends_on_a_day_not_invoiced_yet(ours, schedule, ada):
    pause = pause_schedule(schedule, from_on=date(2026, 2, 10), by=ada)
    with pytest.raises(CannotSchedule, match="Choose Feb 1, 2026 or later"):
        end_pause(pause, on=date(2026, 1, 20), by=ada)
    end_pause(pause, on=date(2026, 2, 15), by=ada)
    with pytest.raises(CannotSchedule, match="by itself"):
        end_pause(pause, on=date(2026, 2, 20), by=ada)

    assert later(ours, "2026-02-01")[-1] == 8_214
    never = pause_schedule(schedule, from_on=date(2026, 3, 10), by=ada)
    end_pause(never, on=date(2026, 3, 1), by=ada)
    assert schedule.pauses.count() == 1


def test_an_end_to_come_is_invoiced_by_the_day_and_may_be_taken_back(ours, schedule, ada):
    end_schedule(schedule, on=date(2026, 2, 15), by=ada)
    assert later(ours, "2026-02-01") == [4_839, 5_000]
    with at("2026-02-10"):
        keep_going(schedule, by=ada)

    assert later(ours, "2026-03-01") == [4_839, 5_000, 5_000, 10_000]
    with pytest.raises(CannotSchedule, match="It goes on until it is ended"):
        keep_going(schedule, by=ada)


def test_an_end_in_what_was_invoiced_gives_back_and_cannot_be_taken_back(bob, schedule, ada):
    end_schedule(schedule, on=date(2026, 1, 27), by=ada)

    assert balance_of(bob.customer) == 3_226
    with pytest.raises(CannotSchedule, match="were credited"):
        keep_going(schedule, by=ada)
    with pytest.raises(CannotSchedule, match="already"):
        end_schedule(schedule, on=date(2026, 1, 28), by=ada)


def test_what_the_desk_credited_by_hand_is_not_given_back_twice(bob, schedule, ada):
    credit_invoice(schedule.periods.get().invoice, amount_cents=4_000, reason="Sorry", by=ada)
    end_schedule(schedule, on=date(2026, 1, 27), by=ada)

    assert balance_of(bob.customer) == 0


def test_who_may_not_take_payments_may_not_schedule(ours, schedule):
    sam = a_member(ours, Role.DISPATCHER)
    for deed in (
        lambda: end_schedule(schedule, on=date(2026, 2, 1), by=sam),
        lambda: pause_schedule(schedule, from_on=date(2026, 2, 1), by=sam),
        lambda: keep_going(schedule, by=sam),
        lambda: change_schedule(schedule, values={}, was={}, by=sam),
        lambda: change_price(
            schedule.lines.get(), from_on=date(2026, 2, 1), unit_price_cents=1, by=sam
        ),
    ):
        with pytest.raises(NotAllowed):
            deed()
