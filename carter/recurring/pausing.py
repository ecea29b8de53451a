"""Days that are not billed, and going on after them."""

from datetime import date

from django.db import transaction

from carter.companies.days import written
from carter.companies.models import Member
from carter.companies.rights import Right, require
from carter.recurring.locking import CannotSchedule, lock_running
from carter.recurring.models import Pause, RecurringInvoice
from carter.recurring.plan import FOR_EVER
from carter.recurring.prices import refuse_invoiced
from carter.recurring.settling import give_back


@transaction.atomic
def pause_schedule(
    schedule: RecurringInvoice,
    *,
    from_on: date,
    until_on: date | None = None,
    reason: str = "",
    by: Member | None,
) -> Pause:
    """Bill nothing from a day until (not on) another, or until further notice.

    What was invoiced of these days is given back by a credit note. Raises CannotSchedule.
    """
    require(by, Right.TAKE_PAYMENT)
    schedule = lock_running(schedule)
    if until_on is not None and until_on <= from_on:
        raise CannotSchedule(
            "Billing goes on after the pause began: choose a later day.", about="until_on"
        )
    if from_on < schedule.starts_on:
        raise CannotSchedule(
            f"It is invoiced from {written(schedule.starts_on)}: pause then.", about="from_on"
        )
    _refuse_overlap(schedule, from_on, until_on)
    pause: Pause = schedule.pauses.create(
        company=schedule.company, from_on=from_on, until_on=until_on, reason=reason.strip(), by=by
    )
    give_back(schedule, since=from_on, reason=f"Paused from {written(from_on)}", by=by)
    until = f" until {written(until_on)}" if until_on else ""
    what = f"paused the Recurring Invoice from {written(from_on)}{until}"
    schedule.storage_job.job.record(what, by=by)
    return pause


@transaction.atomic
def end_pause(pause: Pause, *, on: date, by: Member | None) -> None:
    """Bill again from a day that is not invoiced yet. One that never began is taken away."""
    require(by, Right.TAKE_PAYMENT)
    schedule = lock_running(pause.schedule)
    pause = schedule.pauses.get(pk=pause.pk)
    if pause.until_on is not None and on >= pause.until_on:
        raise CannotSchedule(f"The pause ends on {written(pause.until_on)} by itself.", about="on")
    refuse_invoiced(schedule, on, about="on")
    if on <= pause.from_on:
        pause.delete()
    else:
        pause.until_on = on
        pause.save(update_fields=["until_on"])
    what = f"ended the pause of the Recurring Invoice on {written(on)}"
    schedule.storage_job.job.record(what, by=by)


def _refuse_overlap(schedule: RecurringInvoice, from_on: date, until_on: date | None) -> None:
    for other in schedule.pauses.all():
        if other.from_on < (until_on or FOR_EVER) and from_on < (other.until_on or FOR_EVER):
            raise CannotSchedule(f"It is paused from {written(other.from_on)} already.")
