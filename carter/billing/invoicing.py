"""Invoices: drafting, issuing and voiding them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from carter.billing.applying import allocate
from carter.billing.documents import invoice_document
from carter.billing.models import Charge, Invoice, InvoiceLine, InvoiceVoid, PaperDue
from carter.billing.posting import CannotPost, business_day, place_of
from carter.billing.settling import settle
from carter.companies.days import written
from carter.companies.models import Member
from carter.companies.money import money
from carter.companies.numbering import take_number
from carter.companies.rights import Right, require
from carter.customers.following import move
from carter.customers.locking import lock_customer, lock_row
from carter.customers.models import Address, Customer
from carter.jobs.models import Job

CHANGEABLE = ("terms", "purchase_order", "notes", "bill_to")


@transaction.atomic
def draft_invoice(
    *,
    customer: Customer,
    charges: Iterable[Charge],
    terms: str = "",
    purchase_order: str = "",
    notes: str = "",
    bill_to: str = "",
    key: str | None = None,
    by: Member | None,
) -> Invoice:
    """Gather charges of a customer, of one job or several, on a draft.

    Terms default to the company's, bill-to to the customer's. With a key there is one draft,
    however often it is sent. Raises CannotPost for a charge that cannot be invoiced.
    """
    require(by, Right.TAKE_PAYMENT)
    customer = lock_customer(customer)
    if key and (drafted := customer.company.invoices.filter(key=key).first()):
        return drafted
    found = _invoiceable(customer, charges)
    invoice = Invoice(
        customer=customer,
        born_to=_record_of(customer, found),
        job=_one_job(found),
        terms=terms or customer.company.payment_terms,
        purchase_order=purchase_order,
        notes=notes,
        bill_to=bill_to or billed_to(customer),
        key=key,
        by=by,
    )
    invoice.save()
    _gather(invoice, found)
    place_of(customer, [invoice.job]).record("drafted an invoice", by=by)
    return invoice


@transaction.atomic
def change_draft(
    invoice: Invoice,
    *,
    charges: Iterable[Charge] | None = None,
    values: Mapping[str, Any] | None = None,
    by: Member | None,
) -> Invoice:
    """Change what a draft gathers or says (`terms`, `purchase_order`, `notes`, `bill_to`)."""
    require(by, Right.TAKE_PAYMENT)
    invoice = _locked_draft(invoice)
    for name in CHANGEABLE:
        if values is not None and name in values:
            setattr(invoice, name, values[name])
    if charges is not None:
        InvoiceLine.across_companies.filter(invoice=invoice).delete()
        found = _invoiceable(invoice.customer, charges)
        invoice.job = _one_job(found)
        move(invoice, to=_record_of(invoice.customer, found))
        _gather(invoice, found)
    invoice.save()
    return invoice


@transaction.atomic
def discard_draft(invoice: Invoice, *, by: Member | None) -> None:
    """Throw a draft away; its charges may be invoiced otherwise."""
    require(by, Right.TAKE_PAYMENT)
    invoice = _locked_draft(invoice)
    InvoiceLine.across_companies.filter(invoice=invoice).delete()
    Invoice.across_companies.filter(pk=invoice.pk).delete()
    place_of(invoice.customer, [invoice.job]).record("discarded a draft invoice", by=by)


@transaction.atomic
def issue_invoice(invoice: Invoice, *, on: date | None = None, by: Member | None) -> Invoice:
    """Give a draft its number and fix what it says; the job's deposits are applied to it.

    One that is issued already stays as it is. Raises CannotPost.
    """
    require(by, Right.TAKE_PAYMENT)
    invoice = lock_row(invoice)
    if not invoice.is_draft:
        return invoice
    day = business_day(invoice.company, on)
    lines = list(
        invoice.lines.select_related("charge__job__company", "job__company").order_by("position")
    )
    _refuse_to_issue(lines, day)
    invoice.number = take_number(invoice.company, "invoice")
    invoice.issued_on, invoice.due_on = day, invoice.due_after(day)
    invoice.issued_by, invoice.issued_at = by, timezone.now()
    invoice.total_cents = sum(line.charge.amount_cents for line in lines)
    invoice.document = invoice_document(invoice, lines)
    invoice.note_open()
    invoice.save()
    PaperDue(company=invoice.company, invoice=invoice).save()
    _apply_deposits(invoice, {line.job for line in lines if line.job}, by)
    place_of(invoice.customer, [invoice.job]).record(f"issued {invoice}", by=by)
    invoice.refresh_from_db(fields=["is_open", "settled_on"])
    return invoice


@transaction.atomic
def void_invoice(
    invoice: Invoice, *, reason: str, on: date | None = None, by: Member | None
) -> InvoiceVoid:
    """Void an invoice; its charges are still owed and may be invoiced again. Raises CannotPost."""
    require(by, Right.TAKE_BACK)
    invoice = lock_row(invoice)
    if invoice.is_draft or not invoice.stands:
        reason = "a draft: discard it" if invoice.is_draft else "void already"
        raise CannotPost(f"{invoice} is {reason}.")
    if not reason.strip():
        raise CannotPost("Say why it is void.")
    if applied := invoice.applied:
        amount = money(applied, invoice.company.currency)
        raise CannotPost(f"{amount} is applied to {invoice}. Take it off the invoice first.")
    last = invoice.allocations.aggregate(on=Max("on"))["on"] or invoice.issued_on
    day = business_day(invoice.company, on)
    if last and day < last:
        raise CannotPost(f"{invoice} was still in use on {written(last)}. Use a later date.")
    void = InvoiceVoid(
        invoice=invoice,
        customer=invoice.customer,
        born_to=invoice.born_to,
        job=invoice.job,
        reason=reason.strip(),
        on=day,
        by=by,
    )
    void.save()
    InvoiceLine.across_companies.filter(invoice=invoice).update(stands=False)
    settle(invoice)
    place_of(invoice.customer, [invoice.job]).record(f"voided {invoice}", by=by)
    return void


def billed_to(customer: Customer) -> str:
    """Name and address for an invoice: as told for invoices, else the customer's own."""
    told = customer.bill_to.strip()
    return addressed(customer, None if told else customer.addresses.filter(is_primary=True).first())


def addressed(customer: Customer, address: Address | None) -> str:
    """The same for whoever has the customer's main address at hand."""
    if customer.bill_to.strip():
        return customer.bill_to
    return f"{customer.name}\n{address}" if address else customer.name


def _locked_draft(invoice: Invoice) -> Invoice:
    invoice = lock_row(invoice)
    if not invoice.is_draft:
        raise CannotPost(f"{invoice} is issued: void it, or give a credit note.")
    return invoice


def _invoiceable(customer: Customer, charges: Iterable[Charge]) -> list[Charge]:
    """The charges as they are now. Raises CannotPost when one cannot be on a new invoice."""
    wanted = {charge.pk for charge in charges}
    found = customer.charges.uninvoiced().filter(pk__in=wanted).select_related("job", "born_to")
    rows = list(found.order_by(F("job").asc(nulls_last=True), "on", "id"))
    if not wanted:
        raise CannotPost("Choose what the invoice is for.")
    if len(rows) != len(wanted):
        raise CannotPost(
            "A charge was taken back, is on another invoice, or went to another customer meanwhile."
            " Look again."
        )
    return rows


def _one_job(charges: Sequence[Charge]) -> Job | None:
    jobs = {charge.job for charge in charges}
    return jobs.pop() if len(jobs) == 1 else None


def _record_of(customer: Customer, charges: Sequence[Charge]) -> Customer:
    """For which record the invoice is made: that of its charges when it is one."""
    records = {charge.born_to for charge in charges}
    return records.pop() if len(records) == 1 else customer


def _gather(invoice: Invoice, charges: Sequence[Charge]) -> None:
    for position, charge in enumerate(charges, 1):
        InvoiceLine(
            invoice=invoice,
            charge=charge,
            customer=charge.customer,
            born_to=charge.born_to,
            job=charge.job,
            position=position,
        ).save()


def _refuse_to_issue(lines: Sequence[InvoiceLine], day: date) -> None:
    if not lines:
        raise CannotPost("There is nothing on the invoice.")
    if any(line.charge.on > day for line in lines):
        raise CannotPost("A charge on it is dated later than the invoice. Use a later date.")
    if sum(line.charge.amount_cents for line in lines) < 0:
        raise CannotPost("Its discounts are more than its charges: give a credit instead.")


def _apply_deposits(invoice: Invoice, jobs: set[Job], by: Member | None) -> None:
    """Money that was paid for the invoice's jobs before."""
    left, taken = invoice.total_cents or 0, []
    deposits = invoice.customer.payment_parts.filter(job__in=jobs).unapplied().order_by("on", "id")
    for part in deposits.select_related("customer", "job"):
        some = min(left, part.unapplied_cents)
        left -= some
        if some:
            taken.append((part, some))
    if taken and invoice.issued_on:
        allocate(invoice, taken, on=invoice.issued_on, by=by)
