"""Goods go out of the warehouse, and with them the billing: in one action."""

from collections.abc import Collection
from datetime import date

from django.db import transaction

from carter.companies.days import written
from carter.companies.models import Member
from carter.companies.rights import Right, require
from carter.jobs.models import Stage
from carter.recurring.ending import bill_to_the_end, end_on
from carter.recurring.leaving import CannotMoveOut, going_on, plan_move_out, shared_price
from carter.recurring.locking import CannotSchedule, lock_schedule
from carter.recurring.models import RecurringInvoice
from carter.recurring.planned import plan_now
from carter.recurring.prices import put_price, refuse_prices
from carter.recurring.settling import give_back
from carter.storage.locking import NotOfStorage, lock_running
from carter.storage.models import Location, StorageJob
from carter.storage.placing import names_of, vacate


@transaction.atomic
def move_out(
    storage_job: StorageJob,
    *,
    on: date,
    locations: Collection[Location] | None = None,
    new_monthly_price_cents: int | None = None,
    seen: str | None = None,
    by: Member | None,
) -> StorageJob:
    """Say that goods went out on a day: all of them, or those in some locations.

    All: the storage job is over, its locations are free, and its billing ends with a last invoice
    or a credit note. Some: these locations are free, and the rest costs the new price from that
    day; what was invoiced of it at the old one is credited. `seen` is what a person saw of the
    plan. Raises CannotMoveOut, also when something else would come of it by now.
    """
    require(by, Right.TAKE_PAYMENT)
    storage_job = _locked(storage_job)
    plan = plan_move_out(
        storage_job, on=on, locations=locations, new_monthly_price_cents=new_monthly_price_cents
    )
    if seen is not None and seen != plan.seen:
        raise CannotMoveOut(
            "Something else comes of it now than was shown. Look at it again, then move out."
        )
    try:
        _settle(storage_job, on, locations, new_monthly_price_cents, by)
    except CannotSchedule as reason:
        raise CannotMoveOut(str(reason)) from None
    _leave(storage_job, on, locations, new_monthly_price_cents, by)
    return storage_job


def _locked(storage_job: StorageJob) -> StorageJob:
    try:
        return lock_running(storage_job)
    except NotOfStorage as reason:
        raise CannotMoveOut(str(reason)) from None


def _settle(
    storage_job: StorageJob,
    on: date,
    locations: Collection[Location] | None,
    new_monthly_price_cents: int | None,
    by: Member | None,
) -> None:
    for each in going_on(storage_job, on):
        schedule = lock_schedule(each)
        if locations is None:
            end_on(schedule, on, by=by)
            bill_to_the_end(schedule, by=by)
        elif new_monthly_price_cents is not None:
            _reprice(schedule, on, new_monthly_price_cents, by)


def _reprice(schedule: RecurringInvoice, on: date, cents: int, by: Member | None) -> None:
    prices = shared_price(plan_now(schedule), on, cents)
    for line, price in zip(schedule.lines.all(), prices, strict=True):
        line.changes.filter(from_on__gte=on).delete()
        put_price(line, from_on=on, quantity_thousandths=1000, unit_price_cents=price, by=by)
    refuse_prices(schedule, on)
    give_back(schedule, since=on, reason=f"Partly moved out on {written(on)}", by=by)


def _leave(
    storage_job: StorageJob,
    on: date,
    locations: Collection[Location] | None,
    new_monthly_price_cents: int | None,
    by: Member | None,
) -> None:
    stays = storage_job.stays.standing()
    if locations is not None:
        stays = stays.filter(location__in=locations)
    what = "everything" if locations is None else names_of(stays)
    vacate(list(stays), on=on)
    storage_job.job.stage = Stage.MOVED_OUT if locations is None else Stage.PARTLY_OUT
    storage_job.job.save(update_fields=["stage"])
    if locations is None:
        storage_job.move_out_on = on
    elif new_monthly_price_cents is not None:
        storage_job.monthly_price_cents = new_monthly_price_cents
    storage_job.save(update_fields=["move_out_on", "monthly_price_cents"])
    storage_job.job.record(f"moved {what} out on {written(on)}", by=by)
