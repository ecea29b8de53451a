"""Money that went back: refunds, returned checks, chargebacks, and what was logged by mistake."""

from collections.abc import Callable
from datetime import date
from functools import partial

from django.db import transaction

from carter.billing.applying import take_all_off
from carter.billing.ledger import log_charge
from carter.billing.models import Charge, Payment, PaymentPart
from carter.billing.posting import CannotPost, business_day, check_amount, own_day, place_of, post
from carter.billing.settling import settle_part
from carter.companies.models import Member
from carter.companies.money import money
from carter.companies.rights import Right, require
from carter.customers.locking import lock_row


@transaction.atomic
def refund_payment(
    payment: Payment,
    *,
    amount_cents: int,
    method: str = "",
    reference: str = "",
    on: date | None = None,
    key: str | None = None,
    gateway_reference: str | None = None,
    by: Member | None,
) -> Payment:
    """Give money back, of what is not applied to invoices; of a credit, what is left of it.

    `method` is how it went back, default as it came. Raises CannotPost.
    """
    require(by, Right.TAKE_BACK)
    payment, parts = _locked(payment)
    if key and (posted := payment.company.payments.filter(key=key).first()):
        return posted
    check_amount(amount_cents, "A refund", payment.company)
    left = sum(part.unapplied_cents for part in parts)
    if amount_cents > left:
        at_most = money(left, payment.company.currency)
        raise CannotPost(
            f"Only {at_most} of it is neither applied nor given back. To give back more, take it"
            " off its invoices first.",
            about="amount",
        )
    day = business_day(payment.company, on)
    if day < payment.on:
        raise CannotPost("It cannot be given back before it was paid.", about="on")
    refund = Payment(
        kind=Payment.Kind.REFUND,
        method=method or payment.method,
        reference=reference,
        gateway_reference=gateway_reference,
        key=key,
        on=day,
        by=by,
    )
    return _take_from(payment, parts, refund, amount_cents, "gave a refund")


@transaction.atomic
def return_payment(
    payment: Payment,
    *,
    kind: str = Payment.Kind.RETURNED,
    fee_cents: int = 0,
    reference: str = "",
    on: date | None = None,
    key: str | None = None,
    gateway_reference: str | None = None,
    by: Member | None,
) -> Payment:
    """A check bounced, or (`kind`) a card payment was charged back: it is owed again.

    All that is left of the payment goes, off its invoices, too. `fee_cents` is charged as a
    returned-payment fee. Raises CannotPost.
    """
    require(by, Right.TAKE_BACK)
    if kind not in (Payment.Kind.RETURNED, Payment.Kind.CHARGEBACK):
        raise ValueError(f"{kind} is not how a payment comes back.")
    payment, _ = _locked(payment)
    if key and (posted := payment.company.payments.filter(key=key).first()):
        return posted
    if payment.kind != Payment.Kind.PAYMENT:
        raise CannotPost("Only a payment can be returned.")
    day = business_day(payment.company, on)
    if day < payment.on:
        raise CannotPost("It cannot come back before it was paid.", about="on")
    returned = Payment(
        kind=kind,
        method=payment.method,
        reference=reference,
        gateway_reference=gateway_reference,
        key=key,
        on=day,
        by=by,
    )
    what = (
        "recorded a returned payment" if kind == Payment.Kind.RETURNED else "recorded a chargeback"
    )
    returned = _take_all(payment, returned, lambda _: day, what)
    if fee_cents:
        _charge_fee(returned, fee_cents)
    return returned


@transaction.atomic
def void_payment(payment: Payment, *, reason: str, by: Member | None) -> Payment:
    """Take back a payment or credit that was logged by mistake, as if it had never been.

    On its own business day, or today when that day's books are closed. Raises CannotPost when the
    gateway took it: that money is really there.
    """
    require(by, Right.TAKE_BACK)
    payment, _ = _locked(payment)
    if payment.of_id is not None:
        raise CannotPost("This takes a payment back. Record the payment again instead.")
    if payment.gateway_reference is not None:
        raise CannotPost("It was paid through the gateway: refund it there.")
    if not reason.strip():
        raise CannotPost("Say why it is void.", about="reason")
    void = Payment(
        kind=Payment.Kind.CREDIT_VOID if payment.is_credit else Payment.Kind.VOID,
        method=payment.method,
        description=reason.strip(),
        on=own_day(payment.company, payment.on),
        by=by,
    )
    what = "took a credit back" if payment.is_credit else "voided a payment"
    return _take_all(payment, void, partial(own_day, payment.company), what)


def _take_all(payment: Payment, back: Payment, day: Callable[[date], date], what: str) -> Payment:
    """Take back all that is left of a payment, wherever it was applied."""
    take_all_off(payment, day=day, by=back.by)
    parts = _left_of(payment)
    left = sum(part.unapplied_cents for part in parts)
    if not left:
        raise CannotPost("Nothing is left of it: it was taken back already.")
    return _take_from(payment, parts, back, left, what)


def _take_from(
    payment: Payment, parts: list[PaymentPart], back: Payment, cents: int, what: str
) -> Payment:
    """Post what takes so much of a payment back, the last part first."""
    back.company, back.of, back.amount_cents = payment.company, payment, -cents
    back.save()
    jobs = []
    for part in reversed(parts):
        some = min(cents, part.unapplied_cents)
        cents -= some
        if some:
            _post_back(back, part, some)
            jobs.append(part.job)
    place_of(parts[0].customer, jobs).record(what, by=back.by)
    return back


def _post_back(back: Payment, part: PaymentPart, cents: int) -> None:
    post(
        PaymentPart(
            payment=back,
            customer=part.customer,
            born_to=part.born_to,
            job=part.job,
            amount_cents=-cents,
            takes_from=part,
            on=max(back.on, part.on),
            by=back.by,
        )
    )
    settle_part(part)


def _charge_fee(returned: Payment, cents: int) -> None:
    """The fee is owed where the money had been: for its job when it is one, else on account."""
    parts = list(returned.parts.select_related("customer", "job"))
    jobs = {part.job for part in parts}
    log_charge(
        customer=parts[0].customer,
        job=jobs.pop() if len(jobs) == 1 else None,
        kind=Charge.Kind.RETURNED,
        amount_cents=cents,
        on=returned.on,
        by=returned.by,
    )


def _locked(payment: Payment) -> tuple[Payment, list[PaymentPart]]:
    """A payment and what is left of it, with everybody who has a part of it locked."""
    first = payment.parts.order_by("id")[0]
    lock_row(first, with_customers=lambda: _holders(payment))
    now = Payment.across_companies.select_related("company").get(pk=payment.pk)
    return now, _left_of(now)


def _holders(payment: Payment) -> set[int]:
    return {pk for both in payment.parts.values_list("customer", "born_to") for pk in both}


def _left_of(payment: Payment) -> list[PaymentPart]:
    found = payment.parts.unapplied().select_related("customer", "born_to", "job", "company")
    return list(found.order_by("id"))
