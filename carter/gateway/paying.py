"""Paying an invoice on the gateway's own page, by the link a customer has."""

from collections.abc import Callable

from django.db import transaction

from carter.billing.models import Invoice
from carter.customers.locking import lock_row
from carter.gateway.charging import UNDER_WAY, CannotCharge, check_payable, new_attempt
from carter.gateway.connecting import gateway_of
from carter.gateway.models import PaymentAttempt
from carter.gateway.protocol import Gateway, GatewayTrouble
from carter.gateway.recording import call_off
from carter.gateway.resolving import resolve
from carter.gateway.switches import account_of


def can_be_paid(invoice: Invoice) -> bool:
    """Whether a customer can pay it by its link."""
    account = account_of(invoice.company)
    return bool(invoice.open_cents and account and account.is_connected)


def start_paying(
    invoice: Invoice, *, back: Callable[[PaymentAttempt], str], given_up: str
) -> PaymentAttempt:
    """A page of the gateway on which what is open of an invoice is paid.

    Whoever comes again gets the page that is open, so that nobody pays twice; when another amount
    is open by now, that one is closed first (see `resolve`). Raises CannotCharge, GatewayTrouble.
    """
    gateway = gateway_of(invoice.company)
    if (opened := _opened(invoice, gateway)) is not None:
        return opened
    attempt = _begun(invoice)
    try:
        page = gateway.page_to_pay(attempt, back=back(attempt), given_up=given_up)
    except GatewayTrouble as trouble:
        # Nobody was given the address of a page: nobody can pay on it.
        call_off(attempt, str(trouble))
        raise
    attempt.session, attempt.page = page.session, page.address
    attempt.save(update_fields=["session", "page"])
    return attempt


def come_back(attempt: PaymentAttempt) -> PaymentAttempt:
    """What became of a payment that a customer was sent to make, as far as the gateway knows."""
    if not attempt.is_live:
        return attempt
    try:
        return resolve(attempt, gateway_of(attempt.company))
    except GatewayTrouble:
        return attempt


def _opened(invoice: Invoice, gateway: Gateway) -> PaymentAttempt | None:
    """The page that is open for what is to be paid; None when there is none, any more."""
    live = invoice.attempts.live().select_related("method", "invoice__company").first()
    if live is None:
        return None
    if not live.session:
        raise CannotCharge(UNDER_WAY)
    live = resolve(live, gateway)
    if live.is_live and live.gateway_reference:
        raise CannotCharge(UNDER_WAY)
    return live if live.is_live else None


@transaction.atomic
def _begun(invoice: Invoice) -> PaymentAttempt:
    invoice = lock_row(invoice)
    check_payable(invoice)
    return new_attempt(invoice, method=None, by=None)
