"""The deeds that post to the ledger."""

from datetime import date
from typing import TypeVar

from django.db import transaction

from carter.billing.models import Charge, Entry, Payment
from carter.companies.models import Member
from carter.companies.rights import Right, require
from carter.customers.locking import lock_customer, lock_row
from carter.customers.models import Customer
from carter.jobs.models import Job

Document = TypeVar("Document", Charge, Payment)


class CannotPost(Exception):
    """What was asked cannot be posted; the words are for the person at the desk."""


@transaction.atomic
def log_charge(
    *,
    customer: Customer,
    job: Job | None,
    kind: str,
    amount_cents: int,
    description: str = "",
    on: date | None = None,
    by: Member | None,
) -> Charge:
    """Post one amount owed, on a business day (default today).

    For a job it is owed by whoever has the job now, else by the customer.
    """
    require(by, Right.TAKE_PAYMENT)
    customer, job = _who_has(customer, job)
    charge = Charge(
        customer=customer,
        job=job,
        kind=kind,
        description=description,
        amount_cents=amount_cents,
        on=on or customer.company.today,
        by=by,
    )
    return _posted(charge, "logged a charge")


@transaction.atomic
def counter_charge(charge: Charge, *, by: Member | None) -> Charge:
    """Take a wrong charge back by posting its mirror, on the charge's own business day."""
    require(by, Right.TAKE_PAYMENT)
    charge = lock_row(charge)
    if charge.counters_id is not None or Charge.across_companies.filter(counters=charge).exists():
        raise CannotPost("This charge is already taken back.")
    mirror = Charge(
        customer=charge.customer,
        born_to=charge.born_to,
        job=charge.job,
        kind=charge.kind,
        description=charge.description,
        amount_cents=-charge.amount_cents,
        counters=charge,
        on=charge.on,
        by=by,
    )
    return _posted(mirror, "took a charge back")


@transaction.atomic
def record_payment(
    *,
    customer: Customer,
    job: Job | None,
    method: str,
    amount_cents: int,
    reference: str = "",
    on: date | None = None,
    by: Member | None,
) -> Payment:
    """Post money received, on a business day (default today).

    For a job it is of whoever has the job now, else of the customer.
    """
    require(by, Right.TAKE_PAYMENT)
    if amount_cents <= 0:
        raise CannotPost("A payment is more than zero.")
    customer, job = _who_has(customer, job)
    payment = Payment(
        customer=customer,
        job=job,
        method=method,
        reference=reference,
        amount_cents=amount_cents,
        on=on or customer.company.today,
        by=by,
    )
    return _posted(payment, "recorded a payment")


def _who_has(customer: Customer, job: Job | None) -> tuple[Customer, Job | None]:
    """Who is to be posted to, locked so that the job does not go to somebody else meanwhile."""
    if job is None:
        return lock_customer(customer), None
    job = lock_row(job)
    return job.customer, job


def _posted(document: Document, what: str) -> Document:
    """Post a document with its entry. History says that it was, the ledger how much."""
    document.save()
    (document.job or document.customer.leads_to).record(what, by=document.by)
    Entry(
        customer=document.customer,
        born_to=document.born_to,
        job=document.job,
        charge=document if isinstance(document, Charge) else None,
        payment=document if isinstance(document, Payment) else None,
        amount_cents=(
            document.amount_cents if isinstance(document, Charge) else -document.amount_cents
        ),
        on=document.on,
        by=document.by,
    ).save()
    return document
