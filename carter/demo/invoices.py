"""The demo's invoices: over every completed move, as the billing desk issued them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from carter.billing.documents import invoice_document
from carter.billing.invoicing import billed_to
from carter.billing.models import Allocation, Charge, Invoice, InvoiceLine, PaymentPart
from carter.companies.models import Company
from carter.companies.numbering import take_numbers
from carter.customers.models import Customer
from carter.demo.days import Calendar
from carter.demo.people import Office
from carter.jobs.models import Job

ROWS_AT_ONCE = 500
FIRST_NUMBER = 2_001
NOT_YET_DAYS = 3
"""Moves of the last days are not invoiced yet."""


class Invoices:
    """What is invoiced of the charges, and what was paid on it."""

    def __init__(self, office: Office, calendar: Calendar) -> None:
        self.office = office
        self.calendar = calendar

    def write(self, charges: Iterable[Charge], parts: Iterable[PaymentPart]) -> None:
        """Invoice each job on the day of its move, in the order of the days, and apply what came.

        Lines are written while the invoices are drafts: the database lets nobody add to what is
        issued.
        """
        by_job = _by_job(charges)
        last = self.calendar.today - timedelta(days=NOT_YET_DAYS)
        due = [found for found in by_job.values() if found[0].on <= last]
        due.sort(key=lambda found: (found[0].on, found[0].job_id))
        company = self.office.company
        invoices = [self._draft(found) for found in due]
        company.invoices.bulk_create(invoices, batch_size=ROWS_AT_ONCE)
        lines = {
            invoice.pk: _lines(invoice, found) for invoice, found in zip(invoices, due, strict=True)
        }
        every_line = [line for some in lines.values() for line in some]
        company.invoice_lines.bulk_create(every_line, batch_size=ROWS_AT_ONCE)
        self._issue(invoices, lines)
        self._apply(invoices, _by_job(parts))

    def _draft(self, charges: Sequence[Charge]) -> Invoice:
        first = charges[0]
        customer = first.customer
        firm = customer.kind == Customer.Kind.COMPANY
        terms = Company.Terms.NET_30 if firm else Company.Terms.ON_RECEIPT
        return Invoice(
            company=self.office.company,
            customer=customer,
            born_to=customer,
            job=first.job,
            terms=terms,
            purchase_order=f"PO {40_000 + (first.job_id or 0) * 7}" if firm else "",
            bill_to=customer.bill_to.strip() or _address(customer, first.job),
            by=self.office.billing,
            created_at=self.calendar.at(first.on, 17, 50),
        )

    def _issue(self, invoices: list[Invoice], lines: dict[int, list[InvoiceLine]]) -> None:
        company = self.office.company
        company.series.get_or_create(
            name="invoice", defaults={"company": company, "last": FIRST_NUMBER - 1}
        )
        numbers = take_numbers(company, "invoice", len(invoices))
        for invoice, number in zip(invoices, numbers, strict=True):
            charges = [line.charge for line in lines[invoice.pk]]
            invoice.number, invoice.issued_on = number, charges[0].on
            invoice.due_on = invoice.due_after(charges[0].on)
            invoice.issued_by, invoice.issued_at = invoice.by, invoice.created_at
            invoice.total_cents = sum(charge.amount_cents for charge in charges)
            invoice.document = invoice_document(invoice, lines[invoice.pk])
            invoice.note_open()
        fixed = ("number", "issued_on", "due_on", "issued_by", "issued_at", "total_cents")
        rows = company.invoices
        rows.bulk_update(invoices, [*fixed, "document", "is_open", "settled_on"], batch_size=100)

    def _apply(self, invoices: list[Invoice], parts: dict[int, list[PaymentPart]]) -> None:
        made: list[Allocation] = []
        paid, spent = [], []
        for invoice in invoices:
            left = invoice.total_cents or 0
            for part in parts.get(invoice.job_id or 0, []):
                some = min(left, part.amount_cents)
                left -= some
                if some:
                    made.append(_applied(invoice, part, some))
                if some == part.amount_cents:
                    spent.append(part.pk)
            if not left:
                invoice.is_open, invoice.settled_on = False, made[-1].on
                paid.append(invoice)
        company = self.office.company
        company.allocations.bulk_create(made, batch_size=ROWS_AT_ONCE)
        company.invoices.bulk_update(paid, ["is_open", "settled_on"], batch_size=ROWS_AT_ONCE)
        company.payment_parts.filter(pk__in=spent).update(is_spent=True)


def _by_job(rows: Iterable[Charge] | Iterable[PaymentPart]) -> dict[int, list]:  # type: ignore[type-arg]
    found = defaultdict(list)
    for row in rows:
        found[row.job_id or 0].append(row)
    return found


def _address(customer: Customer, job: Job | None) -> str:
    """Where somebody lived when the move was over."""
    if customer.kind == Customer.Kind.COMPANY or job is None:
        return billed_to(customer)
    return f"{customer.name}\n{job.destination}"


def _lines(invoice: Invoice, charges: Sequence[Charge]) -> list[InvoiceLine]:
    return [
        InvoiceLine(
            company=invoice.company,
            customer=charge.customer,
            born_to=charge.born_to,
            invoice=invoice,
            charge=charge,
            job=charge.job,
            position=position,
        )
        for position, charge in enumerate(charges, 1)
    ]


def _applied(invoice: Invoice, part: PaymentPart, cents: int) -> Allocation:
    issued_on: date = invoice.issued_on or part.on
    return Allocation(
        company=invoice.company,
        customer=part.customer,
        born_to=part.born_to,
        job=part.job,
        part=part,
        invoice=invoice,
        amount_cents=cents,
        on=max(issued_on, part.on),
        by=part.by,
        created_at=part.created_at,
    )
