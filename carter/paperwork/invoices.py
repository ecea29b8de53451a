"""Invoices and credit notes as the printer takes them (carter/printing/documents.py)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects

from carter.billing.models import Allocation, Charge, Invoice, InvoiceLine, Payment
from carter.companies.models import Company
from carter.jobs.models import Job
from carter.paperwork.words import payment_words
from carter.printing import documents
from carter.printing.letterheads import letterhead_of


def invoice_paper(invoice: Invoice, *, pay_link: str = "") -> documents.Invoice:
    """What is printed of an invoice, with what has been paid on it so far.

    A draft is printed as it would be issued today, with the deposits that would be applied.
    """
    said = invoice.document or {}
    company = invoice.company
    charges = _charges(invoice)
    total = sum(charge.amount_cents for charge in charges)
    applied = _deposits(invoice, charges, total) if invoice.is_draft else _applied(invoice)
    return {
        "letterhead": letterhead_of(company),
        "number": invoice.code,
        "issued_on": said.get("issued_on"),
        "due_on": said.get("due_on"),
        "terms": invoice.get_terms_display(),
        "purchase_order": invoice.purchase_order,
        "bill_to": party(invoice.bill_to),
        "jobs": _jobs(charges),
        "lines": [_line(charge) for charge in charges],
        "taxes": taxes(company, charges),
        "total_cents": total,
        "applied": applied,
        "open_cents": total - sum(each["amount_cents"] for each in applied),
        "notes": invoice.notes,
        "pay_link": pay_link,
    }


def look_up(invoices: Sequence[Invoice]) -> None:
    """Have at hand what is printed of many issued invoices, in two questions for all of them."""
    prefetch_related_objects(
        invoices,
        Prefetch("lines", _with_charges(InvoiceLine.across_companies), "lines_at_hand"),
        Prefetch("allocations", _with_payments(Allocation.across_companies), "allocations_at_hand"),
    )


def credit_note_paper(note: Payment) -> documents.CreditNote:
    """What is printed of a credit note, with amounts as people read them."""
    said: dict[str, Any] = note.document or {}
    jobs = {part.job for part in note.parts.select_related("job__company") if part.job}
    return {
        "letterhead": letterhead_of(note.company),
        "number": note.code,
        "issued_on": said["issued_on"],
        "invoice": said["invoice"],
        "bill_to": party(said["bill_to"]),
        "jobs": [job_done(job) for job in sorted(jobs, key=lambda job: job.number)],
        "lines": [_credited(line) for line in said["lines"]],
        "taxes": [],
        "total_cents": -said["total_cents"],
        "reason": said["reason"],
    }


def party(text: str) -> documents.Party:
    """A name and the lines below it, from a text as it is typed."""
    name, *lines = [line.strip() for line in text.splitlines() if line.strip()] or [""]
    return {"name": name, "lines": lines}


def job_done(job: Job) -> documents.JobDone:
    places = [job.origin_city or job.origin, job.destination_city or job.destination]
    return {
        "code": job.code,
        "what": f"{job.get_distance_display()} move" if job.distance else "",
        "on": str(job.move_on) if job.move_on else None,
        "route": " → ".join(place or "?" for place in places) if any(places) else "",
    }


def taxes(company: Company, charges: Iterable[Charge]) -> list[documents.Tax]:
    """The tax of the charges, added up by rate."""
    by_rate: dict[int, int] = defaultdict(int)
    for charge in charges:
        if charge.tax_rate_millionths:
            by_rate[charge.tax_rate_millionths] += charge.tax_cents
    return [
        {"words": "Sales tax", "rate_millionths": rate, "amount_cents": cents}
        for rate, cents in sorted(by_rate.items())
    ]


def deposits_for(invoice: Invoice, jobs: Iterable[Job]) -> Any:
    """The money of these jobs that is applied to a draft when it is issued."""
    parts = invoice.customer.payment_parts.filter(job__in=list(jobs)).unapplied()
    return parts.select_related("payment__company").order_by("on", "id")


def _charges(invoice: Invoice) -> list[Charge]:
    known: list[InvoiceLine] | None = getattr(invoice, "lines_at_hand", None)
    lines = _with_charges(invoice.lines) if known is None else known
    return [line.charge for line in lines]


def _with_charges(lines: Any) -> Any:
    return lines.select_related("charge__job__company").order_by("position")


def _jobs(charges: Iterable[Charge]) -> list[documents.JobDone]:
    return [job_done(job) for job in dict.fromkeys(charge.job for charge in charges) if job]


def _line(charge: Charge) -> documents.Line:
    kind = charge.get_kind_display()
    return {
        "words": charge.description or kind,
        "details": kind if charge.description else "",
        "job": charge.job.code if charge.job else "",
        "quantity_thousandths": charge.quantity_thousandths,
        "unit_price_cents": charge.unit_price_cents,
        "amount_cents": charge.net_cents,
    }


def _applied(invoice: Invoice) -> list[documents.Applied]:
    """What stays applied, by payment: what was taken off again is not said."""
    by_payment: dict[int, int] = defaultdict(int)
    first: dict[int, Allocation] = {}
    known: list[Allocation] | None = getattr(invoice, "allocations_at_hand", None)
    for row in _with_payments(invoice.allocations) if known is None else known:
        by_payment[row.part.payment_id] += row.amount_cents
        first.setdefault(row.part.payment_id, row)
    return [
        _applied_one(row.part.payment, str(row.on), by_payment[pk])
        for pk, row in first.items()
        if by_payment[pk]
    ]


def _with_payments(allocations: Any) -> Any:
    return allocations.select_related("part__payment__company").order_by("on", "id")


def _deposits(invoice: Invoice, charges: list[Charge], total: int) -> list[documents.Applied]:
    left, found = total, []
    for part in deposits_for(invoice, {charge.job for charge in charges if charge.job}):
        some = min(left, part.unapplied_cents)
        left -= some
        if some > 0:
            found.append(_applied_one(part.payment, str(part.on), some))
    return found


def _applied_one(payment: Payment, on: str, cents: int) -> documents.Applied:
    return {"on": on, "words": payment_words(payment), "amount_cents": cents}


def _credited(line: dict[str, Any]) -> documents.Line:
    return {
        "words": line["description"],
        "details": "",
        "job": line["job"],
        "quantity_thousandths": 1000,
        "unit_price_cents": -line["amount_cents"],
        "amount_cents": -line["amount_cents"],
    }
