"""Auto-pay: when what is charged, when it is tried again, and when a person is asked."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from carter.billing.invoicing import void_invoice
from carter.gateway.charging import charge_on_file
from carter.gateway.collecting import collect_again, collect_due, collect_later
from carter.gateway.connecting import change_account
from carter.gateway.letters import write_due_letters
from carter.gateway.models import PaymentAttempt
from carter.gateway.retrying import next_try
from carter.gateway.storing import remove_method
from carter.gateway.switches import allow_auto_pay, stop_auto_pay
from carter.jobs.linking import link_job
from tests.builders import a_charge, a_customer, a_job, a_lead, a_payment, an_invoice
from tests.gateway.directing import BANK, EMPTY, GOOD, STOLEN, a_card

START = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 18, tzinfo=UTC)


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def bob(connected):
    return a_customer(connected, "Bob Smith", email="bob@example.com")


def to_collect(gateway, customer, number=GOOD, *, cents=10_000, on=START):
    invoice = an_invoice([a_charge(a_job(customer), cents)])
    return collect_later(invoice=invoice, method=a_card(gateway, customer, number), on=on)


def days_tried(company, clock, days=40) -> list[int]:
    """The days, counted from the first, on which something was asked of a card."""
    for day in range(days):
        clock.move_to(NOON + timedelta(days=day))
        collect_due(company, company.today)
    tried = PaymentAttempt.across_companies.order_by("id").values_list("on", flat=True)
    return [(on - START).days for on in tried]


def test_an_invoice_is_charged_when_its_day_has_come_and_once(connected, gateway, bob, clock):
    collection = to_collect(gateway, bob, on=START + timedelta(days=3))

    assert days_tried(connected, clock, 10) == [3]
    assert [each["amount"] for each in gateway.paid()] == [10_000]
    assert collection.refreshed().next_on is None


def test_asked_twice_to_collect_an_invoice_it_is_collected_once(connected, gateway, bob):
    collection = to_collect(gateway, bob)

    again = collect_later(
        invoice=collection.invoice, method=a_card(gateway, bob), on=START + timedelta(days=9)
    )

    assert (again, again.method) == (collection, collection.method)


def test_a_soft_decline_is_tried_again_on_its_days_and_then_given_up(
    connected, gateway, bob, clock
):
    collection = to_collect(gateway, bob, EMPTY)

    assert days_tried(connected, clock) == [0, 1, 3, 5, 7, 10, 14]
    assert collection.refreshed().why == (
        "Visa ending in 9995 was declined 7 times. There is not enough money on the account."
    )
    assert list(connected.collections.stopped()) == [collection]


def test_a_hard_decline_is_not_tried_again_and_the_customer_gets_a_link(
    connected, gateway, bob, clock
):
    collection = to_collect(gateway, bob, STOLEN)

    assert days_tried(connected, clock) == [0]
    assert collection.refreshed().is_stopped
    write_due_letters(connected)
    assert "/i/" in connected.letters.get().text


def test_after_a_pause_of_the_worker_it_is_tried_once_and_then_given_up(
    connected, gateway, bob, clock
):
    collection = to_collect(gateway, bob, EMPTY)
    collect_due(connected, START)
    clock.move_to(NOON + timedelta(days=20))

    for _ in range(3):
        collect_due(connected, connected.today)

    assert connected.payment_attempts.count() == 2
    assert collection.refreshed().is_stopped


def test_a_card_that_is_good_again_pays_at_the_next_try(connected, gateway, bob, clock):
    collection = to_collect(gateway, bob, EMPTY)
    collect_due(connected, START)
    gateway.tell("decline", method=collection.method.gateway_method, code="")

    assert days_tried(connected, clock) == [0, 1]
    assert collection.invoice.refreshed().open_cents == 0


def test_what_was_given_up_is_taken_up_again_with_another_card(connected, gateway, bob, clock, ada):
    collection = to_collect(gateway, bob, STOLEN)
    collect_due(connected, START)

    collect_again(collection.refreshed(), method=a_card(gateway, bob), by=ada)
    collect_due(connected, START)

    assert collection.invoice.refreshed().open_cents == 0
    assert not collection.refreshed().is_stopped


def test_a_paid_invoice_is_not_charged(connected, gateway, bob, clock):
    a_payment(to_collect(gateway, bob).invoice.job, 10_000)

    collect_due(connected, START)

    assert gateway.tell("payments") == []


def test_a_void_invoice_is_not_charged(connected, gateway, bob, clock, ada):
    void_invoice(to_collect(gateway, bob).invoice, reason="Wrong.", by=ada)

    collect_due(connected, START)

    assert gateway.tell("payments") == []


def test_a_bank_debit_under_way_is_not_asked_for_again(connected, gateway, bob, clock):
    to_collect(gateway, bob, BANK)

    assert days_tried(connected, clock, 5) == [0]


@pytest.mark.parametrize("way", ["all", "company", "customer"])
def test_with_auto_pay_off_nothing_is_charged_by_itself(
    connected, gateway, bob, clock, ada, settings, way
):
    collection = to_collect(gateway, bob)
    if way == "all":
        settings.AUTO_PAY = False
    elif way == "company":
        change_account(connected, has_auto_pay=False, by=ada)
    else:
        stop_auto_pay(bob, by=ada)

    collect_due(connected, START)
    assert gateway.tell("payments") == []

    attempt = charge_on_file(collection.invoice, method=collection.method, by=ada)
    assert attempt.status == PaymentAttempt.Status.SUCCEEDED


def test_auto_pay_turned_on_again_charges_what_is_due(connected, gateway, bob, clock, ada):
    to_collect(gateway, bob)
    stop_auto_pay(bob, by=ada)
    collect_due(connected, START)

    allow_auto_pay(bob, by=ada)
    collect_due(connected, START)

    assert len(gateway.paid()) == 1


def test_a_removed_card_is_given_up_and_a_person_told(connected, gateway, bob, clock, ada):
    collection = to_collect(gateway, bob)
    remove_method(collection.method, by=ada)

    collect_due(connected, START)

    assert collection.refreshed().why == "Visa ending in 4242 was removed from file."
    assert gateway.tell("payments") == []


def test_an_invoice_that_went_to_another_customer_is_not_charged_to_the_card_that_stayed(
    connected, gateway, bob, clock, ada
):
    job = a_job(bob)
    invoice = an_invoice([a_charge(job, 10_000)])
    collection = collect_later(invoice=invoice, method=a_card(gateway, bob), on=START)
    link_job(job, to=a_customer(connected, "Carla Diaz"), by=ada)

    collect_due(connected, START)

    assert gateway.tell("payments") == []
    assert collection.refreshed().is_stopped


def test_the_card_of_a_lead_goes_along_when_its_only_job_is_linked(connected, gateway, clock, ada):
    lead = a_lead(connected, "Bob Smith")
    invoice = an_invoice([a_charge(lead, 10_000)])
    collect_later(invoice=invoice, method=a_card(gateway, lead.customer), on=START)
    link_job(lead, to=a_customer(connected, "Carla Diaz"), by=ada)

    collect_due(connected, START)

    assert len(gateway.paid()) == 1


def test_a_card_given_for_a_job_goes_along_with_the_job(connected, gateway, clock, ada):
    lead = a_lead(connected, "Bob Smith")
    invoice = an_invoice([a_charge(lead, 10_000)])
    card = a_card(gateway, lead.customer, job=lead)
    collect_later(invoice=invoice, method=card, on=START)
    link_job(lead, to=a_customer(connected, "Carla Diaz"), by=ada)

    collect_due(connected, START)

    assert len(gateway.paid()) == 1


def test_while_the_gateway_is_away_everything_waits(connected, gateway, bob, clock):
    to_collect(gateway, bob)
    gateway.tell("wrong", down=True)

    assert collect_due(connected, START).trouble
    assert not connected.payment_attempts.exists()

    gateway.tell("wrong")
    assert collect_due(connected, START).paid == 1


def test_the_days_of_trying_again_are_counted_from_the_first():
    first = date(2026, 1, 30)
    days = [first]
    while (following := next_try(first, days[-1])) is not None:
        days.append(following)

    assert [(day - first).days for day in days] == [0, 1, 3, 5, 7, 10, 14]
