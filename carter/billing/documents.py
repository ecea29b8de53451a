"""What an invoice or credit note says, fixed when it is issued: for the PDF, and for ever."""

from collections.abc import Sequence
from typing import Any

from carter.billing.models import Charge, Invoice, InvoiceLine
from carter.jobs.models import Job

VERSION = 1


def invoice_document(invoice: Invoice, lines: Sequence[InvoiceLine]) -> dict[str, Any]:
    """All that is printed on an invoice, as JSON. Amounts are cents, days ISO 8601."""
    charges = [line.charge for line in lines]
    return {
        "version": VERSION,
        "kind": "invoice",
        "number": invoice.code,
        "company": invoice.company.name,
        "currency": invoice.company.currency,
        "bill_to": invoice.bill_to,
        "customer": {"number": invoice.customer.code, "name": invoice.customer.name},
        "issued_on": str(invoice.issued_on),
        "due_on": str(invoice.due_on),
        "terms": invoice.get_terms_display(),
        "purchase_order": invoice.purchase_order,
        "notes": invoice.notes,
        "jobs": [_job(job) for job in dict.fromkeys(line.job for line in lines) if job],
        "lines": [_line(charge) for charge in charges],
        "net_cents": sum(charge.net_cents for charge in charges),
        "tax_cents": sum(charge.tax_cents for charge in charges),
        "total_cents": invoice.total_cents,
    }


def credit_document(
    invoice: Invoice, *, code: str, on: str, reason: str, shares: Sequence[tuple[Job | None, int]]
) -> dict[str, Any]:
    """All that is printed on a credit note; its amounts are less than zero."""
    return {
        "version": VERSION,
        "kind": "credit note",
        "number": code,
        "company": invoice.company.name,
        "currency": invoice.company.currency,
        "bill_to": invoice.bill_to,
        "customer": {"number": invoice.customer.code, "name": invoice.customer.name},
        "issued_on": on,
        "invoice": invoice.code,
        "reason": reason,
        "lines": [
            {"job": job.code if job else "", "description": reason, "amount_cents": -cents}
            for job, cents in shares
        ],
        "total_cents": -sum(cents for _, cents in shares),
    }


def _job(job: Job) -> dict[str, Any]:
    return {
        "number": job.code,
        "move_on": str(job.move_on or ""),
        "origin": job.origin,
        "destination": job.destination,
    }


def _line(charge: Charge) -> dict[str, Any]:
    return {
        "job": charge.job.code if charge.job else "",
        "on": str(charge.on),
        "kind": charge.get_kind_display(),
        "description": charge.description,
        "quantity_thousandths": charge.quantity_thousandths,
        "unit_price_cents": charge.unit_price_cents,
        "net_cents": charge.net_cents,
        "tax_rate_millionths": charge.tax_rate_millionths,
        "tax_cents": charge.tax_cents,
        "amount_cents": charge.amount_cents,
    }
