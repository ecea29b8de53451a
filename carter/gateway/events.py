"""What the gateway tells by itself: kept as it came, then taken note of, in any order."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import structlog
from django.db import IntegrityError, transaction
from django.utils import timezone

from carter.billing.ledger import record_payment
from carter.billing.models import Payment
from carter.billing.posting import CannotPost
from carter.billing.taking_back import return_payment
from carter.companies.models import Company, Member
from carter.companies.money import money
from carter.companies.rights import Right, require
from carter.gateway.connecting import gateway_of, webhook_secret_of
from carter.gateway.models import Collection, GatewayAccount, GatewayEvent, PaymentAttempt
from carter.gateway.protocol import GatewayTrouble, GivenBack, NotConnected
from carter.gateway.recording import record
from carter.gateway.refunding import book_refund, record_refund
from carter.gateway.resolving import resolve
from carter.gateway.retrying import stop
from carter.gateway.storing import finish_storing
from carter.gateway.stripe import verified

log = structlog.get_logger(__name__)


class Forged(Exception):
    """It does not bear the gateway's signature, or not for this company."""


def receive(account: GatewayAccount, raw: bytes, *, signature: str) -> GatewayEvent:
    """Keep an event that the gateway signed; one that came before is the same. Raises Forged."""
    try:
        secret = webhook_secret_of(account)
    except NotConnected:
        raise Forged from None
    said = verified(raw, signature=signature, secret=secret) if secret else None
    if said is None:
        raise Forged
    event = GatewayEvent(
        company=account.company,
        event_id=str(said.get("id"))[:200],
        kind=str(said.get("type"))[:100],
        payload=said,
    )
    try:
        with transaction.atomic():
            event.save()
    except IntegrityError:
        event = account.company.gateway_events.get(event_id=event.event_id)
    return event


def process_events(company: Company) -> int:
    """Take note of every event of a company that waits; how many are done.

    Those the gateway must be asked about wait while it is away.
    """
    done = 0
    for event in company.gateway_events.waiting().order_by("id"):
        try:
            done += process(event)
        except GatewayTrouble as trouble:
            log.warning("event waits", event_id=event.event_id, trouble=str(trouble))
    return done


def process(event: GatewayEvent) -> bool:
    """Take note of one event; whether it is done. Doing it again changes nothing.

    Raises GatewayTrouble: it waits. What cannot be booked waits, too, and says why to the desk.
    """
    take_note = NOTED.get(event.kind)
    try:
        if take_note is not None:
            take_note(event.company, event.payload["data"]["object"])
    except CannotPost as reason:
        event.trouble = str(reason)[:300]
        event.save(update_fields=["trouble"])
        return False
    event.processed_at = timezone.now()
    event.save(update_fields=["processed_at"])
    return True


def is_settled(event: GatewayEvent) -> bool:
    """Whether it is taken note of without asking: what it tells is known, or is no matter."""
    if event.kind not in NOTED:
        return True
    attempt = _attempt_of(event.company, event.payload["data"]["object"])
    return attempt is not None and attempt.payment_id is not None


@transaction.atomic
def put_aside(event: GatewayEvent, *, by: Member | None) -> None:
    """A person booked by hand what an event tells, or says that it is no matter."""
    require(by, Right.TAKE_BACK)
    waiting = event.company.gateway_events.waiting().filter(pk=event.pk)
    if waiting.update(processed_at=timezone.now()):
        event.company.record(f"put aside what the gateway told: {event.trouble}", by=by)


def _paid(company: Company, said: Mapping[str, Any]) -> None:
    """A payment came further. The event may be old: the gateway is asked how it is now."""
    attempt = _attempt_of(company, said)
    if attempt is None or (attempt.payment_id and attempt.gateway_reference == said["id"]):
        return
    record(attempt, gateway_of(company).payment(str(said["id"])))


def _left_page(company: Company, said: Mapping[str, Any]) -> None:
    """Somebody finished a page of the gateway, or its time ran out."""
    session = str(said["id"])
    for method in company.stored_methods.filter(session=session):
        finish_storing(method)
    attempts = company.payment_attempts.live().filter(session=session)
    for attempt in attempts.select_related("method", "invoice__company"):
        resolve(attempt, gateway_of(company))


def _taken_back(company: Company, said: Mapping[str, Any]) -> None:
    """A card payment was charged back, or a bank debit returned: it is owed again."""
    payment = _payment_of(company, said)
    if payment is None:
        return
    if said["amount"] != payment.amount_cents:
        cents = money(int(said["amount"]), company.currency)
        raise CannotPost(f"Only {cents} of a payment was charged back. Book it by hand.")
    is_card = payment.method == Payment.Method.CARD
    return_payment(
        payment,
        kind=Payment.Kind.CHARGEBACK if is_card else Payment.Kind.RETURNED,
        reference=str(said.get("reason") or "").replace("_", " ")[:100],
        key=f"gateway/{said['id']}"[:80],
        gateway_reference=str(said["id"]),
        by=None,
    )
    what = "charged back" if is_card else "returned by the bank"
    for collection in Collection.across_companies.filter(invoice__attempts__payment=payment):
        stop(collection, f"The payment was {what}.")


def _won(company: Company, said: Mapping[str, Any]) -> None:
    """The bank decided for the company: what was charged back is there again."""
    payment = _payment_of(company, said)
    if payment is None:
        return
    part = payment.parts.select_related("customer", "job").order_by("id")[0]
    reference = f"{said['id']}/won"
    record_payment(
        customer=part.customer,
        job=part.job,
        method=payment.method,
        amount_cents=int(said["amount"]),
        reference=f"{payment.reference}, chargeback won"[:100],
        key=f"gateway/{reference}"[:80],
        gateway_reference=reference,
        by=None,
    )


def _given_back(company: Company, said: Mapping[str, Any]) -> None:
    """Money was given back: by Carter, or by somebody at the gateway itself."""
    given = GivenBack(
        reference=str(said["id"]),
        cents=int(said["amount"]),
        has_failed=said["status"] in ("failed", "canceled"),
        words=str(said.get("failure_reason") or "").replace("_", " "),
    )
    token = as_token(str((said.get("metadata") or {}).get("attempt") or ""))
    attempt = company.refund_attempts.filter(token=token).first() if token else None
    if attempt is not None:
        record_refund(attempt, given)
    elif not given.has_failed and (payment := _payment_of(company, said)) is not None:
        book_refund(payment, given, by=None)


def _payment_of(company: Company, said: Mapping[str, Any]) -> Payment | None:
    """The payment an event is about; recorded now when what tells of it came late."""
    reference = str(said.get("payment_intent") or "")
    payments = company.payments.filter(gateway_reference=reference, kind=Payment.Kind.PAYMENT)
    if reference and not payments.exists():
        taken = gateway_of(company).payment(reference)
        if (attempt := _by_token(company, taken.token)) is not None:
            record(attempt, taken)
    found: Payment | None = payments.first()
    return found


def _attempt_of(company: Company, said: Mapping[str, Any]) -> PaymentAttempt | None:
    """The attempt at which the gateway made a payment; None when Carter did not ask for it."""
    token = str((said.get("metadata") or {}).get("attempt") or "")
    known = company.payment_attempts.filter(gateway_reference=str(said["id"])).first()
    return known or _by_token(company, token)


def _by_token(company: Company, token: str) -> PaymentAttempt | None:
    if not (uuid := as_token(token)):
        return None
    found: PaymentAttempt | None = company.payment_attempts.filter(token=uuid).first()
    return found


def as_token(text: str) -> UUID | None:
    """The token of an attempt; None for what is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


NOTED: dict[str, Callable[[Company, Mapping[str, Any]], None]] = {
    "payment_intent.succeeded": _paid,
    "payment_intent.payment_failed": _paid,
    "payment_intent.processing": _paid,
    "payment_intent.canceled": _paid,
    "checkout.session.completed": _left_page,
    "checkout.session.async_payment_succeeded": _left_page,
    "checkout.session.async_payment_failed": _left_page,
    "checkout.session.expired": _left_page,
    "charge.dispute.funds_withdrawn": _taken_back,
    "charge.dispute.funds_reinstated": _won,
    "refund.created": _given_back,
    "refund.updated": _given_back,
    "refund.failed": _given_back,
}
