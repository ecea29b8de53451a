"""Invoicing many jobs at once: a whole day's recurring invoices in a few statements."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from carter.billing.applying import allocate
from carter.billing.documents import invoice_document
from carter.billing.invoicing import addressed
from carter.billing.lines import Line, charges_of
from carter.billing.models import Charge, Entry, Invoice, InvoiceLine, PaperDue, PaymentPart
from carter.billing.posting import CannotPost, business_day
from carter.companies.models import Company, Member
from carter.companies.numbering import take_numbers
from carter.companies.rights import Right, require
from carter.customers.models import Address, Customer, Event
from carter.customers.models.history import naming
from carter.jobs.models import Job

FIXED_AT_ISSUE = (
    "number",
    "issued_on",
    "issued_at",
    "issued_by",
    "due_on",
    "total_cents",
    "document",
    "is_open",
    "settled_on",
)


@dataclass(frozen=True)
class Bill:
    """What a job is to be invoiced for on a day: new charges, and charges that were logged before.

    The job is locked, with its customer and company at hand. It is due on `due_on`, which may be
    later than its terms say. A bill with a key is made once.
    """

    job: Job
    lines: tuple[Line, ...]
    on: date
    due_on: date
    terms: str
    logged: tuple[Charge, ...] = ()
    purchase_order: str = ""
    notes: str = ""


@transaction.atomic
def bill_jobs(company: Company, bills: Sequence[Bill], *, by: Member | None) -> list[Invoice]:
    """Log the charges of each bill and issue its invoice; the jobs' deposits are applied to them.

    Raises CannotPost when one of them cannot be billed: then none is.
    """
    require(by, Right.TAKE_PAYMENT)
    charges = [_charges(bill, company, by) for bill in bills]
    _post([charge for some in charges for charge in some])
    gathered = [[*bill.logged, *some] for bill, some in zip(bills, charges, strict=True)]
    invoices = _drafts(company, bills, gathered, by)
    lines = _gather(invoices, gathered)
    _issue(company, bills, invoices, lines, by)
    _apply_deposits(company, invoices, by)
    _record(company, invoices, by)
    return invoices


def _charges(bill: Bill, company: Company, by: Member | None) -> list[Charge]:
    job, day = bill.job, business_day(company, bill.on)
    keys = [None] * len(bill.lines)
    return charges_of(
        bill.lines,
        company,
        on=day,
        keys=keys,
        by=by,
        customer=job.customer,
        born_to=job.born_to,
        job=job,
    )


def _post(charges: Sequence[Charge]) -> None:
    Charge.across_companies.bulk_create(charges)
    Entry.across_companies.bulk_create(
        Entry(
            company_id=charge.company_id,
            customer=charge.customer,
            born_to=charge.born_to,
            job=charge.job,
            charge=charge,
            amount_cents=charge.amount_cents,
            on=charge.on,
            by=charge.by,
        )
        for charge in charges
    )


def _drafts(
    company: Company,
    bills: Sequence[Bill],
    gathered: Sequence[Sequence[Charge]],
    by: Member | None,
) -> list[Invoice]:
    """Drafts first: the database lets nothing be put on an invoice that is issued."""
    addresses = _addresses(bill.job.customer for bill in bills)
    invoices = [
        Invoice(
            company=company,
            customer=bill.job.customer,
            born_to=bill.job.born_to,
            job=bill.job,
            terms=bill.terms,
            purchase_order=bill.purchase_order,
            notes=bill.notes,
            bill_to=addressed(bill.job.customer, addresses.get(bill.job.customer_id)),
            by=by,
        )
        for bill, charges in zip(bills, gathered, strict=True)
        if _may_be_issued(charges)
    ]
    return list(Invoice.across_companies.bulk_create(invoices))


def _may_be_issued(charges: Sequence[Charge]) -> bool:
    """Raise CannotPost when the charges make no invoice."""
    if not charges:
        raise CannotPost("There is nothing on the invoice.")
    if sum(charge.amount_cents for charge in charges) < 0:
        raise CannotPost("Its discounts are more than its charges.")
    return True


def _addresses(customers: Iterable[Customer]) -> dict[int, Address]:
    """The primary address of each customer that has one."""
    wanted = {customer.pk for customer in customers if not customer.bill_to.strip()}
    found = Address.across_companies.filter(customer__in=wanted, is_primary=True).order_by("-id")
    return {address.customer_id: address for address in found}


def _gather(
    invoices: Sequence[Invoice], gathered: Sequence[Sequence[Charge]]
) -> list[list[InvoiceLine]]:
    lines = [
        [
            InvoiceLine(
                company_id=invoice.company_id,
                invoice=invoice,
                charge=charge,
                customer=charge.customer,
                born_to=charge.born_to,
                job=charge.job,
                position=position,
            )
            for position, charge in enumerate(charges, 1)
        ]
        for invoice, charges in zip(invoices, gathered, strict=True)
    ]
    InvoiceLine.across_companies.bulk_create(line for some in lines for line in some)
    return lines


def _issue(
    company: Company,
    bills: Sequence[Bill],
    invoices: Sequence[Invoice],
    lines: Sequence[Sequence[InvoiceLine]],
    by: Member | None,
) -> None:
    numbers = take_numbers(company, "invoice", len(invoices))
    for bill, invoice, number, some in zip(bills, invoices, numbers, lines, strict=True):
        invoice.number = number
        invoice.issued_on, invoice.due_on = bill.on, max(bill.due_on, bill.on)
        invoice.issued_by, invoice.issued_at = by, timezone.now()
        invoice.total_cents = sum(line.charge.amount_cents for line in some)
        invoice.document = invoice_document(invoice, some)
        invoice.note_open()
    Invoice.across_companies.bulk_update(invoices, FIXED_AT_ISSUE)
    PaperDue.across_companies.bulk_create(
        PaperDue(company=company, invoice=invoice) for invoice in invoices
    )


def _apply_deposits(company: Company, invoices: Sequence[Invoice], by: Member | None) -> None:
    """Money that was paid for the jobs before."""
    parts: dict[int | None, list[PaymentPart]] = defaultdict(list)
    jobs = {invoice.job_id for invoice in invoices}
    found = company.payment_parts.filter(job__in=jobs).unapplied().order_by("on", "id")
    for part in found.select_related("customer", "job"):
        parts[part.job_id].append(part)
    for invoice in invoices if parts else ():
        _apply(invoice, parts[invoice.job_id], by)


def _apply(invoice: Invoice, parts: Sequence[PaymentPart], by: Member | None) -> None:
    left, taken = invoice.total_cents or 0, []
    for part in parts:
        some = min(left, part.unapplied_cents)
        left -= some
        part.unapplied_cents -= some
        if some:
            taken.append((part, some))
    if taken and invoice.issued_on:
        allocate(invoice, taken, on=invoice.issued_on, by=by)
        invoice.refresh_from_db(fields=["is_open", "settled_on"])


def _record(company: Company, invoices: Sequence[Invoice], by: Member | None) -> None:
    Event.across_companies.bulk_create(
        Event(
            company=company,
            customer=invoice.customer,
            what=f"issued {invoice}",
            by=by,
            **naming(invoice.job),
        )
        for invoice in invoices
    )
