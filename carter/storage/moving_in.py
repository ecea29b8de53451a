"""Goods come into the warehouse, or stay away after all."""

from datetime import date

from django.db import transaction

from carter.companies.days import written
from carter.companies.models import Member
from carter.companies.rights import Right, require
from carter.jobs.models import Stage
from carter.storage.locking import NotOfStorage, lock_locations, lock_running
from carter.storage.models import StorageJob
from carter.storage.placing import end_of_stay, refuse_taken


class CannotMoveIn(Exception):
    """The goods cannot come in as was asked; the words say why."""


@transaction.atomic
def move_in(storage_job: StorageJob, *, on: date, by: Member | None) -> StorageJob:
    """Say that the goods came in on a day: they hold their reserved locations from then on.

    Raises CannotMoveIn for a day to come or after the planned move-out, and CannotPlace when
    somebody else is in one of the locations.
    """
    require(by, Right.EDIT)
    storage_job = lock_running(storage_job)
    _refuse(storage_job, on)
    _hold_from(storage_job, on)
    storage_job.move_in_on = on
    storage_job.save(update_fields=["move_in_on"])
    _enter(storage_job, Stage.IN_STORAGE)
    storage_job.job.record(f"moved the goods in on {written(on)}", by=by)
    return storage_job


@transaction.atomic
def call_off(storage_job: StorageJob, *, reason: str, by: Member | None) -> StorageJob:
    """Give a reservation up, with its locations. Raises NotOfStorage once goods are in."""
    require(by, Right.EDIT)
    storage_job = lock_running(storage_job)
    if storage_job.is_stored:
        raise NotOfStorage(f"The goods of {storage_job} are in storage: move them out instead.")
    if not reason.strip():
        raise NotOfStorage("Say why it is called off.")
    storage_job.stays.all().delete()
    storage_job.job.archive_reason = reason.strip()
    _enter(storage_job, Stage.CALLED_OFF)
    storage_job.job.record("called off the reservation", by=by)
    return storage_job


def _refuse(storage_job: StorageJob, on: date) -> None:
    if storage_job.is_stored:
        raise CannotMoveIn(f"The goods of {storage_job} are in storage already.")
    if on > storage_job.company.today:
        raise CannotMoveIn("The goods are moved in when they are there: choose today or earlier.")
    if storage_job.move_out_on is not None and on > storage_job.move_out_on:
        planned = written(storage_job.move_out_on)
        raise CannotMoveIn(f"They are to move out on {planned}: change that first.")


def _hold_from(storage_job: StorageJob, on: date) -> None:
    """Let what is reserved be held from the day on, whether that is earlier or later."""
    stays = list(storage_job.stays.standing().select_related("location"))
    locations = lock_locations(storage_job.company, [stay.location for stay in stays])
    end = end_of_stay(storage_job, on)
    refuse_taken(locations, start_on=on, end_on=end, besides=storage_job)
    for stay in stays:
        stay.start_on, stay.end_on = on, end
        stay.save(update_fields=["start_on", "end_on"])


def _enter(storage_job: StorageJob, stage: Stage) -> None:
    storage_job.job.stage = stage
    storage_job.job.save(update_fields=["stage", "archive_reason"])
