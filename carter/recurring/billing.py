"""Invoicing the periods that are due: each once, whoever asks, however often, however late."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import structlog
from django.db import transaction

from carter.billing.bills import Bill, bill_jobs
from carter.billing.models import Charge, Invoice
from carter.billing.posting import CannotPost
from carter.companies.models import Company, Member
from carter.companies.rights import Right, require
from carter.customers.locking import lock_rows
from carter.gateway.collecting import collect_later
from carter.jobs.models import Job
from carter.recurring.models import RecurringInvoice, SchedulePeriod
from carter.recurring.plan import Plan, Upcoming, bill_of, billing_day, period_from
from carter.recurring.planned import plan_of
from carter.storage.models import StorageJob

log = structlog.get_logger(__name__)

AT_ONCE = 200
"""Schedules invoiced in one transaction: few enough that nobody at a desk waits for it."""


@dataclass
class Billed:
    """What was invoiced; which schedules could not be, or will not be charged, and why.

    Both by schedule, in words for the desk.
    """

    invoices: int = 0
    cents: int = 0
    failures: dict[int, str] = field(default_factory=dict)
    not_charged: dict[int, str] = field(default_factory=dict)

    def add(self, other: "Billed") -> None:
        self.invoices += other.invoices
        self.cents += other.cents
        self.failures |= other.failures
        self.not_charged |= other.not_charged


def bill_due(company: Company, day: date, *, besides: Iterable[int] = ()) -> Billed:
    """Invoice every period that is due on a day, or was before it, `besides` some schedules.

    Twice, or by many at the same time, it makes nothing more. One that fails keeps no other from
    being invoiced.
    """
    billed = Billed()
    while ids := _due(company, day, {*besides, *billed.failures}):
        try:
            billed.add(bill_schedules(company, ids, day=day, by=None))
        except Exception:
            log.exception("recurring invoices failed together", company=company.pk)
            for schedule_id in ids:
                billed.add(_billed_alone(company, schedule_id, day))
    return billed


@transaction.atomic
def bill_schedules(company: Company, ids: Iterable[int], *, day: date, by: Member | None) -> Billed:
    """Invoice the next period of each of these schedules that is due on a day: all or none."""
    require(by, Right.TAKE_PAYMENT)
    schedules = _locked(company, ids, day)
    dues = [due for schedule in schedules if (due := _next(schedule)) is not None]
    fees = _late_fees(company, dues)
    paid = [due for due in dues if due.one.lines]
    bills = [due.bill(fees[due.schedule.storage_job_id]) for due in paid]
    invoices = bill_jobs(company, bills, by=by) if bills else []
    made = dict(zip((due.schedule.pk for due in paid), invoices, strict=True))
    _remember(company, dues, made)
    cents = sum(invoice.total_cents or 0 for invoice in invoices)
    return Billed(len(invoices), cents, not_charged=_collect(paid, made))


@dataclass(frozen=True)
class Due:
    """A schedule and the period that it invoices next."""

    schedule: RecurringInvoice
    plan: Plan
    one: Upcoming
    on: date

    def bill(self, fees: Sequence[Charge]) -> Bill:
        schedule = self.schedule
        return Bill(
            job=schedule.storage_job.job,
            lines=self.one.lines,
            logged=tuple(fee for fee in fees if fee.on <= self.on),
            on=self.on,
            due_on=self.one.due_on,
            terms=schedule.terms,
            purchase_order=schedule.purchase_order,
            notes=schedule.notes,
        )


def _due(company: Company, day: date, failed: Iterable[int]) -> list[int]:
    """The next few schedules to invoice, the earliest first, so that numbers follow the days."""
    found = company.recurring_invoices.due(day).exclude(pk__in=list(failed))
    return list(found.order_by("next_bill_on", "id").values_list("pk", flat=True)[:AT_ONCE])


def _billed_alone(company: Company, schedule_id: int, day: date) -> Billed:
    try:
        return bill_schedules(company, [schedule_id], day=day, by=None)
    except CannotPost as reason:
        return Billed(failures={schedule_id: str(reason)})
    except Exception as trouble:
        log.exception("recurring invoice failed", schedule=schedule_id)
        return Billed(failures={schedule_id: f"Something went wrong ({type(trouble).__name__})."})


def _locked(company: Company, ids: Iterable[int], day: date) -> list[RecurringInvoice]:
    """Of these schedules those still due, as they are now, with their storage jobs locked."""
    rows = company.recurring_invoices.filter(pk__in=list(ids))
    jobs = lock_rows(Job, rows.values_list("storage_job", flat=True))
    found = rows.due(day).select_for_update(of=("self",)).order_by("next_bill_on", "id")
    schedules = list(
        found.select_related("storage_job", "method").prefetch_related("lines__changes", "pauses")
    )
    for schedule in schedules:
        schedule.company = company
        schedule.storage_job.job = jobs[schedule.storage_job_id]
    return schedules


def _next(schedule: RecurringInvoice) -> Due | None:
    plan = plan_of(schedule)
    days = period_from(plan, schedule.next_starts_on)
    if days is None:
        return None
    one = bill_of(plan, days)
    closed = schedule.company.books_closed_through
    on = max(one.billed_on, closed + timedelta(days=1)) if closed else one.billed_on
    return Due(schedule, plan, one, on)


def _late_fees(company: Company, dues: Sequence[Due]) -> dict[int, list[Charge]]:
    """By storage job: its late fees that are on no invoice yet, and go on the next."""
    found: dict[int, list[Charge]] = defaultdict(list)
    jobs = [due.schedule.storage_job_id for due in dues]
    fees = company.charges.uninvoiced().filter(job__in=jobs, late_fee__isnull=False)
    for fee in fees.select_related("customer", "born_to", "job__company").order_by("on", "id"):
        if fee.job_id is not None:
            found[fee.job_id].append(fee)
    return found


def _remember(company: Company, dues: Sequence[Due], made: dict[int, Invoice]) -> None:
    """Write the periods, which the database takes once, and when each schedule is due next."""
    SchedulePeriod.across_companies.bulk_create(
        _period(company, due, made.get(due.schedule.pk)) for due in dues
    )
    for due in dues:
        schedule, ends_on = due.schedule, due.one.days.ends_on
        schedule.next_starts_on = ends_on
        goes_on = period_from(due.plan, ends_on) is not None
        schedule.next_bill_on = billing_day(due.plan, ends_on) if goes_on else None
    RecurringInvoice.across_companies.bulk_update(
        [due.schedule for due in dues], ["next_starts_on", "next_bill_on"]
    )
    _note_prices(dues)


def _note_prices(dues: Sequence[Due]) -> None:
    """Let the storage jobs say what a month of the invoiced period costs."""
    changed = []
    for due in dues:
        storage_job, cents = (
            due.schedule.storage_job,
            due.plan.monthly_cents(due.one.days.starts_on),
        )
        if storage_job.monthly_price_cents != cents:
            storage_job.monthly_price_cents = cents
            changed.append(storage_job)
    StorageJob.across_companies.bulk_update(changed, ["monthly_price_cents"])


def _period(company: Company, due: Due, invoice: Invoice | None) -> SchedulePeriod:
    is_mailed = invoice is not None and due.schedule.is_mailed
    return SchedulePeriod(
        company=company,
        schedule=due.schedule,
        starts_on=due.one.days.starts_on,
        ends_on=due.one.days.ends_on,
        billed_on=due.on,
        anchor_day=due.plan.anchor_day,
        invoice=invoice,
        amount_cents=due.one.total_cents,
        mail=SchedulePeriod.Mail.WANTED if is_mailed else SchedulePeriod.Mail.NONE,
    )


def _collect(paid: Sequence[Due], made: dict[int, Invoice]) -> dict[int, str]:
    """Have what is open charged by itself when it is due, where that is agreed."""
    refused = {}
    for due in paid:
        schedule, invoice = due.schedule, made[due.schedule.pk]
        if schedule.auto_pay and schedule.method and invoice.is_open and invoice.due_on:
            try:
                collect_later(invoice=invoice, method=schedule.method, on=invoice.due_on)
            except CannotPost as reason:
                refused[schedule.pk] = str(reason)
    return refused
