"""Giving back through the gateway: once, never more than is left, whatever is cut."""

from datetime import timedelta

import pytest

from carter.billing.applying import take_off
from carter.billing.posting import CannotPost
from carter.companies.rights import NotAllowed, Role
from carter.gateway.charging import charge_on_file
from carter.gateway.models import RefundAttempt
from carter.gateway.refunding import refund_through_gateway
from carter.gateway.resolving import resolve_unknown
from tests.builders import a_charge, a_customer, a_member, a_payment, an_invoice
from tests.gateway.directing import a_card

Status = RefundAttempt.Status


@pytest.fixture
def payment(connected, gateway, ada):
    """A hundred dollars that came through the gateway and are on no invoice any more."""
    bob = a_customer(connected, "Bob Smith")
    invoice = an_invoice([a_charge(bob, 10_000)])
    paid = charge_on_file(invoice, method=a_card(gateway, bob), by=ada).payment
    take_off(paid, invoice=invoice, by=ada)
    return paid


def given_back(gateway) -> list[int]:
    return [refund["amount"] for refund in gateway.tell("refunds")]


def test_a_payment_is_given_back_in_parts_and_in_whole(payment, gateway, ada):
    for cents in (2_500, 7_500):
        attempt = refund_through_gateway(payment, amount_cents=cents, by=ada)
        assert attempt.refund.amount_cents == -cents

    assert given_back(gateway) == [2_500, 7_500]
    with pytest.raises(CannotPost):
        refund_through_gateway(payment, amount_cents=1, by=ada)


@pytest.mark.parametrize("when", ["cut_before", "cut_after"])
def test_a_cut_connection_gives_back_once(connected, payment, gateway, ada, when):
    gateway.tell("wrong", **{when: 1})
    attempt = refund_through_gateway(payment, amount_cents=2_500, by=ada)
    assert attempt.status == Status.UNKNOWN
    with pytest.raises(CannotPost):
        refund_through_gateway(payment, amount_cents=2_500, by=ada)

    gateway.tell("wrong")
    resolve_unknown(connected, in_flight=timedelta(0))

    assert attempt.refreshed().refund.amount_cents == -2_500
    assert given_back(gateway) == [2_500]


def test_what_did_not_come_through_the_gateway_is_not_given_back_by_it(payment, gateway, ada):
    check = a_payment(payment.parts.first().customer, 5_000, to={})

    with pytest.raises(CannotPost):
        refund_through_gateway(check, amount_cents=100, by=ada)
    assert given_back(gateway) == []


def test_only_who_may_give_back_does(connected, payment, gateway):
    seller = a_member(connected, Role.SALES)

    with pytest.raises(NotAllowed):
        refund_through_gateway(payment, amount_cents=100, by=seller)
    assert given_back(gateway) == []
