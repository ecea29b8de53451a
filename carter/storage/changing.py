"""Changing what was agreed about storage, and which moves belong to it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from carter.companies.models import Member
from carter.companies.rights import Right, require
from carter.customers.changing import changed_fields, write_fields
from carter.jobs.models import Job
from carter.storage.locking import NotOfStorage, lock_locations, lock_running, lock_storage_job
from carter.storage.models import LinkedMove, Stay, StorageJob
from carter.storage.placing import end_of_stay, refuse_taken


@transaction.atomic
def change_storage_job(
    storage_job: StorageJob,
    *,
    values: Mapping[str, Any],
    was: Mapping[str, Any],
    by: Member | None,
) -> StorageJob:
    """Change type, days, price or volume, given what each was when the form was opened.

    The locations are held from the first day until the last. Raises ChangedMeanwhile when
    somebody else changed the same, NotOfStorage when it is over or the days make no sense, and
    CannotPlace when a location is somebody else's on one of the days.
    """
    require(by, Right.EDIT)
    storage_job = lock_running(storage_job)
    changes = changed_fields(storage_job, values=values, was=was)
    if not changes:
        return storage_job
    if "monthly_price_cents" in changes:
        require(by, Right.SEE_MONEY)
    first = storage_job.move_in_on
    shown = write_fields(storage_job, changes)
    _refuse_days(storage_job)
    if changes.keys() & {"move_in_on", "move_out_on"}:
        _hold_so_long(storage_job, first)
    storage_job.save()
    storage_job.job.record("changed the storage", by=by, changes=shown)
    return storage_job


@transaction.atomic
def link_move(storage_job: StorageJob, *, move: Job, by: Member | None) -> LinkedMove:
    """Say that a move of the company brings the goods in, or takes them out."""
    require(by, Right.EDIT)
    storage_job = lock_storage_job(storage_job)
    if move.is_storage:
        raise NotOfStorage(f"{move} is no move.")
    try:
        with transaction.atomic():
            link = storage_job.linked_moves.create(company=storage_job.company, move=move)
    except IntegrityError:
        raise NotOfStorage(f"{move} is linked already.") from None
    storage_job.job.record(f"linked {move}", by=by)
    return link


@transaction.atomic
def unlink_move(link: LinkedMove, *, by: Member | None) -> None:
    """Say that a move has nothing to do with it after all."""
    require(by, Right.EDIT)
    storage_job = lock_storage_job(link.storage_job)
    if storage_job.linked_moves.filter(pk=link.pk).delete()[0]:
        storage_job.job.record(f"unlinked {link.move}", by=by)


def _refuse_days(storage_job: StorageJob) -> None:
    first, last = storage_job.move_in_on, storage_job.move_out_on
    if storage_job.is_stored and first is None:
        raise NotOfStorage("The goods are in: say since when.")
    if storage_job.is_stored and first is not None and first > storage_job.company.today:
        raise NotOfStorage("The goods are in: the move-in date is not in the future.")
    if first is not None and last is not None and last < first:
        raise NotOfStorage("The move-out date is not before the move-in date.")


def _hold_so_long(storage_job: StorageJob, before: date | None) -> None:
    """Let the locations be held from the first day, which was `before`, until the last."""
    stays = list(storage_job.stays.standing().select_related("location"))
    lock_locations(storage_job.company, [stay.location for stay in stays])
    for stay in stays:
        stay.start_on = _start(storage_job, stay, before)
        stay.end_on = end_of_stay(storage_job, stay.start_on)
        refuse_taken(
            [stay.location], start_on=stay.start_on, end_on=stay.end_on, besides=storage_job
        )
        stay.save(update_fields=["start_on", "end_on"])


def _start(storage_job: StorageJob, stay: Stay, before: date | None) -> date:
    """Goods that went to another location later are there since then."""
    first = storage_job.move_in_on
    if first is None:
        return stay.start_on
    came_first = not storage_job.is_stored or stay.start_on == before
    return first if came_first else max(first, stay.start_on)
