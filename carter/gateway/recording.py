"""Taking note of what became of a payment at the gateway.

One door for the answer, the gateway's events, the page a customer comes back to, and the sweeper:
however often and in whatever order they come, a payment is recorded once. Success is final;
whatever else is heard of an attempt gives way to it.
"""

from django.db import transaction
from django.utils import timezone

from carter.billing.ledger import record_payment
from carter.billing.models import Payment
from carter.billing.posting import place_of
from carter.companies.models import Member
from carter.companies.rights import Right
from carter.customers.locking import lock_row
from carter.gateway.models import Collection, PaymentAttempt
from carter.gateway.protocol import State, Taken
from carter.gateway.retrying import after_decline

Status = PaymentAttempt.Status


@transaction.atomic
def record(attempt: PaymentAttempt, taken: Taken) -> PaymentAttempt:
    """Take note of what the gateway says of an attempt. Raises CannotPost: the books are closed."""
    invoice = lock_row(attempt.invoice)
    attempt = invoice.attempts.select_for_update(of=("self",)).get(pk=attempt.pk)
    attempt.invoice = invoice
    if taken.state == State.SUCCEEDED:
        _succeed(attempt, taken)
    elif attempt.is_live:
        _note(attempt, taken)
    return attempt


@transaction.atomic
def mark_unknown(attempt: PaymentAttempt) -> PaymentAttempt:
    """No answer came: it is asked for until one does. Nothing when it is known by now."""
    return _settle_live(attempt, Status.UNKNOWN, "")


@transaction.atomic
def call_off(attempt: PaymentAttempt, words: str = "") -> PaymentAttempt:
    """The gateway never did it, and never will. Nothing when it is known to be otherwise."""
    return _settle_live(attempt, Status.CANCELED, words)


def _succeed(attempt: PaymentAttempt, taken: Taken) -> None:
    payment = _booked(attempt, taken)
    if attempt.payment_id is not None:
        return
    attempt.status, attempt.payment, attempt.settled_at = Status.SUCCEEDED, payment, timezone.now()
    attempt.gateway_reference, attempt.letter_due = taken.reference, True
    attempt.code = attempt.words = ""
    attempt.is_hard = False
    attempt.save()
    collections = Collection.across_companies.filter(invoice=attempt.invoice_id)
    collections.update(next_on=None, stopped_at=None, why="")


def _booked(attempt: PaymentAttempt, taken: Taken) -> Payment:
    """The payment in the book: applied to its invoice as far as that is open, else a deposit."""
    invoice, reference = attempt.invoice, taken.reference
    known = invoice.company.payments.filter(gateway_reference=reference).first()
    if known is not None:
        return known
    some = min(taken.cents, invoice.open_cents)
    return record_payment(
        customer=invoice.customer,
        job=invoice.job,
        method=Payment.Method.CARD if taken.is_card else Payment.Method.ACH,
        amount_cents=taken.cents,
        reference=taken.means or str(attempt.method or ""),
        to={invoice: some} if some else {},
        key=f"gateway/{reference}"[:80],
        gateway_reference=reference,
        by=signed_by(attempt.by),
    )


def _note(attempt: PaymentAttempt, taken: Taken) -> None:
    """Under way, declined or called off. A page on which a card was declined takes another one."""
    attempt.gateway_reference = taken.reference or attempt.gateway_reference
    if taken.state == State.PROCESSING:
        attempt.status = Status.PENDING
    elif taken.state == State.CANCELED:
        attempt.status, attempt.settled_at = Status.CANCELED, timezone.now()
    elif taken.state == State.FAILED:
        attempt.status, attempt.settled_at = Status.FAILED, timezone.now()
        attempt.code, attempt.words, attempt.is_hard = taken.code, taken.words, taken.is_hard
    attempt.save()
    if attempt.status == Status.FAILED:
        _tell(attempt)


def _tell(attempt: PaymentAttempt) -> None:
    """Write into History that it was declined; when nothing more is tried, the customer is told."""
    invoice = attempt.invoice
    means = str(attempt.method or "A payment")
    place = place_of(invoice.customer, [invoice.job])
    place.record(f"{means} was declined for {invoice}. {attempt.words}", by=signed_by(attempt.by))
    if after_decline(attempt):
        attempt.letter_due = True
        attempt.save(update_fields=["letter_due"])


def _settle_live(attempt: PaymentAttempt, status: str, words: str) -> PaymentAttempt:
    attempt = PaymentAttempt.across_companies.select_for_update(of=("self",)).get(pk=attempt.pk)
    if attempt.is_live:
        attempt.status, attempt.words = status, words[:300]
        attempt.settled_at = None if status == Status.UNKNOWN else timezone.now()
        attempt.save()
    return attempt


def signed_by(by: Member | None) -> Member | None:
    """Who asked for it; nobody when they may not any more by the time the answer comes."""
    return by if by and by.may(Right.TAKE_PAYMENT) else None
