"""Finding out what became of attempts to which no answer came."""

from datetime import timedelta

import structlog
from django.utils import timezone

from carter.billing.posting import CannotPost
from carter.companies.models import Company
from carter.gateway.charging import ask
from carter.gateway.connecting import gateway_of
from carter.gateway.models import PaymentAttempt, RefundAttempt
from carter.gateway.protocol import AnswerLost, Gateway, KeysRefused, NotConnected, Refused
from carter.gateway.recording import call_off, record
from carter.gateway.refunding import resolve_refund

log = structlog.get_logger(__name__)

IN_FLIGHT = timedelta(minutes=2)
"""So long a process may still be talking to the gateway; after it, it is done or dead."""
KEPT_KEYS = timedelta(hours=20)
"""For a day Stripe knows that it was asked before; later, asking again might charge twice."""
NEVER_HEARD = "The payment gateway never heard of it."


def resolve_unknown(company: Company, *, in_flight: timedelta = IN_FLIGHT) -> int:
    """Ask the gateway about every attempt of a company that hangs; how many are known now.

    Also about those at the bank and on the gateway's page, should their event never have come.
    """
    before = timezone.now() - in_flight
    payments = company.payment_attempts.live().filter(at__lte=before).order_by("id")
    refunds = company.refund_attempts.live().filter(at__lte=before).order_by("id")
    hanging = [
        *payments.select_related("method", "invoice__company"),
        *refunds.select_related("payment__company"),
    ]
    try:
        return sum(_resolved(attempt, gateway_of(company)) for attempt in hanging)
    except (NotConnected, KeysRefused, AnswerLost) as trouble:
        log.warning("attempts not resolved", company=company.pk, trouble=str(trouble))
        return 0


def _resolved(attempt: PaymentAttempt | RefundAttempt, gateway: Gateway) -> bool:
    """Whether it is known now what became of one; one that is not does not keep the others."""
    try:
        if isinstance(attempt, RefundAttempt):
            return not resolve_refund(attempt, gateway).is_live
        return not resolve(attempt, gateway).is_live
    except (Refused, CannotPost) as trouble:
        log.warning("attempt not resolved", attempt=attempt.pk, trouble=str(trouble))
        return False


def resolve(attempt: PaymentAttempt, gateway: Gateway) -> PaymentAttempt:
    """What became of one attempt: by what the gateway noted with it, else by asking once more.

    Asking again is safe: the attempt's token makes the gateway do it once. Not when the invoice
    was paid meanwhile, or the gateway may have forgotten the token: then it is called off.
    """
    if attempt.gateway_reference:
        return record(attempt, gateway.payment(attempt.gateway_reference))
    if attempt.session and attempt.invoice.open_cents != attempt.amount_cents:
        _close(attempt, gateway)
    if (taken := gateway.find(attempt)) is not None:
        return record(attempt, taken)
    if attempt.method is None or not _may_ask_again(attempt):
        return call_off(attempt, NEVER_HEARD)
    return ask(attempt)


def _close(attempt: PaymentAttempt, gateway: Gateway) -> None:
    """Let nobody pay what is not owed any more, unless they have paid already."""
    try:
        gateway.close_page(attempt)
    except Refused:
        log.info("page not closed", attempt=attempt.pk)


def _may_ask_again(attempt: PaymentAttempt) -> bool:
    method = attempt.method
    return (
        attempt.at > timezone.now() - KEPT_KEYS
        and attempt.invoice.open_cents >= attempt.amount_cents
        and method is not None
        and method.is_on_file
    )
