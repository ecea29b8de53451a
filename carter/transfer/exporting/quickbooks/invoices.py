"""Invoices and credits for QuickBooks › Import data, one row a line."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Prefetch, Subquery, Sum

from carter.billing.models import Invoice, Payment
from carter.companies.models import Company
from carter.transfer.exporting.quickbooks.names import Names
from carter.transfer.exporting.tables import Table, Value, amount

AT_ONCE = 500
INVOICE_COLUMNS = [
    "*InvoiceNo",
    "*Customer",
    "*InvoiceDate",
    "*DueDate",
    "Terms",
    "Memo",
    "Item(Product/Service)",
    "ItemDescription",
    "ItemQuantity",
    "ItemRate",
    "*ItemAmount",
    "Taxable",
    "TaxRate",
    "Service Date",
]
CREDIT_COLUMNS = [
    "*CreditNoteNo",
    "*Customer",
    "*CreditNoteDate",
    "Memo",
    "Item(Product/Service)",
    "ItemDescription",
    "ItemQuantity",
    "ItemRate",
    "*ItemAmount",
]

Days = tuple[date | None, date | None]
"""The first and the last, both included; nothing: no end."""


def invoices_table(company: Company, names: Names, days: Days) -> Table:
    """Issued invoices that are not void, with what they said when they were issued."""
    invoices = company.invoices.standing().filter(**within("issued_on", days)).order_by("number")
    rows = (
        line
        for invoice in invoices.iterator(chunk_size=AT_ONCE)
        for line in _lines(company, invoice, names)
    )
    return Table("invoices", INVOICE_COLUMNS, rows)


def credits_table(company: Company, names: Names, days: Days) -> Table:
    """Credit notes and credits, without what was taken back of them."""
    given = company.payments.filter(
        kind__in=(Payment.Kind.CREDIT, Payment.Kind.CREDIT_NOTE), **within("on", days)
    )
    return Table("credits", CREDIT_COLUMNS, _credits(company, given, names))


def within(field: str, days: Days) -> dict[str, date]:
    """The days as a condition on a field."""
    first, last = days
    ends = {f"{field}__gte": first, f"{field}__lte": last}
    return {name: day for name, day in ends.items() if day}


def written_day(company: Company, day: date) -> str:
    """As the country writes days, which is what QuickBooks offers to read first."""
    return f"{day:%m/%d/%Y}" if company.country in ("US", "CA") else f"{day:%d/%m/%Y}"


def _lines(company: Company, invoice: Invoice, names: Names) -> Iterator[list[Value]]:
    said: dict[str, Any] = invoice.document or {}
    notes = (invoice.purchase_order and f"PO {invoice.purchase_order}", invoice.notes)
    head = [
        f"{company.invoice_prefix}{invoice.number}",
        names[invoice.customer_id],
        written_day(company, date.fromisoformat(said["issued_on"])),
        written_day(company, date.fromisoformat(said["due_on"])),
        said["terms"],
        " ".join(filter(None, notes)),
    ]
    for line in said["lines"]:
        rate = Decimal(line["tax_rate_millionths"]).scaleb(-4)
        yield [
            *head,
            line["kind"],
            " ".join(filter(None, (line["job"], line["description"]))),
            Decimal(line["quantity_thousandths"]).scaleb(-3),
            amount(line["unit_price_cents"]),
            amount(line["net_cents"]),
            "Y" if rate else "N",
            f"{rate.normalize():f}%" if rate else "",
            written_day(company, date.fromisoformat(line["on"])),
        ]


def _credits(company: Company, given: Any, names: Names) -> Iterator[list[Value]]:
    parts = company.payment_parts.filter(takes_from=None).order_by("id")
    taken = company.payment_parts.filter(takes_from=OuterRef("pk")).order_by()
    summed = taken.values("takes_from").annotate(total=Sum("amount_cents")).values("total")
    parts = parts.annotate(taken=Subquery(summed))
    found = given.prefetch_related(Prefetch("parts", parts)).order_by("on", "id")
    for credit in found.iterator(chunk_size=AT_ONCE):
        credit.company = company
        said = credit.document or {}
        for part in credit.parts.all():
            if left := part.amount_cents + (part.taken or 0):
                yield [
                    credit.code or f"CR-{credit.pk}",
                    names[part.customer_id],
                    written_day(company, credit.on),
                    f"For {said['invoice']}" if said else "",
                    "Credit",
                    credit.description or said.get("reason", ""),
                    1,
                    amount(left),
                    amount(left),
                ]
