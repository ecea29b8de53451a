"""Charging a card or bank account on file.

The attempt is committed before the gateway hears of it, and no transaction is open while it is
asked: whatever happens in between, what became of it can be found out.
"""

from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone

from carter.billing.models import Invoice
from carter.billing.posting import CannotPost
from carter.companies.models import Member
from carter.companies.rights import Right, require
from carter.customers.locking import lock_row
from carter.gateway.connecting import gateway_of
from carter.gateway.models import PaymentAttempt, StoredMethod
from carter.gateway.protocol import AnswerLost, KeysRefused, NotConnected, Refused, State, Taken
from carter.gateway.recording import call_off, mark_unknown, record
from carter.gateway.retrying import MOST_TRIES, WITHIN

UNDER_WAY = (
    "A payment of it through the gateway is under way. Wait until it is known what became of it."
)


class CannotCharge(CannotPost):
    """The card is not charged; nothing was asked of the gateway."""


def charge_on_file(
    invoice: Invoice, *, method: StoredMethod, token: UUID | None = None, by: Member | None
) -> PaymentAttempt:
    """Charge what is open of an invoice to a card or bank account on file, now.

    With a token it is charged once, however often it is sent. What came of it is in the attempt.
    Raises CannotCharge, NotConnected and KeysRefused.
    """
    require(by, Right.TAKE_PAYMENT)
    known: PaymentAttempt | None = invoice.attempts.filter(token=token).first() if token else None
    if known is not None:
        return known
    gateway_of(invoice.company)
    return ask(begin(invoice, method=method, token=token, by=by))


@transaction.atomic
def begin(
    invoice: Invoice, *, method: StoredMethod, token: UUID | None = None, by: Member | None
) -> PaymentAttempt:
    """Write down that an invoice is about to be charged. Raises CannotCharge."""
    invoice = lock_row(invoice)
    method = invoice.company.stored_methods.get(pk=method.pk)
    check_payable(invoice)
    _check_method(method, invoice)
    since = timezone.now() - WITHIN
    tried = invoice.attempts.filter(at__gte=since, status="failed", session="")
    if tried.count() >= MOST_TRIES:
        raise CannotCharge(
            f"{invoice} was declined {MOST_TRIES} times within 30 days. Ask for another way to pay."
        )
    return new_attempt(invoice, method=method, token=token, by=by)


def check_payable(invoice: Invoice) -> None:
    """Raise CannotCharge unless something is to be paid on it, and nobody is paying it."""
    if not invoice.open_cents:
        raise CannotCharge(f"Nothing is to be paid on {invoice}.")
    if invoice.attempts.live().exists():
        raise CannotCharge(UNDER_WAY)


def new_attempt(
    invoice: Invoice,
    *,
    method: StoredMethod | None,
    token: UUID | None = None,
    by: Member | None,
) -> PaymentAttempt:
    """The one live attempt at an invoice, for what is open of it. Raises CannotCharge."""
    attempt = PaymentAttempt(
        company=invoice.company,
        invoice=invoice,
        method=method,
        amount_cents=invoice.open_cents,
        on=invoice.company.today,
        token=token or uuid4(),
        by=by,
    )
    try:
        with transaction.atomic():
            attempt.save()
    except IntegrityError:
        raise CannotCharge(UNDER_WAY) from None
    return attempt


def ask(attempt: PaymentAttempt) -> PaymentAttempt:
    """Have the gateway charge what was written down, as often as need be: it does it once.

    Raises NotConnected and KeysRefused; then nothing was done.
    """
    try:
        taken = gateway_of(attempt.company).charge(attempt)
    except (NotConnected, KeysRefused) as reason:
        call_off(attempt, str(reason))
        raise
    except AnswerLost:
        return mark_unknown(attempt)
    except Refused as reason:
        taken = _refused(attempt, str(reason))
    return record(attempt, taken)


def _refused(attempt: PaymentAttempt, words: str) -> Taken:
    """The gateway knows the card no longer, or will not have the amount: no use to repeat it."""
    return Taken("", State.FAILED, attempt.amount_cents, words=words[:300], is_hard=True)


def _check_method(method: StoredMethod, invoice: Invoice) -> None:
    if not method.is_on_file:
        raise CannotCharge(f"{method} is not on file any more. Choose another, or add one.")
    if method.customer_id != invoice.customer_id:
        raise CannotCharge(f"{method} is not on file for the customer of {invoice}.")
    if method.has_expired(invoice.company.today):
        raise CannotCharge(f"{method} has expired. Ask for another card.")
