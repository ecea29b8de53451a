"""The end of a recurring invoice."""

from datetime import date

from django.db import transaction

from carter.billing.models import Payment
from carter.companies.days import written
from carter.companies.models import Member
from carter.companies.rights import Right, require
from carter.recurring.locking import CannotSchedule, lock_schedule
from carter.recurring.models import RecurringInvoice
from carter.recurring.scheduling import bill_all_due, note_next
from carter.recurring.settling import give_back


@transaction.atomic
def end_schedule(schedule: RecurringInvoice, *, on: date, by: Member | None) -> RecurringInvoice:
    """Invoice nothing from a day on. What was invoiced of later days is credited.

    The days before it are invoiced when they are due. Raises CannotSchedule.
    """
    require(by, Right.TAKE_PAYMENT)
    schedule = lock_schedule(schedule)
    if schedule.ends_on is not None and schedule.ends_on <= on:
        raise CannotSchedule(f"It ends on {written(schedule.ends_on)} already.", about="on")
    if on < schedule.starts_on:
        raise CannotSchedule(
            f"It is invoiced from {written(schedule.starts_on)}: choose a later day.", about="on"
        )
    end_on(schedule, on, by=by)
    schedule.storage_job.job.record(f"ended the Recurring Invoice on {written(on)}", by=by)
    return schedule


@transaction.atomic
def keep_going(schedule: RecurringInvoice, *, by: Member | None) -> RecurringInvoice:
    """Take back an end to come, or one that the goods outlasted. Raises CannotSchedule."""
    require(by, Right.TAKE_PAYMENT)
    schedule = lock_schedule(schedule)
    if schedule.ends_on is None:
        raise CannotSchedule("It goes on until it is ended.")
    if not schedule.storage_job.is_running:
        raise CannotSchedule(f"The goods of {schedule.storage_job} have moved out.")
    if schedule.storage_job.recurring_invoices.filter(starts_on__gte=schedule.ends_on).exists():
        raise CannotSchedule("Another Recurring Invoice goes on from there.")
    if schedule.next_starts_on > schedule.ends_on:
        raise CannotSchedule("The days after its end were credited: set up a new one from there.")
    schedule.ends_on = None
    schedule.bills_from_on = schedule.company.today
    schedule.save(update_fields=["ends_on", "bills_from_on"])
    note_next(schedule)
    schedule.storage_job.job.record("let the Recurring Invoice go on", by=by)
    return schedule


def end_on(schedule: RecurringInvoice, on: date, *, by: Member | None) -> list[Payment]:
    """End it on a day, for whoever holds the locks; returns the credit notes that took."""
    schedule.ends_on = max(on, schedule.starts_on)
    schedule.bills_from_on = schedule.company.today
    schedule.save(update_fields=["ends_on", "bills_from_on"])
    note_next(schedule)
    return give_back(schedule, since=schedule.ends_on, reason=f"Storage until {written(on)}", by=by)


def bill_to_the_end(schedule: RecurringInvoice, *, by: Member | None) -> int:
    """Invoice all that is left of a schedule that ends, today; how many invoices that made."""
    made = 0
    while schedule.next_bill_on is not None:
        schedule.next_bill_on = schedule.bills_from_on = schedule.company.today
        schedule.save(update_fields=["next_bill_on", "bills_from_on"])
        made += bill_all_due(schedule, by=by)
    return made
