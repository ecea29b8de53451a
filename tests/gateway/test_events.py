"""What the gateway tells: signed, kept, and done once in whatever order it comes."""

import json
import time

import pytest

from carter.billing.applying import take_off
from carter.billing.models import Payment
from carter.gateway.charging import charge_on_file
from carter.gateway.connecting import account_for
from carter.gateway.events import Forged, process_events, put_aside, receive
from carter.gateway.models import GatewayEvent, PaymentAttempt
from carter.gateway.reconciling import reconcile
from tests.builders import a_charge, a_customer, a_job, an_invoice
from tests.gateway.directing import BANK, WEBHOOK_SECRET, a_card
from tests.gateway.standin.telling import signed


@pytest.fixture
def bob(connected):
    return a_customer(connected, "Bob Smith")


@pytest.fixture
def invoice(bob):
    return an_invoice([a_charge(a_job(bob), 12_500)])


def hear(company, gateway, *, copies=1, reverse=False) -> None:
    """Everything the gateway has to tell arrives, and is taken note of."""
    told = [event for event in gateway.tell("events") for _ in range(copies)]
    for event in reversed(told) if reverse else told:
        arrive(company, event)
    process_events(company)


def arrive(company, event) -> GatewayEvent:
    raw = json.dumps(event).encode()
    return receive(account_for(company), raw, signature=signed(raw, WEBHOOK_SECRET))


def test_a_bank_debit_is_paid_once_the_gateway_tells_so(connected, gateway, bob, invoice, ada):
    attempt = charge_on_file(invoice, method=a_card(gateway, bob, BANK), by=ada)
    gateway.tell("settle", intent=attempt.gateway_reference)

    hear(connected, gateway, copies=2)

    assert invoice.refreshed().open_cents == 0
    assert connected.payments.count() == 1


def test_events_in_the_wrong_order_leave_what_is_so(connected, gateway, bob, invoice, ada):
    attempt = charge_on_file(invoice, method=a_card(gateway, bob, BANK), by=ada)
    gateway.tell("settle", intent=attempt.gateway_reference)

    hear(connected, gateway, reverse=True)

    assert attempt.refreshed().status == PaymentAttempt.Status.SUCCEEDED


def test_the_event_alone_records_what_no_answer_came_to(connected, gateway, bob, invoice, ada):
    gateway.tell("wrong", cut_after=1)
    attempt = charge_on_file(invoice, method=a_card(gateway, bob), by=ada)

    hear(connected, gateway)

    assert attempt.refreshed().status == PaymentAttempt.Status.SUCCEEDED
    assert list(reconcile(connected)) == []


def test_a_chargeback_makes_the_invoice_owed_again_once(connected, gateway, bob, invoice, ada):
    attempt = charge_on_file(invoice, method=a_card(gateway, bob), by=ada)
    gateway.tell("dispute", intent=attempt.gateway_reference)

    hear(connected, gateway, copies=2)

    assert invoice.refreshed().open_cents == 12_500
    assert connected.payments.filter(kind=Payment.Kind.CHARGEBACK).count() == 1


def test_a_returned_bank_debit_is_a_returned_payment(connected, gateway, bob, invoice, ada):
    attempt = charge_on_file(invoice, method=a_card(gateway, bob, BANK), by=ada)
    gateway.tell("settle", intent=attempt.gateway_reference)
    gateway.tell("dispute", intent=attempt.gateway_reference)

    hear(connected, gateway, reverse=True)

    assert invoice.refreshed().open_cents == 12_500
    assert connected.payments.filter(kind=Payment.Kind.RETURNED).count() == 1


def test_a_chargeback_that_was_won_pays_again(connected, gateway, bob, invoice, ada):
    attempt = charge_on_file(invoice, method=a_card(gateway, bob), by=ada)
    dispute = gateway.tell("dispute", intent=attempt.gateway_reference)
    gateway.tell("win", dispute=dispute["id"])

    hear(connected, gateway, copies=2)

    assert invoice.refreshed().open_cents == 0


def test_a_refund_made_at_the_gateway_waits_until_it_can_be_booked(
    connected, gateway, bob, invoice, ada
):
    attempt = charge_on_file(invoice, method=a_card(gateway, bob), by=ada)
    gateway.tell("refund", intent=attempt.gateway_reference, cents=2_500)
    hear(connected, gateway)
    assert connected.gateway_events.for_a_person().count() == 1

    take_off(attempt.payment, invoice=invoice, by=ada)
    process_events(connected)

    assert not connected.gateway_events.for_a_person().exists()
    assert connected.payments.get(kind=Payment.Kind.REFUND).amount_cents == -2_500


def test_a_person_may_put_aside_what_cannot_be_booked(connected, gateway, bob, invoice, ada):
    attempt = charge_on_file(invoice, method=a_card(gateway, bob), by=ada)
    gateway.tell("dispute", intent=attempt.gateway_reference, cents=100)
    hear(connected, gateway)

    put_aside(connected.gateway_events.for_a_person().get(), by=ada)

    assert not connected.gateway_events.waiting().exists()
    assert invoice.refreshed().open_cents == 0


def test_events_wait_while_the_gateway_is_away(connected, gateway, bob, invoice, ada):
    attempt = charge_on_file(invoice, method=a_card(gateway, bob, BANK), by=ada)
    gateway.tell("settle", intent=attempt.gateway_reference)
    told = gateway.tell("events")
    gateway.tell("wrong", down=True)
    for event in told:
        arrive(connected, event)
    process_events(connected)
    assert connected.gateway_events.waiting().count() == len(told)

    gateway.tell("wrong")
    process_events(connected)

    assert invoice.refreshed().open_cents == 0


@pytest.mark.parametrize(
    "wrong", ["other secret", "late", "changed", "none", "no json", "no event"]
)
def test_what_the_gateway_did_not_sign_is_not_kept(connected, wrong):
    raw = b'{"object": "event", "id": "evt_1", "type": "x", "data": {"object": {"id": "pi_1"}}}'
    signature = signed(raw, WEBHOOK_SECRET)
    if wrong == "other secret":
        signature = signed(raw, "whsec_of_somebody_else")
    elif wrong == "late":
        signature = signed(raw, WEBHOOK_SECRET, at=int(time.time()) - 600)
    elif wrong == "changed":
        raw = raw.replace(b"evt_1", b"evt_2")
    elif wrong == "none":
        signature = ""
    else:
        raw = b"\xff\xfe" if wrong == "no json" else b'{"object": "event", "data": []}'
        signature = signed(raw, WEBHOOK_SECRET)

    with pytest.raises(Forged):
        receive(account_for(connected), raw, signature=signature)
    assert not connected.gateway_events.exists()


def test_without_a_signing_secret_every_event_is_forged(ours, gateway):
    raw = b'{"object": "event", "id": "evt_1", "type": "x"}'

    with pytest.raises(Forged):
        receive(account_for(ours), raw, signature=signed(raw, ""))
