"""Whether the gateway and the book agree: every payment there is in the book once, and no other."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils import timezone

from carter.billing.models import Payment
from carter.companies.models import Company
from carter.companies.money import money
from carter.customers.checking import Rule
from carter.gateway.connecting import gateway_of
from carter.gateway.models import GatewayAccount
from carter.gateway.protocol import GatewayTrouble, State, Taken

LOOKED_BACK = timedelta(days=90)


def reconcile(company: Company, *, since: datetime | None = None) -> Iterator[str]:
    """What differs since a moment (default: 90 days ago), each in a few words.

    Only payments that Carter asked the gateway for. Raises GatewayTrouble.
    """
    since = since or timezone.now() - LOOKED_BACK
    paid = [
        taken
        for taken in gateway_of(company).payments(since=since)
        if taken.state == State.SUCCEEDED
    ]
    yield from _not_as_in_the_book(company, paid)
    yield from _not_at_the_gateway(company, paid, since)
    yield from _paid_twice(company, paid)


def _differences(company_id: int | None) -> Iterator[str]:
    """What differs in a company, or in each that has a gateway; one that does not answer, too."""
    accounts = GatewayAccount.across_companies.exclude(secret_key="").select_related("company")
    if company_id is not None:
        accounts = accounts.filter(company=company_id)
    for account in accounts:
        try:
            yield from reconcile(account.company)
        except GatewayTrouble as trouble:
            yield f"{account.company}: {trouble}"


SAME_PAYMENTS = Rule("The gateway and the book have the same payments.", _differences)


def _not_as_in_the_book(company: Company, paid: list[Taken]) -> Iterator[str]:
    ours = company.payments.filter(kind=Payment.Kind.PAYMENT, gateway_reference__isnull=False)
    booked = dict(ours.values_list("gateway_reference", "amount_cents"))
    for taken in paid:
        cents = booked.get(taken.reference)
        if cents is None:
            yield f"{taken.reference}, {money(taken.cents, company.currency)}, is not in the book"
        elif cents != taken.cents:
            yield f"{taken.reference} is another amount in the book"


def _not_at_the_gateway(company: Company, paid: list[Taken], since: datetime) -> Iterator[str]:
    there = {taken.reference for taken in paid}
    attempts = company.payment_attempts.filter(status="succeeded", at__gte=since)
    for reference in attempts.order_by("id").values_list("gateway_reference", flat=True):
        if reference not in there:
            yield f"{reference} is in the book, but not paid at the gateway"


def _paid_twice(company: Company, paid: list[Taken]) -> Iterator[str]:
    """One attempt is one payment, else a customer was charged twice."""
    times = Counter(taken.token for taken in paid)
    for token, count in times.items():
        if count > 1:
            attempt = company.payment_attempts.filter(token=token).first()
            yield f"{attempt and attempt.invoice} was charged {count} times for one attempt"
