"""Applying payments and credits to invoices, and taking them off again."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max, Q, Sum

from carter.billing.models import Allocation, Invoice, Payment, PaymentPart
from carter.billing.posting import CannotPost, business_day, by_job, own_day, place_of, post
from carter.billing.settling import settle, settle_part
from carter.companies.models import Member
from carter.companies.money import money
from carter.companies.rights import Right, require
from carter.companies.tenancy import know_company
from carter.customers.locking import lock_customer, lock_row
from carter.customers.models import Customer
from carter.jobs.models import Job
from carter.prepared import Given, Prepared

Shares = Sequence[tuple[Job | None, int]]


@transaction.atomic
def apply_payment(
    payment: Payment,
    *,
    customer: Customer,
    to: Mapping[Invoice, int] | None = None,
    on: date | None = None,
    key: str | None = None,
    by: Member | None,
) -> list[Allocation]:
    """Apply what is left of a payment or credit to a customer's invoices.

    `to` says how many cents go to which; None means the oldest due first. Money of another job,
    or on account, becomes money of the invoice's job, so that each job's balance says what was
    paid for it and the money follows that job. With a key it is applied once. Raises CannotPost.
    """
    require(by, Right.TAKE_PAYMENT)
    customer = lock_customer(customer)
    if key and (done := list(customer.company.allocations.filter(key__startswith=f"{key}/"))):
        return done
    parts = list(payment.parts.filter(customer=customer).unapplied().order_by("id"))
    left = sum(part.unapplied_cents for part in parts)
    planned = applications(customer, None, left, to)
    if not planned:
        raise CannotPost("There is nothing left of it to apply, or no open invoice.")
    day = business_day(customer.company, on)
    made: list[Allocation] = []
    for invoice, cents in planned:
        taken = [
            (_for_job(part, invoice, some, by), some)
            for part, some in _drawn(parts, invoice, cents)
        ]
        made += allocate(invoice, taken, on=day, key=key, after=len(made), by=by)
    place_of(customer, [invoice.job for invoice, _ in planned]).record(
        f"applied a payment to {_named(invoice for invoice, _ in planned)}", by=by
    )
    return made


@transaction.atomic
def take_off(payment: Payment, *, invoice: Invoice, by: Member | None) -> list[Allocation]:
    """Take a payment or credit off an invoice, which is open again by as much.

    Raises CannotPost when nothing of it is applied there.
    """
    require(by, Right.TAKE_PAYMENT)
    invoice = lock_row(invoice)
    day = business_day(invoice.company, None)
    taken = take_all_off(payment, day=lambda _: day, only=invoice, by=by)
    if not taken:
        raise CannotPost(f"Nothing of this payment is applied to {invoice}.")
    place_of(invoice.customer, [invoice.job]).record(f"took a payment off {invoice}", by=by)
    return taken


def applications(
    customer: Customer, job: Job | None, cents: int, to: Mapping[Invoice, int] | None
) -> list[tuple[Invoice, int]]:
    """How much goes to which invoices: as chosen, else the oldest due first. Raises CannotPost."""
    if to is not None:
        invoices = customer.invoices.with_status().select_related("company", "job")
        return _as_chosen(list(invoices.filter(pk__in=[each.pk for each in to])), cents, to)
    planned = []
    for invoice in _open_invoices(customer, job):
        some = min(cents, invoice.open_cents)
        if some:
            planned.append((invoice, some))
        cents -= some
    return planned


def shares(invoice: Invoice, cents: int) -> Shares:
    """For which jobs so much of an invoice is paid: each in turn until nothing of it is open."""
    if invoice.job is not None:
        return [(invoice.job, cents)]
    lines = invoice.lines.select_related("job", "charge").order_by("position")
    billed = by_job((line.job, line.charge.amount_cents) for line in lines)
    paid: dict[Any, int] = by_job(invoice.allocations.values_list("job", "amount_cents"))
    found = []
    for job, owed in billed.items():
        some = max(0, min(cents, owed - paid.get(job and job.pk, 0)))
        found.append((job, some))
        cents -= some
    return [share for share in (*found, (None, cents)) if share[1]]


def allocate(
    invoice: Invoice,
    taken: Iterable[tuple[PaymentPart, int]],
    *,
    on: date,
    key: str | None = None,
    after: int = 0,
    by: Member | None,
) -> list[Allocation]:
    """Write down what of which parts is applied to an invoice, not before it was issued."""
    made = []
    for place, (part, cents) in enumerate(taken, after):
        allocation = Allocation(
            part=part,
            invoice=invoice,
            customer=part.customer,
            job=part.job,
            amount_cents=cents,
            on=max(on, part.on, invoice.issued_on or on),
            key=f"{key}/{place}" if key else None,
            by=by,
        )
        allocation.save()
        settle_part(part)
        made.append(allocation)
    settle(invoice)
    return made


def take_all_off(
    payment: Payment,
    *,
    day: Callable[[date], date],
    only: Invoice | None = None,
    by: Member | None,
) -> list[Allocation]:
    """Take a payment off every invoice, or one; `day` gives the day from that of applying it."""
    applied = Allocation.across_companies.filter(part__payment=payment)
    if only is not None:
        applied = applied.filter(invoice=only)
    net = applied.order_by().values("part", "invoice").annotate(cents=Sum("amount_cents"))
    made: list[Allocation] = []
    for found in net.filter(cents__gt=0).annotate(last=Max("on")).order_by("part", "invoice"):
        part = PaymentPart.across_companies.select_related("customer", "job").get(pk=found["part"])
        invoice = Invoice.across_companies.select_related("company").get(pk=found["invoice"])
        on = max(day(found["last"]), found["last"])
        made += allocate(invoice, [(part, -found["cents"])], on=on, by=by)
    return made


def _open_invoices(customer: Customer, job: Job | None) -> list[Invoice]:
    """Those of a customer, or for a job, the oldest due first."""
    rows = OPEN(customer=customer.pk) if job is None else OPEN_FOR(customer=customer.pk, job=job.pk)
    for invoice in rows:
        know_company(invoice, customer.company)
    return rows


def _open(*narrowed: Q) -> Any:
    rows = Invoice.across_companies.with_status().filter(*narrowed, customer=Given("customer"))
    return rows.open().select_related("job").order_by("due_on", "id")


def _open_for() -> Any:
    job = Given("job")
    return _open(Q(job=job) | Q(job=None, lines__job=job)).distinct()


OPEN, OPEN_FOR = Prepared(_open), Prepared(_open_for)


def _as_chosen(
    invoices: list[Invoice], cents: int, to: Mapping[Invoice, int]
) -> list[tuple[Invoice, int]]:
    if len(invoices) != len(to):
        raise CannotPost("An invoice went to another customer meanwhile. Look again.")
    if sum(to.values()) > cents:
        raise CannotPost("More is applied to invoices than there is.")
    wanted = {invoice.pk: some for invoice, some in to.items()}
    for invoice in invoices:
        _check(invoice, wanted[invoice.pk])
    return [(invoice, wanted[invoice.pk]) for invoice in invoices if wanted[invoice.pk]]


def _check(invoice: Invoice, cents: int) -> None:
    if not invoice.stands:
        reason = "a draft: issue it first" if invoice.is_draft else "void"
        raise CannotPost(f"{invoice} is {reason}. Nothing can be paid on it.")
    if cents < 0:
        raise CannotPost(f"What is applied to {invoice} is more than zero.")
    if cents > invoice.open_cents:
        open_amount = money(invoice.open_cents, invoice.company.currency)
        raise CannotPost(f"Only {open_amount} is still to be paid on {invoice}.")


def _drawn(
    parts: Sequence[PaymentPart], invoice: Invoice, cents: int
) -> Iterable[tuple[PaymentPart, int]]:
    """From which parts an amount comes: first from the invoice's own job."""
    for part in sorted(parts, key=lambda part: part.job_id != invoice.job_id):
        some = min(cents, part.unapplied_cents)
        if some:
            part.unapplied_cents -= some
            cents -= some
            yield part, some


def _for_job(part: PaymentPart, invoice: Invoice, cents: int, by: Member | None) -> PaymentPart:
    """The part itself, or so much of it made money of the invoice's job."""
    if invoice.job_id in (None, part.job_id):
        return part
    moved = {
        "payment": part.payment,
        "customer": part.customer,
        "on": own_day(part.company, part.on),
        "by": by,
    }
    post(PaymentPart(**moved, job=part.job, amount_cents=-cents, takes_from=part))
    settle_part(part)
    given = PaymentPart(**moved, job=invoice.job, amount_cents=cents)
    post(given)
    return given


def _named(invoices: Iterable[Invoice]) -> str:
    return ", ".join(invoice.code for invoice in invoices)
