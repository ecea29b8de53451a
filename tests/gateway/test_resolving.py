"""What no answer came to is found out: neither charged twice nor forgotten."""

from datetime import timedelta

import pytest
from django.utils import timezone

from carter.gateway.charging import begin, charge_on_file
from carter.gateway.models import PaymentAttempt
from carter.gateway.reconciling import reconcile
from carter.gateway.resolving import resolve_unknown
from tests.builders import a_charge, a_customer, a_job, a_payment, an_invoice
from tests.gateway.directing import BANK, a_card

Status = PaymentAttempt.Status
AT_ONCE = timedelta(0)


@pytest.fixture
def bob(connected):
    return a_customer(connected, "Bob Smith")


@pytest.fixture
def invoice(bob):
    return an_invoice([a_charge(a_job(bob), 12_500)])


@pytest.mark.parametrize("when", ["cut_before", "cut_after"])
def test_a_cut_connection_leaves_it_unknown_and_then_it_is_known(
    connected, gateway, bob, invoice, ada, when
):
    gateway.tell("wrong", **{when: 1})
    attempt = charge_on_file(invoice, method=a_card(gateway, bob), by=ada)
    assert attempt.status == Status.UNKNOWN

    gateway.tell("wrong")
    resolve_unknown(connected, in_flight=AT_ONCE)

    assert attempt.refreshed().status == Status.SUCCEEDED
    assert (len(gateway.paid()), invoice.refreshed().open_cents) == (1, 0)
    assert list(reconcile(connected)) == []


def test_what_was_written_down_and_never_asked_is_asked(connected, gateway, bob, invoice):
    attempt = begin(invoice, method=a_card(gateway, bob), by=None)

    resolve_unknown(connected, in_flight=AT_ONCE)

    assert attempt.refreshed().status == Status.SUCCEEDED


def test_what_somebody_may_still_be_asking_is_let_be(connected, gateway, bob, invoice):
    attempt = begin(invoice, method=a_card(gateway, bob), by=None)

    resolve_unknown(connected)

    assert attempt.refreshed().status == Status.PENDING


def test_what_was_never_asked_is_called_off_when_a_check_came_meanwhile(
    connected, gateway, bob, invoice
):
    attempt = begin(invoice, method=a_card(gateway, bob), by=None)
    a_payment(invoice.job, 12_500)

    resolve_unknown(connected, in_flight=AT_ONCE)

    assert attempt.refreshed().status == Status.CANCELED
    assert gateway.tell("payments") == []


def test_what_the_gateway_may_have_forgotten_is_not_asked_again(connected, gateway, bob, invoice):
    attempt = begin(invoice, method=a_card(gateway, bob), by=None)
    PaymentAttempt.across_companies.update(at=timezone.now() - timedelta(days=2))

    resolve_unknown(connected)

    assert attempt.refreshed().status == Status.CANCELED
    assert gateway.tell("payments") == []


def test_a_bank_debit_is_looked_after_without_its_event(connected, gateway, bob, invoice, ada):
    attempt = charge_on_file(invoice, method=a_card(gateway, bob, BANK), by=ada)
    gateway.tell("settle", intent=attempt.gateway_reference)

    resolve_unknown(connected, in_flight=AT_ONCE)

    assert invoice.refreshed().open_cents == 0
    assert attempt.refreshed().payment.method == "ach"


def test_money_for_an_invoice_that_was_paid_meanwhile_is_kept_as_a_deposit(
    connected, gateway, bob, invoice, ada
):
    gateway.tell("wrong", cut_after=1)
    charge_on_file(invoice, method=a_card(gateway, bob), by=ada)
    a_payment(invoice.job, 12_500)

    resolve_unknown(connected, in_flight=AT_ONCE)

    parts = bob.payment_parts.unapplied()
    assert [part.unapplied_cents for part in parts] == [12_500]


def test_money_that_the_book_does_not_have_is_found(connected, gateway, bob, invoice, ada):
    """The control of reconciling: it must notice."""
    gateway.tell("wrong", cut_after=1)
    charge_on_file(invoice, method=a_card(gateway, bob), by=ada)

    assert [difference.split(",")[-1].strip() for difference in reconcile(connected)] == [
        "is not in the book"
    ]
