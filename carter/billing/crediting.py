"""Credit notes: the negative document over an invoice that was issued."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from carter.billing.applying import Shares, allocate
from carter.billing.documents import credit_document
from carter.billing.models import Charge, Invoice, PaperDue, Payment, PaymentPart
from carter.billing.posting import (
    CannotPost,
    business_day,
    by_job,
    check_amount,
    place_of,
    post,
)
from carter.billing.rounding import split
from carter.companies.days import written
from carter.companies.models import Member
from carter.companies.money import money
from carter.companies.numbering import take_number
from carter.companies.rights import Right, require
from carter.customers.locking import lock_row


@transaction.atomic
def credit_invoice(
    invoice: Invoice,
    *,
    amount_cents: int | None = None,
    charges: Iterable[Charge] = (),
    reason: str,
    on: date | None = None,
    key: str | None = None,
    by: Member | None,
) -> Payment:
    """Give a numbered credit note over chosen charges of an invoice, or an amount of it.

    It is applied to the invoice as far as that is open; the rest, of a paid one, is a credit of
    the customer. All credit notes of an invoice are at most its total. Raises CannotPost.
    """
    require(by, Right.TAKE_BACK)
    invoice = lock_row(invoice)
    company = invoice.company
    if key and (posted := company.payments.filter(key=key).first()):
        return posted
    if not invoice.stands:
        raise CannotPost(f"{invoice} is not in force: there is nothing to credit.")
    if not reason.strip():
        raise CannotPost("Say what the credit note is for.")
    shared = _of_charges(invoice, charges) if amount_cents is None else _of(invoice, amount_cents)
    total = sum(cents for _, cents in shared)
    check_amount(total, "A credit note", company)
    _refuse_too_much(invoice, total)
    day = business_day(company, on)
    if invoice.issued_on and day < invoice.issued_on:
        raise CannotPost(
            f"{invoice} was issued on {written(invoice.issued_on)}. Use a later date.", about="on"
        )
    number = take_number(company, "credit-note")
    code = f"{company.credit_note_prefix}{number}"
    note = Payment(
        kind=Payment.Kind.CREDIT_NOTE,
        number=number,
        invoice=invoice,
        description=reason.strip(),
        amount_cents=total,
        company=company,
        on=day,
        key=key,
        by=by,
        document=credit_document(
            invoice, code=code, on=str(day), reason=reason.strip(), shares=shared
        ),
    )
    note.save()
    PaperDue(company=company, credit_note=note).save()
    _apply(note, invoice, shared)
    place_of(invoice.customer, [invoice.job]).record(f"gave {code} over {invoice}", by=by)
    return note


def creditable_cents(invoice: Invoice) -> int:
    """What of an invoice is on no credit note that stands."""
    notes = invoice.credited.exclude(taken_back_by__kind=Payment.Kind.CREDIT_VOID)
    return (invoice.total_cents or 0) - sum(note.amount_cents for note in notes)


def _of_charges(invoice: Invoice, charges: Iterable[Charge]) -> Shares:
    wanted = {charge.pk for charge in charges}
    lines = list(invoice.lines.filter(charge__in=wanted).select_related("charge", "job__company"))
    if len(lines) != len(wanted) or not wanted:
        raise CannotPost(f"Choose charges of {invoice}, or an amount.")
    shared = by_job((line.job, line.charge.amount_cents) for line in lines)
    if any(cents < 0 for cents in shared.values()):
        raise CannotPost("Choose charges that come to more than zero for each job.")
    return [share for share in shared.items() if share[1]]


def _of(invoice: Invoice, cents: int) -> Shares:
    """An amount spread over the invoice's jobs as they were billed."""
    check_amount(cents, "A credit note", invoice.company)
    lines = invoice.lines.select_related("charge", "job__company").order_by("position")
    billed = by_job((line.job, line.charge.amount_cents) for line in lines)
    jobs = [job for job, owed in billed.items() if owed > 0]
    parts = split(cents, [billed[job] for job in jobs]) if jobs else []
    return [share for share in zip(jobs, parts, strict=True) if share[1]]


def _refuse_too_much(invoice: Invoice, cents: int) -> None:
    if cents > (left := creditable_cents(invoice)):
        amount = money(left, invoice.company.currency)
        raise CannotPost(f"At most {amount} of {invoice} can still be credited.", about="amount")


def _apply(note: Payment, invoice: Invoice, shared: Shares) -> None:
    left, taken = invoice.open_cents, []
    for job, cents in shared:
        part = PaymentPart(
            payment=note,
            customer=invoice.customer,
            born_to=None if job else invoice.born_to,
            job=job,
            amount_cents=cents,
            on=note.on,
            by=note.by,
        )
        post(part)
        if some := min(left, cents):
            taken.append((part, some))
            left -= some
    allocate(invoice, taken, on=note.on, by=note.by)
