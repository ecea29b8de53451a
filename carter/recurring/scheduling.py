"""Setting up a recurring invoice, and changing how it invoices."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from carter.billing.lines import Line, check_line
from carter.billing.posting import CannotPost
from carter.companies.days import written
from carter.companies.models import Member
from carter.companies.rights import Right, require
from carter.customers.changing import changed_fields, write_fields
from carter.recurring.billing import bill_schedules
from carter.recurring.locking import CannotSchedule, lock_running
from carter.recurring.models import RecurringInvoice
from carter.recurring.plan import upcoming
from carter.recurring.planned import drafted, next_billing_day
from carter.storage.locking import NotOfStorage
from carter.storage.locking import lock_running as lock_running_job
from carter.storage.models import StorageJob

MOST_AT_ONCE = 24
"""More invoices in one go are a slip in the year, or were made before Carter."""


@transaction.atomic
def start_schedule(
    storage_job: StorageJob,
    *,
    starts_on: date,
    lines: Sequence[Line],
    values: Mapping[str, Any],
    by: Member | None,
) -> RecurringInvoice:
    """Invoice a storage job from a day on; what is due today is invoiced at once.

    `lines` are what is charged for a month, `values` fields of RecurringInvoice. Raises
    CannotSchedule.
    """
    require(by, Right.TAKE_PAYMENT)
    storage_job = _locked(storage_job)
    refuse_overlap(storage_job, starts_on)
    refuse_lines(storage_job, lines)
    refuse_so_many(storage_job, starts_on, lines, values)
    schedule = RecurringInvoice(
        company=storage_job.company,
        storage_job=storage_job,
        starts_on=starts_on,
        next_starts_on=starts_on,
        bills_from_on=storage_job.company.today,
        by=by,
        **values,
    )
    refuse_method(schedule)
    schedule.next_bill_on = starts_on
    schedule.save()
    for position, line in enumerate(lines, 1):
        schedule.lines.create(company=schedule.company, position=position, **_columns(line))
    storage_job.job.record(f"set up Recurring Invoices from {written(starts_on)}", by=by)
    note_next(schedule)
    bill_all_due(schedule, by=by)
    return schedule


@transaction.atomic
def change_schedule(
    schedule: RecurringInvoice,
    *,
    values: Mapping[str, Any],
    was: Mapping[str, Any],
    by: Member | None,
) -> RecurringInvoice:
    """Change how a schedule invoices, from the next period on, given what was when the form opened.

    Raises CannotSchedule, and ChangedMeanwhile when somebody else changed the same.
    """
    require(by, Right.TAKE_PAYMENT)
    schedule = lock_running(schedule)
    changes = changed_fields(schedule, values=values, was=was)
    if not changes:
        return schedule
    shown = write_fields(schedule, changes)
    refuse_method(schedule)
    schedule.bills_from_on = schedule.company.today
    schedule.save()
    note_next(schedule)
    schedule.storage_job.job.record("changed the Recurring Invoice", by=by, changes=shown)
    return schedule


def bill_all_due(schedule: RecurringInvoice, *, by: Member | None) -> int:
    """Invoice every period of one schedule that is due today; how many. Raises CannotSchedule."""
    company, made = schedule.company, 0
    try:
        while schedule.next_bill_on is not None and schedule.next_bill_on <= company.today:
            made += bill_schedules(company, [schedule.pk], day=company.today, by=by).invoices
            schedule.refresh_from_db(fields=["next_starts_on", "next_bill_on"])
    except CannotPost as reason:
        raise CannotSchedule(str(reason)) from None
    return made


def note_next(schedule: RecurringInvoice) -> None:
    """Note when a schedule invoices next, after it was changed."""
    schedule.next_bill_on = next_billing_day(schedule)
    schedule.save(update_fields=["next_bill_on"])


def refuse_lines(storage_job: StorageJob, lines: Sequence[Line]) -> None:
    """Raise CannotSchedule unless the lines can be charged, month after month."""
    if not lines:
        raise CannotSchedule("Say what is charged for a month.")
    try:
        for line in lines:
            check_line(line, storage_job.company)
    except CannotPost as reason:
        raise CannotSchedule(str(reason)) from None
    if sum(line.net_cents for line in lines) < 0:
        raise CannotSchedule("The discounts are more than what is charged.")


def refuse_so_many(
    storage_job: StorageJob, starts_on: date, lines: Sequence[Line], values: Mapping[str, Any]
) -> None:
    """Raise CannotSchedule when far more would be invoiced at once than somebody can mean."""
    company = storage_job.company
    plan = drafted(company, starts_on=starts_on, lines=lines, values=values)
    bills = upcoming(plan, count=MOST_AT_ONCE + 1)
    if sum(bill.billed_on <= company.today for bill in bills) > MOST_AT_ONCE:
        raise CannotSchedule(
            f"That would make more than {MOST_AT_ONCE} invoices at once. Choose a later first day:"
            " the first that is not invoiced yet.",
            about="starts_on",
        )


def refuse_overlap(storage_job: StorageJob, starts_on: date) -> None:
    for other in storage_job.recurring_invoices.all():
        if other.ends_on is None:
            raise CannotSchedule(f"{storage_job} has a Recurring Invoice already: change that one.")
        if other.ends_on > starts_on:
            until = written(other.ends_on)
            raise CannotSchedule(f"{storage_job} is invoiced until {until}: start then, or later.")


def refuse_method(schedule: RecurringInvoice) -> None:
    """Raise CannotSchedule when auto-pay has nothing to charge, or somebody else’s card."""
    method = schedule.method
    if schedule.auto_pay and method is None:
        raise CannotSchedule("For auto-pay, choose a card or bank account on file.")
    if method is not None and method.customer_id != schedule.storage_job.customer.pk:
        raise CannotSchedule(f"{method} is not on file for {schedule.storage_job.customer.name}.")
    if schedule.auto_pay and method is not None and not method.is_on_file:
        raise CannotSchedule(f"{method} is no longer on file. Choose another.")


def _locked(storage_job: StorageJob) -> StorageJob:
    try:
        return lock_running_job(storage_job)
    except NotOfStorage as reason:
        raise CannotSchedule(str(reason)) from None


def _columns(line: Line) -> dict[str, Any]:
    return {
        "kind": line.kind,
        "description": line.description,
        "quantity_thousandths": line.quantity_thousandths,
        "unit_price_cents": line.unit_price_cents,
        "is_taxed": line.is_taxed,
    }
