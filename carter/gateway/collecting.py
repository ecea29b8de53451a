"""Auto-pay: charging invoices to cards and bank accounts on file when their day has come."""

from dataclasses import dataclass
from datetime import date

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from carter.billing.models import Invoice
from carter.billing.posting import CannotPost, place_of
from carter.companies.models import Company, Member
from carter.companies.rights import Right, require
from carter.customers.locking import lock_row
from carter.gateway.charging import CannotCharge, ask, begin
from carter.gateway.connecting import gateway_of
from carter.gateway.models import AutoPayStop, Collection, PaymentAttempt, StoredMethod
from carter.gateway.models.attempt import CollectionQuerySet
from carter.gateway.protocol import GatewayTrouble
from carter.gateway.retrying import stop
from carter.gateway.switches import auto_pay_is_on

log = structlog.get_logger(__name__)


@dataclass
class Collected:
    """What a round of auto-pay did: how many were charged, declined, stopped; `trouble` says why
    it ended early."""

    paid: int = 0
    declined: int = 0
    stopped: int = 0
    unknown: int = 0
    trouble: str = ""


@transaction.atomic
def collect_later(*, invoice: Invoice, method: StoredMethod, on: date) -> Collection:
    """Have an issued invoice charged to a card or bank account on file, from a day on; once.

    Raises CannotPost when the invoice is a draft, or the card is another customer's.
    """
    invoice = lock_row(invoice)
    if (known := Collection.across_companies.filter(invoice=invoice).first()) is not None:
        return known
    if invoice.is_draft:
        raise CannotPost("A draft is not charged. Issue it first.")
    if method.refreshed().customer_id != invoice.customer_id:
        raise CannotPost(f"{method} is not on file for the customer of {invoice}.")
    collection = Collection(
        company=invoice.company, invoice=invoice, method=method, on=on, next_on=on
    )
    collection.save()
    return collection


@transaction.atomic
def collect_again(collection: Collection, *, method: StoredMethod, by: Member | None) -> Collection:
    """Take up again what was given up, from today on, with the same card or another one.

    Raises CannotCharge when it cannot be charged.
    """
    require(by, Right.TAKE_PAYMENT)
    invoice = lock_row(collection.invoice)
    collection = Collection.across_companies.select_for_update().get(pk=collection.pk)
    if not invoice.open_cents:
        raise CannotCharge(f"Nothing is to be paid on {invoice}.")
    if not method.is_on_file or method.customer_id != invoice.customer_id:
        raise CannotCharge(f"{method} is not on file for the customer of {invoice}.")
    collection.method, collection.next_on = method, invoice.company.today
    collection.since, collection.stopped_at, collection.why = timezone.now(), None, ""
    collection.save()
    place_of(invoice.customer, [invoice.job]).record(
        f"had {invoice} charged to {method} again", by=by
    )
    return collection


def due_collections(company: Company, today: date) -> CollectionQuerySet:
    """What is to be charged by a day: not of customers who are not to be charged by themselves,
    nor while somebody is paying."""
    live = PaymentAttempt.across_companies.live().filter(invoice=OuterRef("invoice"))
    stops = AutoPayStop.across_companies.standing().filter(customer=OuterRef("invoice__customer"))
    due: CollectionQuerySet = company.collections.due(today)
    return due.exclude(Exists(live)).exclude(Exists(stops))


def collect_due(company: Company, today: date) -> Collected:
    """Charge every invoice of a company whose day has come; one after the other, each once.

    Safe anywhere and at the same time. Ends early while the gateway is away or refuses the keys.
    """
    done = Collected()
    if not auto_pay_is_on(company):
        return done
    due = due_collections(company, today).order_by("next_on", "id")
    ids = list(due.values_list("pk", flat=True))
    try:
        if ids:
            gateway_of(company).name()
        for pk in ids:
            _collect(company.collections.get(pk=pk), done)
    except GatewayTrouble as trouble:
        done.trouble = str(trouble)
        log.warning("auto-pay ended early", company=company.pk, trouble=str(trouble))
    return done


def _collect(collection: Collection, done: Collected) -> None:
    """Charge one; what cannot be charged for a reason of its own is given up, and the desk told."""
    attempt = _begun(collection)
    if attempt is None:
        done.stopped += collection.refreshed().is_stopped
        return
    attempt = ask(attempt)
    done.paid += attempt.status == PaymentAttempt.Status.SUCCEEDED
    done.declined += attempt.status == PaymentAttempt.Status.FAILED
    done.unknown += attempt.status == PaymentAttempt.Status.UNKNOWN


@transaction.atomic
def _begun(collection: Collection) -> PaymentAttempt | None:
    """An attempt to charge it, unless somebody else did or does, or it cannot be charged."""
    invoice = lock_row(collection.invoice)
    collection = Collection.across_companies.select_for_update().get(pk=collection.pk)
    is_due = collection.next_on is not None and not collection.is_stopped
    if not is_due or not invoice.open_cents or invoice.attempts.live().exists():
        return None
    try:
        return begin(invoice, method=collection.method, by=None)
    except CannotCharge as reason:
        stop(collection, str(reason))
        place_of(invoice.customer, [invoice.job]).record(
            f"stopped auto-pay of {invoice}. {reason}", by=None
        )
        return None
