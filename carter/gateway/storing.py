"""Putting a card or bank account on file, and taking it off."""

from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from carter.billing.posting import place_of
from carter.companies.models import Member
from carter.companies.rights import Right, require
from carter.customers.locking import lock_customer, lock_row
from carter.customers.models import Customer
from carter.gateway.connecting import gateway_of
from carter.gateway.models import Collection, StoredMethod
from carter.gateway.protocol import GatewayTrouble, OnFile, Page
from carter.gateway.retrying import stop
from carter.jobs.models import Job

CONSENT = (
    "{customer} agrees that {company} keeps this card or bank account on file and charges it for"
    " invoices when they are due, until {customer} takes this back in writing or by telephone."
)


def consent_words(customer: Customer) -> str:
    """What a customer is read, or reads, before a card is put on file."""
    return CONSENT.format(customer=customer, company=customer.company)


def begin_storing(
    customer: Customer,
    *,
    job: Job | None = None,
    back: Callable[[StoredMethod], str],
    given_up: str,
    agreed_from: str | None = None,
    by: Member | None,
) -> Page:
    """Write down that the customer agreed, and have the gateway make the page for the card.

    `back` says where the page leads when it is done. Raises GatewayTrouble: nothing is on file.
    """
    require(by, Right.TAKE_PAYMENT)
    gateway = gateway_of(customer.company)
    method = _agreed(customer, job, agreed_from, by)
    page = gateway.page_to_store(method, back=back(method), given_up=given_up)
    method.session = page.session
    method.save(update_fields=["session"])
    return page


def finish_storing(method: StoredMethod) -> StoredMethod:
    """Look at the gateway whether the card is on file now. Once it is, nothing more is done."""
    if method.ready_at is not None or not method.session:
        return method
    found = gateway_of(method.company).stored(method)
    return _put_on_file(method, found) if found else method


@transaction.atomic
def remove_method(method: StoredMethod, *, by: Member | None) -> StoredMethod:
    """Take it off file: nothing is charged to it any more; what was to be, a person looks after."""
    require(by, Right.TAKE_PAYMENT)
    method = lock_row(method)
    if method.removed_at is not None:
        return method
    method.removed_at = timezone.now()
    method.save(update_fields=["removed_at"])
    place_of(method.customer, [method.job]).record(f"removed {method} from file", by=by)
    for collection in Collection.across_companies.filter(method=method, next_on__isnull=False):
        stop(collection, f"{method} was removed from file.")
    return method


def forget_at_gateway(method: StoredMethod) -> bool:
    """Have the gateway forget a removed one, too; whether it did. Carter asks it no more anyway."""
    if not method.gateway_method or method.removed_at is None:
        return False
    try:
        gateway_of(method.company).forget(method)
    except GatewayTrouble:
        return False
    return True


@transaction.atomic
def _agreed(
    customer: Customer, job: Job | None, agreed_from: str | None, by: Member | None
) -> StoredMethod:
    customer = lock_customer(customer)
    method = StoredMethod(
        customer=customer,
        job=job,
        consent=consent_words(customer),
        agreed_from=agreed_from,
        by=by,
    )
    method.save()
    return method


@transaction.atomic
def _put_on_file(method: StoredMethod, found: OnFile) -> StoredMethod:
    method = lock_row(method)
    if method.ready_at is not None:
        return method
    method.kind = StoredMethod.Kind.CARD if found.is_card else StoredMethod.Kind.BANK
    method.brand, method.last4, method.expires_on = found.brand, found.last4, found.expires_on
    method.gateway_customer, method.gateway_method = found.gateway_customer, found.gateway_method
    method.ready_at = timezone.now()
    method.save()
    place_of(method.customer, [method.job]).record(f"put {method} on file", by=method.by)
    return method
