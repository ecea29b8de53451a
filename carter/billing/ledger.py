"""The deeds that post to the ledger: charges, payments and credits."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import transaction

from carter.billing.applying import allocate, applications, shares
from carter.billing.lines import Line, charges_of
from carter.billing.models import Charge, Invoice, InvoiceLine, Payment, PaymentPart
from carter.billing.posting import (
    CannotPost,
    business_day,
    by_job,
    check_amount,
    own_day,
    place_of,
    post,
    who_has,
)
from carter.companies.models import Member
from carter.companies.rights import Right, require
from carter.customers.locking import lock_row
from carter.customers.models import Customer
from carter.jobs.models import Job


@transaction.atomic
def log_charges(
    *,
    customer: Customer,
    job: Job | None,
    lines: Sequence[Line],
    on: date | None = None,
    key: str | None = None,
    by: Member | None,
) -> list[Charge]:
    """Post amounts owed, on a business day (default today), with the company's tax where ticked.

    For a job they are owed by whoever has the job now, else by the customer. The tax of all lines
    together is rounded once; what each bears adds up to it. With a key they are posted once,
    however often it is sent. Raises CannotPost.
    """
    require(by, Right.TAKE_PAYMENT)
    customer, job = who_has(customer, job)
    company = customer.company
    keys = [f"{key}/{place}" if key else None for place in range(len(lines))]
    if key and (posted := list(company.charges.filter(key__in=keys).order_by("id"))):
        return posted
    day = business_day(company, on)
    charges = charges_of(lines, company, on=day, keys=keys, by=by, customer=customer, job=job)
    for charge in charges:
        post(charge)
    what = "logged a charge" if len(charges) == 1 else f"logged {len(charges)} charges"
    place_of(customer, [job]).record(what, by=by)
    return charges


def log_charge(
    *,
    customer: Customer,
    job: Job | None,
    kind: str,
    amount_cents: int,
    description: str = "",
    on: date | None = None,
    key: str | None = None,
    by: Member | None,
) -> Charge:
    """Post one amount owed that bears no tax. See `log_charges`."""
    line = Line(kind, amount_cents, description=description)
    (charge,) = log_charges(customer=customer, job=job, lines=[line], on=on, key=key, by=by)
    return charge


@transaction.atomic
def counter_charge(charge: Charge, *, by: Member | None) -> Charge:
    """Take a wrong charge back by posting its mirror, on the charge's own business day.

    When that day's books are closed, on today's. A draft invoice loses it; raises CannotPost when
    it is on an issued one.
    """
    require(by, Right.TAKE_PAYMENT)
    charge = lock_row(charge)
    if charge.counters_id is not None or Charge.across_companies.filter(counters=charge).exists():
        raise CannotPost("This charge is already taken back.")
    _take_off_its_draft(charge)
    mirror = Charge(
        customer=charge.customer,
        born_to=charge.born_to,
        job=charge.job,
        kind=charge.kind,
        description=charge.description,
        quantity_thousandths=charge.quantity_thousandths,
        unit_price_cents=-charge.unit_price_cents,
        tax_rate_millionths=charge.tax_rate_millionths,
        tax_cents=-charge.tax_cents,
        amount_cents=-charge.amount_cents,
        counters=charge,
        on=own_day(charge.company, charge.on),
        by=by,
    )
    post(mirror)
    place_of(charge.customer, [charge.job]).record("took a charge back", by=by)
    return mirror


def record_payment(
    *,
    customer: Customer,
    job: Job | None,
    method: str,
    amount_cents: int,
    reference: str = "",
    to: Mapping[Invoice, int] | None = None,
    on: date | None = None,
    key: str | None = None,
    gateway_reference: str | None = None,
    by: Member | None,
) -> Payment:
    """Post money received, on a business day (default today), and apply it to invoices.

    For a job it is of whoever has the job now, else of the customer. `to` says how many cents go
    to which invoices; None means the oldest due first, those of the job when one is given; an
    empty mapping means none. What is not applied is a deposit. The parts of the payment are for
    the jobs whose invoices it pays, what is left for `job`. With a key it is posted once. Raises
    CannotPost.
    """
    received = Payment(
        kind=Payment.Kind.PAYMENT,
        method=method,
        reference=reference,
        amount_cents=amount_cents,
        gateway_reference=gateway_reference,
        key=key,
        by=by,
    )
    return _receive(received, customer, job, to, on, "recorded a payment")


def give_credit(
    *,
    customer: Customer,
    job: Job | None,
    amount_cents: int,
    description: str,
    to: Mapping[Invoice, int] | None = None,
    on: date | None = None,
    key: str | None = None,
    by: Member | None,
) -> Payment:
    """Post a credit, say for a broken lamp; it is applied like a payment. Raises CannotPost."""
    require(by, Right.TAKE_BACK)
    if not description.strip():
        raise CannotPost("Say what the credit is for.")
    given = Payment(
        kind=Payment.Kind.CREDIT,
        description=description,
        amount_cents=amount_cents,
        key=key,
        by=by,
    )
    return _receive(given, customer, job, to, on, "gave a credit")


def _take_off_its_draft(charge: Charge) -> None:
    line = charge.invoice_lines.filter(stands=True).select_related("invoice__company").first()
    if line is None:
        return
    if not line.invoice.is_draft:
        raise CannotPost(
            f"The charge is on {line.invoice}. Credit it there, or void that invoice first."
        )
    InvoiceLine.across_companies.filter(pk=line.pk).delete()


@transaction.atomic
def _receive(
    payment: Payment,
    customer: Customer,
    job: Job | None,
    to: Mapping[Invoice, int] | None,
    on: date | None,
    what: str,
) -> Payment:
    require(payment.by, Right.TAKE_PAYMENT)
    customer, job = who_has(customer, job)
    company = customer.company
    if payment.key and (posted := company.payments.filter(key=payment.key).first()):
        return posted
    check_amount(payment.amount_cents, f"A {payment.get_kind_display().lower()}", company)
    payment.company, payment.on = company, business_day(company, on)
    planned = applications(customer, job, payment.amount_cents, to)
    shared = [(invoice, shares(invoice, cents)) for invoice, cents in planned]
    wanted = [share for _, some in shared for share in some]
    rest = payment.amount_cents - sum(cents for _, cents in wanted)
    payment.save()
    parts = _parts(payment, customer, [*wanted, (job, rest)])
    for invoice, some in shared:
        allocate(invoice, [(parts[of], cents) for of, cents in some], on=payment.on, by=payment.by)
    place_of(customer, parts).record(what, by=payment.by)
    return payment


def _parts(
    payment: Payment, customer: Customer, shared: Sequence[tuple[Job | None, int]]
) -> dict[Job | None, PaymentPart]:
    """One part for each job, posted."""
    parts = {}
    for job, cents in by_job(shared).items():
        if cents:
            parts[job] = PaymentPart(
                payment=payment,
                customer=customer,
                job=job,
                amount_cents=cents,
                on=payment.on,
                by=payment.by,
            )
            post(parts[job])
    return parts
