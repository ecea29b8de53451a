"""A tick does what is due, nothing twice; what fails keeps nothing else; far too much asks."""

from datetime import date

import pytest

from carter.companies.rights import NotAllowed, Role
from carter.recurring import ticking
from carter.recurring.bounds import FIRST_MONTH, approve_run, is_held
from carter.recurring.foreseeing import foresee
from carter.recurring.models import RecurringInvoice, TickRun
from carter.recurring.ticking import Step, tick, tick_company
from tests.builders import a_company, a_customer, a_member, a_storage_job
from tests.recurring.builders import a_schedule, at, invoiced, storage


@pytest.fixture
def ours(ours):
    ours.has_storage = True
    ours.save()
    return ours


def done_by(run):
    return (run.did, run.failures) if run else None


def test_a_tick_bills_what_is_due_and_a_second_one_nothing(ours):
    with at("2026-01-01"):
        a_schedule(storage(ours))
    with at("2026-02-01"):
        first, second = tick_company(ours), tick_company(ours)

    assert done_by(first) == ({"invoices": 1}, [])
    assert second is None
    assert len(invoiced(ours)) == 2


def test_nothing_is_billed_while_the_module_is_off(ours):
    with at("2026-01-01"):
        a_schedule(storage(ours))
    ours.has_storage = False
    ours.save()
    with at("2026-02-01"):
        assert tick() == []
    ours.has_storage = True
    ours.save()
    with at("2026-03-01"):
        tick()

    assert [issued for _, issued, *_ in invoiced(ours)] == [
        "2026-01-01",
        "2026-02-01",
        "2026-03-01",
    ]


def test_a_step_that_fails_keeps_no_other_from_being_taken(ours, monkeypatch):
    def breaks(company, today):
        raise ZeroDivisionError

    with at("2026-01-01"):
        a_schedule(storage(ours))
    monkeypatch.setattr(ticking, "STEPS", (Step("the impossible", breaks), *ticking.STEPS))
    with at("2026-02-01"):
        first, second = tick_company(ours), tick_company(ours)

    why = "Something went wrong (ZeroDivisionError); Carter’s log says what."
    assert done_by(first) == ({"invoices": 1}, [{"about": "The impossible", "why": why}])
    assert second is None


def test_what_fails_is_named_once_and_tried_again(ours):
    with at("2026-01-01"):
        schedule = a_schedule(bob := storage(ours))
        schedule.lines.update(quantity_thousandths=10**12)
    with at("2026-02-01"):
        first, second = tick_company(ours), tick_company(ours)
        schedule.lines.update(quantity_thousandths=1_000)
        third = tick_company(ours)

    why = "A quantity is more than zero and at most a million."
    assert done_by(first) == ({}, [{"about": str(bob), "why": why}])
    assert second is None
    assert done_by(third) == ({"invoices": 1}, [])


def test_one_company_keeps_no_other_from_its_tick(ours, monkeypatch):
    other = a_company("Other Movers", owner="Olga Other", has_storage=True)

    def breaks_for_ours(company, today):
        if company == ours:
            raise ZeroDivisionError
        return ticking.Done()

    with at("2026-01-01"):
        a_schedule(storage(other))
    monkeypatch.setattr(ticking, "STEPS", (Step("mending", breaks_for_ours), *ticking.STEPS))
    with at("2026-02-01"):
        runs = tick()

    assert [(run.company, run.did, len(run.failures)) for run in runs] == [
        (ours, {}, 1),
        (other, {"invoices": 1}, 0),
    ]


def test_a_company_that_cannot_tick_at_all_keeps_no_other_from_it(ours):
    later = a_company("Later Movers", owner="Lea Later", has_storage=True)
    with at("2026-01-01"):
        a_schedule(storage(later))
    type(ours).objects.filter(pk=ours.pk).update(time_zone="Nowhere/AtAll")
    with at("2026-02-01"):
        assert [run.company for run in tick()] == [later]


def many(company, count, *, starts_on="2026-01-01", due_on=None):
    """Schedules written fast; none of them is due before they start."""
    customer = a_customer(company)
    for _ in range(count):
        job = a_storage_job(customer, on=date(2026, 1, 1))
        schedule = RecurringInvoice(
            company=company,
            storage_job=job,
            starts_on=date.fromisoformat(starts_on),
            next_starts_on=date.fromisoformat(starts_on),
            next_bill_on=date.fromisoformat(due_on or starts_on),
            bills_from_on=date.fromisoformat(starts_on),
        )
        schedule.save()
        schedule.lines.create(company=company, position=1, unit_price_cents=5_000)


def test_far_more_than_usual_stops_and_asks_a_person(ours, ada):
    with at("2026-01-01"):
        many(ours, 2)
        tick()
    with at("2026-02-01"):
        many(ours, 22, starts_on="2026-02-01")
        tick()
        tick()

        (run,) = TickRun.across_companies.waiting()
        assert (run.planned, run.planned_cents, run.usual) == (24, 120_000, 2)
        assert len(invoiced(ours)) == 2
        with pytest.raises(NotAllowed):
            approve_run(run, by=a_member(ours, Role.READ_ONLY))
        approve_run(run, by=ada)
        tick()

    assert len(invoiced(ours)) == 26
    assert not TickRun.across_companies.waiting().exists()
    with at("2026-03-01"):
        tick()
    assert len(invoiced(ours)) == 50


def test_an_approval_is_for_so_many_and_no_more(ours, ada):
    with at("2026-01-01"):
        many(ours, 2)
        tick()
    with at("2026-02-01"):
        many(ours, 22, starts_on="2026-02-01")
        tick()
        approve_run(TickRun.across_companies.waiting().get(), by=ada)
        many(ours, 1, starts_on="2026-02-01")

        assert is_held(ours, ours.today)


def test_what_no_longer_is_too_much_is_no_longer_asked(ours):
    with at("2026-01-01"):
        many(ours, 2)
        tick()
    with at("2026-02-01"):
        many(ours, 22, starts_on="2026-02-01")
        tick()
        ours.recurring_invoices.filter(starts_on=date(2026, 2, 1)).update(next_bill_on=None)
        tick()

    assert not TickRun.across_companies.waiting().exists()
    assert len(invoiced(ours)) == 4


def test_after_months_off_the_months_are_counted(ours):
    with at("2026-01-01"):
        many(ours, 8)
        tick()
    with at("2026-05-02"):
        tick()

    assert TickRun.across_companies.waiting().get().planned == 32


def test_a_company_may_begin_without_being_asked_up_to_a_sane_number(ours, monkeypatch):
    monkeypatch.setattr("carter.recurring.bounds.FIRST_MONTH", 3)
    assert FIRST_MONTH == 500
    with at("2026-01-01"):
        many(ours, 3)
        assert not is_held(ours, ours.today)
        many(ours, 1)
        assert is_held(ours, ours.today)


def test_a_dry_run_does_nothing_and_says_what_comes(ours):
    with at("2026-01-01"):
        a_schedule(storage(ours), days_ahead=5)
        a_schedule(storage(ours), cents=5_000, ends_on=date(2026, 2, 15))
        days = foresee(ours, until=date(2026, 3, 1))
        before = len(invoiced(ours))
    for one in days:
        with at(str(one.day)):
            tick()

    assert [(str(one.day), one.invoices, one.cents) for one in days] == [
        ("2026-01-27", 1, 10_000),
        ("2026-02-01", 1, 2_500),
        ("2026-02-24", 1, 10_000),
    ]
    assert len(invoiced(ours)) - before == 3


def test_a_company_elsewhere_has_its_own_today(ours):
    far = a_company("Kiwi Movers", owner="Kim", time_zone="Pacific/Auckland", has_storage=True)
    with at("2026-01-31", hour=8):
        for company in (ours, far):
            a_schedule(storage(company, since="2026-01-15"), starts_on="2026-02-01")
    with at("2026-01-31", hour=9):
        tick()

    assert [len(invoiced(company)) for company in (ours, far)] == [0, 1]
