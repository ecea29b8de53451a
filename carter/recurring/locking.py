"""Lock the storage job before its schedule: nobody bills, changes or moves out meanwhile."""

from carter.billing.posting import CannotPost
from carter.recurring.models import RecurringInvoice
from carter.storage.locking import lock_storage_job


class CannotSchedule(CannotPost):
    """What was asked of a recurring invoice makes no sense as things are; the words say why."""


def lock_schedule(schedule: RecurringInvoice) -> RecurringInvoice:
    """A schedule as it is now, locked with its storage job and the customers who have it."""
    storage_job = lock_storage_job(schedule.storage_job)
    now: RecurringInvoice = storage_job.recurring_invoices.select_for_update().get(pk=schedule.pk)
    now.storage_job, now.company = storage_job, storage_job.company
    return now


def lock_running(schedule: RecurringInvoice) -> RecurringInvoice:
    """The same, of one that goes on. Raises CannotSchedule when it is over."""
    now = lock_schedule(schedule)
    if not now.is_running:
        raise CannotSchedule("This Recurring Invoice has ended.")
    return now
