"""Rows of the gateway as they are left by what happened there, for tests of screens."""

from datetime import timedelta

from django.utils import timezone

from carter.billing.models import Invoice
from carter.companies.models import Company
from carter.customers.models import Customer
from carter.gateway.collecting import collect_later
from carter.gateway.models import GatewayEvent, PaymentAttempt, StoredMethod
from carter.gateway.retrying import stop
from carter.jobs.models import Job
from tests.builders import a_charge, an_invoice


def gateway_rows(company: Company, words: str) -> None:
    """An invoice whose card has expired, was declined and given up, and one that is retried."""
    customer = company.customers.current().order_by("id").first()
    for is_stopped in (True, False):
        invoice = an_invoice([a_charge(customer, 9_900)])
        method = a_stored_method(invoice, brand=words[:60])
        PaymentAttempt(
            company=company,
            invoice=invoice,
            method=method,
            amount_cents=100,
            on=company.today,
            status="failed",
            words=words[:300],
        ).save()
        collection = collect_later(invoice=invoice, method=method, on=company.today)
        if is_stopped:
            stop(collection, f"{words} " * 3)
    event = GatewayEvent(company=company, event_id="evt_1", kind="refund.created", payload={})
    event.trouble = words[:300]
    event.save()


def a_card_on_file(customer: Customer, *, job: Job | None = None, key: str) -> StoredMethod:
    """A card that the gateway has, for a job or for all that the customer owes."""
    method = StoredMethod(
        customer=customer,
        job=job,
        kind="card",
        brand="Visa",
        last4="4242",
        consent="May be charged.",
        gateway_customer=f"cus_{key}",
        gateway_method=f"pm_{key}",
        ready_at=timezone.now(),
    )
    method.save()
    return method


def a_stored_method(invoice: Invoice, *, brand: str) -> StoredMethod:
    method = StoredMethod(
        customer=invoice.customer,
        kind="card",
        brand=brand,
        last4="4242",
        expires_on=invoice.company.today - timedelta(days=1),
        consent=f"{brand} may be charged. " * 20,
        gateway_customer="cus_1",
        gateway_method=f"pm_{invoice.pk}",
        ready_at=timezone.now(),
    )
    method.save()
    return method
