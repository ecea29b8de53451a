"""Receipts for money received or given back, made whenever one is asked for."""

from collections import defaultdict

from carter.billing.invoicing import billed_to
from carter.billing.models import Payment, PaymentPart
from carter.customers.models import Customer
from carter.paperwork.invoices import party
from carter.paperwork.words import means_words
from carter.printing import documents
from carter.printing.letterheads import letterhead_of, logo_of
from carter.printing.papers import receipt_pdf


def receipt(payment: Payment, customer: Customer) -> bytes:
    """The receipt of a payment or refund as PDF, with what it is used for now."""
    return receipt_pdf(receipt_paper(payment, customer), logo=logo_of(payment.company))


def receipt_paper(payment: Payment, customer: Customer) -> documents.Receipt:
    sign = -1 if payment.amount_cents < 0 else 1
    return {
        "letterhead": letterhead_of(payment.company),
        "number": f"R-{payment.pk}",
        "received_on": str(payment.on),
        "is_refund": sign < 0,
        "method": payment.get_method_display() if payment.method else "",
        "reference": means_words(payment) if payment.reference else "",
        "received_from": party(billed_to(customer)),
        "uses": _uses(payment, sign),
        "total_cents": sign * payment.amount_cents,
        "balance_cents": None,
        "notes": "",
    }


def _uses(payment: Payment, sign: int) -> list[documents.Use]:
    """Invoice by invoice, then what is held for each job; they add up to the payment."""
    parts = list(payment.parts.select_related("job__company", "company").order_by("id"))
    left: dict[str, int] = defaultdict(int)
    for part in parts:
        left[_held_for(part, sign)] += sign * part.amount_cents
    uses: dict[str, int] = defaultdict(int)
    applied = payment.company.allocations.filter(part__in=parts).order_by("id")
    for row in applied.select_related("invoice__company", "part__job__company"):
        uses[str(row.invoice)] += row.amount_cents
        left[_held_for(row.part, sign)] -= row.amount_cents
    found = [*uses.items(), *left.items()]
    return [{"words": words, "amount_cents": cents} for words, cents in found if cents]


def _held_for(part: PaymentPart, sign: int) -> str:
    if sign < 0:
        return f"Given back, job {part.job.code}" if part.job else "Given back"
    return f"Deposit for job {part.job.code}" if part.job else "On account"
