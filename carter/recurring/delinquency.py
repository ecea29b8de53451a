"""How late a storage job is paid, as a timeline: what was due, what was done, what comes next."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from carter.billing.models import Invoice
from carter.recurring.late_fees import policy_of
from carter.recurring.letters import steps_of
from carter.recurring.models import LateFee, LatePolicy, LateStep
from carter.storage.models import StorageJob


@dataclass(frozen=True)
class Moment:
    """One thing on the timeline; with its fee when that may be waived."""

    on: date
    words: str
    is_done: bool = True
    fee: LateFee | None = None


def timeline_of(storage_job: StorageJob) -> list[Moment]:
    """All about the invoices of a storage job that are late, in order; empty when none is."""
    company = storage_job.company
    late = list(
        company.invoices.overdue(company.today)
        .filter(job=storage_job.pk)
        .select_related("company")
        .prefetch_related("late_steps__letter", "late_fees__charge")
        .order_by("due_on", "id")
    )
    policy = policy_of(company)
    moments = [moment for invoice in late for moment in _of(invoice, policy, company.today)]
    return sorted(moments, key=lambda moment: moment.on)


def _of(invoice: Invoice, policy: LatePolicy, today: date) -> Iterator[Moment]:
    if invoice.due_on is None:
        return
    yield Moment(invoice.due_on, f"{invoice} was due")
    for step in invoice.late_steps.all():
        sent = "" if step.letter else ": no email address"
        yield Moment(step.on, f"{step.get_kind_display()} about {invoice}{sent}")
    for fee in invoice.late_fees.all():
        waived = f", waived: {fee.waived_because}" if fee.waived_at else ""
        words = f"Late fee for {invoice}{waived}"
        yield Moment(fee.on, words, fee=None if fee.waived_at else fee)
    yield from _to_come(invoice, invoice.due_on, policy, today)


def _to_come(invoice: Invoice, due_on: date, policy: LatePolicy, today: date) -> Iterator[Moment]:
    if not policy.is_on or (policy.since_on and due_on < policy.since_on):
        return
    taken = {step.kind for step in invoice.late_steps.all()}
    for kind, days in steps_of(policy):
        if kind not in taken:
            on = max(due_on + timedelta(days=days), today)
            yield Moment(on, f"{LateStep.Kind(kind).label} about {invoice}", is_done=False)
    first_fee = due_on + timedelta(days=policy.fee_days + 1)
    if policy.fee != LatePolicy.Fee.NONE and first_fee > today:
        yield Moment(first_fee, f"Late fee for {invoice}", is_done=False)
