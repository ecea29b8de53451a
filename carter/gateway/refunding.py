"""Giving back through the gateway what was paid through it."""

from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone

from carter.billing.models import Payment
from carter.billing.posting import CannotPost, check_amount
from carter.billing.taking_back import refund_payment
from carter.companies.models import Member
from carter.companies.money import money
from carter.companies.rights import Right, require
from carter.customers.locking import lock_row
from carter.gateway.connecting import gateway_of
from carter.gateway.models import RefundAttempt
from carter.gateway.protocol import (
    AnswerLost,
    Gateway,
    GivenBack,
    KeysRefused,
    NotConnected,
    Refused,
)

Status = RefundAttempt.Status


def came_through_gateway(payment: Payment) -> bool:
    """Whether the gateway took it, and so can give it back."""
    return payment.kind == Payment.Kind.PAYMENT and bool(payment.gateway_reference)


def refund_through_gateway(
    payment: Payment, *, amount_cents: int, token: UUID | None = None, by: Member | None
) -> RefundAttempt:
    """Give so much back to the card or account it came from, of what is not applied to invoices.

    With a token it is given back once, however often it is sent. What came of it is in the
    attempt. Raises CannotPost, NotConnected and KeysRefused.
    """
    require(by, Right.TAKE_BACK)
    known: RefundAttempt | None = (
        payment.refund_attempts.filter(token=token).first() if token else None
    )
    if known is not None:
        return known
    gateway = gateway_of(payment.company)
    return _ask(_begun(payment, amount_cents, token or uuid4(), by), gateway)


def resolve_refund(attempt: RefundAttempt, gateway: Gateway) -> RefundAttempt:
    """What became of a refund to which no answer came: it is found, or asked for once more."""
    found = gateway.find_refund(attempt)
    return record_refund(attempt, found) if found else _ask(attempt, gateway)


@transaction.atomic
def record_refund(attempt: RefundAttempt, given: GivenBack) -> RefundAttempt:
    """Take note of what the gateway says, once however often it comes.

    Raises CannotPost when what was given back is applied to an invoice meanwhile, or came back
    from the bank after it was booked.
    """
    attempt = _locked(attempt)
    if attempt.refund_id is not None and given.has_failed:
        cents = money(given.cents, attempt.company.currency)
        raise CannotPost(
            f"A refund of {cents} came back from the bank after it was booked. Give it back"
            " another way, or record it as a payment."
        )
    if attempt.refund_id is not None or (given.has_failed and not attempt.is_live):
        return attempt
    attempt.gateway_reference, attempt.settled_at = given.reference, timezone.now()
    if given.has_failed:
        attempt.status, attempt.words = Status.FAILED, given.words[:300]
    else:
        attempt.status = Status.SUCCEEDED
        attempt.refund = book_refund(attempt.payment, given, by=attempt.by)
    attempt.save()
    return attempt


def book_refund(payment: Payment, given: GivenBack, *, by: Member | None) -> Payment:
    """The refund in the book, once for the gateway's own."""
    return refund_payment(
        payment,
        amount_cents=given.cents,
        reference=payment.reference,
        key=f"gateway/{given.reference}"[:80],
        gateway_reference=given.reference,
        by=by if by and by.may(Right.TAKE_BACK) else None,
    )


@transaction.atomic
def _begun(payment: Payment, cents: int, token: UUID, by: Member | None) -> RefundAttempt:
    """Write down that money is about to be given back. Raises CannotPost."""
    lock_row(payment.parts.order_by("id")[0])
    if not came_through_gateway(payment):
        raise CannotPost("It did not come through the gateway: give it back another way.")
    check_amount(cents, "A refund", payment.company)
    left = sum(part.unapplied_cents for part in payment.parts.unapplied())
    if cents > left:
        at_most = money(left, payment.company.currency)
        raise CannotPost(
            f"Only {at_most} of it is neither applied nor given back. To give back more, take it"
            " off its invoices first."
        )
    attempt = RefundAttempt(
        company=payment.company, payment=payment, amount_cents=cents, token=token, by=by
    )
    try:
        with transaction.atomic():
            attempt.save()
    except IntegrityError:
        raise CannotPost("A refund of it is under way. Wait until it is known.") from None
    return attempt


def _ask(attempt: RefundAttempt, gateway: Gateway) -> RefundAttempt:
    try:
        given = gateway.refund(attempt)
    except AnswerLost:
        return _settle_live(attempt, Status.UNKNOWN, "")
    except Refused as reason:
        return _settle_live(attempt, Status.FAILED, str(reason))
    except (NotConnected, KeysRefused) as reason:
        _settle_live(attempt, Status.CANCELED, str(reason))
        raise
    return record_refund(attempt, given)


@transaction.atomic
def _settle_live(attempt: RefundAttempt, status: str, words: str) -> RefundAttempt:
    attempt = _locked(attempt)
    if attempt.is_live:
        attempt.status, attempt.words = status, words[:300]
        attempt.settled_at = None if status == Status.UNKNOWN else timezone.now()
        attempt.save()
    return attempt


def _locked(attempt: RefundAttempt) -> RefundAttempt:
    """After the customers of its payment, as whoever posts locks them."""
    lock_row(attempt.payment.parts.order_by("id")[0])
    attempts = RefundAttempt.across_companies.select_for_update(of=("self",))
    found: RefundAttempt = attempts.select_related("payment__company").get(pk=attempt.pk)
    return found
