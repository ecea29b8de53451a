"""Charging invoices to cards and bank accounts on file when their day has come."""

from datetime import date

from django.db import transaction

from carter.billing.models import Invoice
from carter.billing.posting import CannotPost
from carter.customers.locking import lock_row
from carter.gateway.models import Collection, StoredMethod


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
