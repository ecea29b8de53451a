"""Late fees: charged by the company’s policy, once an invoice or month, and waived by a person."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from carter.billing.crediting import credit_invoice
from carter.billing.ledger import counter_charge, log_charge
from carter.billing.models import Charge, Invoice
from carter.billing.models.invoice import InvoiceQuerySet
from carter.billing.posting import CannotPost
from carter.billing.rounding import half_even
from carter.companies.models import Company, Member
from carter.companies.rights import Right, require
from carter.customers.locking import lock_row
from carter.gateway.models import PaymentAttempt
from carter.jobs.models.stages import STORAGE
from carter.recurring.models import LateFee, LatePolicy
from carter.recurring.months import boundary


class CannotWaive(CannotPost):
    """The fee cannot be waived; the words say why."""


def policy_of(company: Company) -> LatePolicy:
    """What the company does about late invoices; nothing until somebody says so."""
    found: LatePolicy | None = company.late_policies.first()
    return found or LatePolicy(company=company)


def charge_late_fees(company: Company, day: date) -> int:
    """Charge every fee that is due on a day, or was before it, each dated its own day; how many.

    The same however often and late it is asked: what counts is what was open on the fee's day.
    """
    policy = policy_of(company)
    if not policy.is_on or policy.fee == LatePolicy.Fee.NONE:
        return 0
    return sum(_charge(invoice, policy, day) for invoice in _perhaps_late(policy, day))


@transaction.atomic
def waive_late_fee(fee: LateFee, *, reason: str, by: Member | None) -> LateFee:
    """Take a late fee back, with a reason: by a credit note when it is on an invoice.

    Raises CannotWaive.
    """
    require(by, Right.TAKE_BACK)
    lock_row(fee.charge)
    fee = fee.company.late_fees.select_for_update().get(pk=fee.pk)
    if not reason.strip():
        raise CannotWaive("Say why it is waived.")
    if fee.waived_at is not None:
        raise CannotWaive("It is waived already.")
    try:
        _take_back(fee.charge, reason, by)
    except CannotPost as trouble:
        raise CannotWaive(str(trouble)) from None
    fee.waived_at, fee.waived_by, fee.waived_because = timezone.now(), by, reason.strip()
    fee.save()
    return fee


def late_invoices(policy: LatePolicy, *, days: int, day: date) -> InvoiceQuerySet:
    """Invoices of storage that were due so many days before a day, or longer ago.

    Not those that are to be charged by themselves and were not tried yet: then it is ours to act.
    """
    tried = PaymentAttempt.across_companies.filter(
        invoice=OuterRef("pk"), status=PaymentAttempt.Status.FAILED
    )
    untried = Q(collection__isnull=False, collection__stopped_at=None) & ~Exists(tried)
    found: InvoiceQuerySet = policy.company.invoices.standing().filter(
        job__stage__in=STORAGE,
        due_on__gte=policy.since_on,
        due_on__lte=day - timedelta(days=days),
    )
    return found.exclude(untried)


def _perhaps_late(policy: LatePolicy, day: date) -> InvoiceQuerySet:
    """Open ones, and those paid after the day, that have no fee of the last month."""
    since = boundary(day.year * 12 + day.month - 2, day.day)
    recent = LateFee.across_companies.filter(invoice=OuterRef("pk"))
    if policy.often == LatePolicy.Often.MONTHLY:
        recent = recent.filter(on__gt=since)
    paid_later = Q(allocations__on__gt=day)
    found = late_invoices(policy, days=policy.fee_days + 1, day=day)
    late = found.filter(Q(is_open=True) | paid_later).exclude(Exists(recent)).distinct()
    return late.select_related("company", "job").order_by("due_on", "id")


def _charge(invoice: Invoice, policy: LatePolicy, day: date) -> int:
    """Charge what fees of one invoice are due; how many."""
    made = 0
    for nth, on in _fee_days(invoice, policy, day):
        with transaction.atomic():
            made += _charge_one(lock_row(invoice), policy, nth, on)
    return made


def _fee_days(invoice: Invoice, policy: LatePolicy, day: date) -> Iterator[tuple[int, date]]:
    """On which days fees of an invoice fell until a day: once, or on the same day every month."""
    if invoice.due_on is None:
        return
    first = invoice.due_on + timedelta(days=policy.fee_days + 1)
    month = first.year * 12 + first.month - 1
    nth = 0
    while (on := boundary(month + nth, first.day)) <= day:
        yield nth, on
        nth += 1
        if policy.often == LatePolicy.Often.ONCE:
            return


def _charge_one(invoice: Invoice, policy: LatePolicy, nth: int, on: date) -> bool:
    fees = list(invoice.late_fees.select_related("charge"))
    if any(fee.nth == nth for fee in fees) or not invoice.stands:
        return False
    before = sum(fee.charge.amount_cents for fee in fees if fee.waived_at is None)
    cents = _amount(policy, open_on(invoice, on), before)
    if not cents:
        return False
    closed = invoice.company.books_closed_through
    charge = log_charge(
        customer=invoice.customer,
        job=invoice.job,
        kind=Charge.Kind.LATE_FEE,
        amount_cents=cents,
        description=f"Late fee for {invoice}",
        on=max(on, closed + timedelta(days=1)) if closed else on,
        key=f"late-fee/{invoice.pk}/{nth}",
        by=None,
    )
    LateFee(company=invoice.company, invoice=invoice, nth=nth, on=on, charge=charge).save()
    return True


def open_on(invoice: Invoice, day: date) -> int:
    """What was to be paid on an invoice at the end of a day."""
    applied = invoice.allocations.filter(on__lte=day)
    return (invoice.total_cents or 0) - sum(applied.values_list("amount_cents", flat=True))


def _amount(policy: LatePolicy, open_cents: int, before: int) -> int:
    """The fee for so much that is open, where so much was charged before."""
    if open_cents <= 0:
        return 0
    cents = policy.fee_cents or 0
    if policy.fee == LatePolicy.Fee.PERCENT:
        cents = half_even(open_cents * (policy.fee_millionths or 0), 1_000_000)
    return max(0, cents if policy.cap_cents is None else min(cents, policy.cap_cents - before))


def _take_back(charge: Charge, reason: str, by: Member | None) -> None:
    line = charge.invoice_lines.filter(stands=True).select_related("invoice").first()
    if line is None or line.invoice.is_draft:
        counter_charge(charge, by=by)
    else:
        credit_invoice(line.invoice, charges=[charge], reason=f"Waived: {reason.strip()}", by=by)
