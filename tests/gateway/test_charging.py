"""Charging cards on file: paid once, whatever the gateway answers, or does not."""

import pytest

from carter.gateway.charging import CannotCharge, charge_on_file
from carter.gateway.connecting import change_account, disconnect
from carter.gateway.letters import write_due_letters
from carter.gateway.models import PaymentAttempt
from carter.gateway.protocol import KeysRefused, NotConnected
from carter.gateway.storing import remove_method
from tests.builders import a_charge, a_customer, a_job, a_payment, an_invoice
from tests.gateway.directing import BANK, EMPTY, STOLEN, a_card

Status = PaymentAttempt.Status


@pytest.fixture
def bob(connected):
    return a_customer(connected, "Bob Smith", email="bob@example.com")


@pytest.fixture
def invoice(bob):
    return an_invoice([a_charge(a_job(bob), 12_500)])


def test_a_card_on_file_pays_what_is_open_of_an_invoice(gateway, bob, invoice, ada):
    attempt = charge_on_file(invoice, method=a_card(gateway, bob), by=ada)

    payment = attempt.payment
    assert (attempt.status, invoice.refreshed().open_cents) == (Status.SUCCEEDED, 0)
    assert (payment.method, payment.amount_cents, payment.by) == ("card", 12_500, ada)
    assert payment.reference == "Visa ending in 4242"
    assert [each["id"] for each in gateway.paid()] == [payment.gateway_reference]


def test_only_what_is_open_is_charged(gateway, bob, invoice, ada):
    a_payment(invoice.job, 2_500)

    attempt = charge_on_file(invoice, method=a_card(gateway, bob), by=ada)

    assert attempt.payment.amount_cents == 10_000


def test_a_paid_invoice_is_not_charged_again(gateway, bob, invoice, ada):
    card = a_card(gateway, bob)
    charge_on_file(invoice, method=card, by=ada)

    with pytest.raises(CannotCharge):
        charge_on_file(invoice, method=card, by=ada)
    assert len(gateway.paid()) == 1


def test_a_declined_card_pays_nothing_and_says_why(gateway, bob, invoice, ada):
    attempt = charge_on_file(invoice, method=a_card(gateway, bob, EMPTY), by=ada)

    assert (attempt.status, attempt.code) == (Status.FAILED, "insufficient_funds")
    assert attempt.words == "There is not enough money on the account."
    assert (attempt.is_hard, invoice.refreshed().open_cents) == (False, 12_500)


def test_a_stolen_card_is_of_no_use_any_more(gateway, bob, invoice, ada):
    assert charge_on_file(invoice, method=a_card(gateway, bob, STOLEN), by=ada).is_hard


def test_a_bank_account_pays_once_the_bank_has_said_yes(gateway, bob, invoice, ada):
    attempt = charge_on_file(invoice, method=a_card(gateway, bob, BANK), by=ada)

    assert (attempt.status, invoice.refreshed().open_cents) == (Status.PENDING, 12_500)
    with pytest.raises(CannotCharge):
        charge_on_file(invoice, method=a_card(gateway, bob), by=ada)


def test_the_card_of_another_customer_is_refused(gateway, connected, bob, invoice, ada):
    card = a_card(gateway, a_customer(connected, "Carla Diaz"))

    with pytest.raises(CannotCharge):
        charge_on_file(invoice, method=card, by=ada)
    assert gateway.tell("payments") == []


def test_a_card_that_was_removed_is_refused(gateway, bob, invoice, ada):
    card = a_card(gateway, bob)
    remove_method(card, by=ada)

    with pytest.raises(CannotCharge):
        charge_on_file(invoice, method=card, by=ada)


def test_keys_the_gateway_does_not_know_charge_nothing_and_may_be_mended(
    gateway, connected, bob, invoice, ada
):
    card = a_card(gateway, bob)
    change_account(connected, secret_key="sk_test_wrong_key", has_auto_pay=True, by=ada)
    with pytest.raises(KeysRefused):
        charge_on_file(invoice, method=card, by=ada)

    change_account(connected, secret_key="sk_test_right_again", has_auto_pay=True, by=ada)

    assert charge_on_file(invoice, method=card, by=ada).status == Status.SUCCEEDED


def test_without_a_gateway_nothing_is_charged(gateway, connected, bob, invoice, ada):
    card = a_card(gateway, bob)
    disconnect(connected, by=ada)

    with pytest.raises(NotConnected):
        charge_on_file(invoice, method=card, by=ada)
    assert not invoice.attempts.exists()


def test_the_customer_gets_a_receipt_once(gateway, connected, bob, invoice, ada):
    charge_on_file(invoice, method=a_card(gateway, bob), by=ada)

    assert [write_due_letters(connected), write_due_letters(connected)] == [1, 0]
    letter = connected.letters.get()
    assert (letter.to, letter.attachments.get().name) == (["bob@example.com"], "Receipt.pdf")


def test_eight_declines_are_the_most_within_thirty_days(gateway, bob, invoice, ada):
    card = a_card(gateway, bob, EMPTY)
    for _ in range(8):
        charge_on_file(invoice, method=card, by=ada)

    with pytest.raises(CannotCharge):
        charge_on_file(invoice, method=card, by=ada)
