"""`carter check` of payments through the gateway, with and without asking it."""

import argparse

import pytest
from django.db import connection

from carter.commands import check
from carter.gateway.charging import charge_on_file
from carter.gateway.models import RefundAttempt
from carter.gateway.reconciling import reconcile
from tests.builders import a_charge, a_customer, an_invoice
from tests.gateway.directing import a_card


@pytest.fixture
def paid(connected, gateway, ada):
    """A payment attempt that succeeded."""
    bob = a_customer(connected, "Bob Smith")
    invoice = an_invoice([a_charge(bob, 12_500)])
    return charge_on_file(invoice, method=a_card(gateway, bob), by=ada)


def said(capsys, *, gateway: bool) -> list[str]:
    check.run(argparse.Namespace(company=None, gateway=gateway))
    return [line[6:] for line in capsys.readouterr().out.splitlines() if line.startswith("FIX")]


def test_a_book_that_agrees_with_its_gateway_breaks_no_rule(paid, capsys):
    assert said(capsys, gateway=True) == []


def test_a_payment_that_only_the_gateway_has_is_found_by_asking_it(paid, gateway, capsys):
    gateway.tell("copy", intent=paid.gateway_reference)

    assert said(capsys, gateway=False) == []
    assert said(capsys, gateway=True) == ["The gateway and the book have the same payments."]


def test_however_many_payments_the_gateway_has_all_are_asked_for(paid, gateway):
    gateway.tell("copy", intent=paid.gateway_reference, times=250)

    assert sum("not in the book" in each for each in reconcile(paid.company)) == 250


def test_a_payment_that_only_the_book_has_is_found_by_asking(paid, gateway, capsys):
    gateway.reset()

    assert said(capsys, gateway=True) == ["The gateway and the book have the same payments."]


def test_a_gateway_that_does_not_answer_is_no_agreement(paid, gateway, capsys):
    gateway.tell("wrong", down=True)

    assert said(capsys, gateway=True) == ["The gateway and the book have the same payments."]


@pytest.mark.parametrize(
    ("forgery", "broken"),
    [
        (
            "UPDATE gateway_paymentattempt SET gateway_reference = 'pi_other'",
            "Every payment attempt that succeeded has the payment of the gateway.",
        ),
        (
            "UPDATE gateway_storedmethod SET gateway_customer = ''",
            "Every card on file is known at the gateway.",
        ),
    ],
)
def test_what_the_rows_say_wrongly_is_found(paid, capsys, forgery, broken):
    with connection.cursor() as cursor:
        cursor.execute(forgery)

    assert said(capsys, gateway=False) == [broken]


def test_a_refund_that_is_not_in_the_book_is_found(paid, capsys):
    RefundAttempt(
        company=paid.company, payment=paid.payment, amount_cents=100, status="succeeded"
    ).save()

    assert said(capsys, gateway=False) == [
        "Every refund through the gateway is in the book with its amount."
    ]
