"""Putting goods in locations, moving them to others, and taking them out."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from carter.companies.days import written
from carter.companies.models import Member
from carter.companies.rights import Right, require
from carter.jobs.models import Job, Stage
from carter.storage.locking import lock_locations, lock_running
from carter.storage.models import Location, Stay, StorageJob


class CannotPlace(Exception):
    """Goods cannot be put there then; the words say who is there, and until when."""


@transaction.atomic
def place(
    storage_job: StorageJob, *, locations: Iterable[Location], on: date, by: Member | None
) -> StorageJob:
    """Let a storage job have exactly these locations from a day on, until it is to move out.

    What it has elsewhere ends on that day. Raises CannotPlace when one of them is closed or
    somebody else's then.
    """
    require(by, Right.EDIT)
    storage_job = lock_running(storage_job)
    wanted = lock_locations(storage_job.company, locations)
    _refuse_before_the_goods(storage_job, on)
    held = {stay.location_id: stay for stay in storage_job.stays.standing()}
    leaving = [stay for stay in held.values() if stay.location_id not in {one.pk for one in wanted}]
    coming = [location for location in wanted if location.pk not in held]
    if not (leaving or coming):
        return storage_job
    before = names_of(storage_job.stays.standing())
    vacate(leaving, on=on)
    _occupy(storage_job, coming, on=on, by=by)
    changes = {"locations": [before, names_of(storage_job.stays.standing())]}
    _mark([storage_job.pk])
    storage_job.job.record(f"placed the goods from {written(on)}", by=by, changes=changes)
    return storage_job


def vacate(stays: Iterable[Stay], *, on: date) -> None:
    """Let goods leave their locations on a day, for whoever holds the locks.

    A stay that was to end earlier keeps its end: somebody else may have the location since. One
    that would never have begun is taken away; History tells of it.
    """
    leaving = list(stays)
    for stay in leaving:
        if stay.start_on >= on:
            stay.delete()
            continue
        stay.end_on = on if stay.end_on is None else min(stay.end_on, on)
        stay.left_at = timezone.now()
        stay.save(update_fields=["end_on", "left_at"])
    _mark({stay.storage_job_id for stay in leaving})


def refuse_taken(
    locations: Sequence[Location],
    *,
    start_on: date,
    end_on: date | None,
    besides: StorageJob,
) -> None:
    """Raise CannotPlace when a location is somebody else's on one of these days."""
    company = besides.company
    stays = company.stays.filter(location__in=locations).exclude(storage_job=besides)
    taken = stays.overlapping(start_on, end_on, today=company.today)
    first = taken.select_related(
        "location__zone__warehouse", "storage_job__job__customer", "storage_job__job__company"
    ).order_by("location__name", "start_on")[:1]
    for stay in first:
        raise CannotPlace(_taken(stay, today=company.today))


def end_of_stay(storage_job: StorageJob, start_on: date) -> date | None:
    """Until when a stay is planned to be; None when no move-out after its start is planned."""
    last = storage_job.move_out_on
    return last if last is not None and last > start_on else None


def names_of(stays: "QuerySet[Stay]") -> str:
    """The names of their locations, as one line."""
    names = stays.order_by("location__name", "location").values_list("location__name", flat=True)
    return ", ".join(names)


def _occupy(
    storage_job: StorageJob, locations: list[Location], *, on: date, by: Member | None
) -> None:
    until = end_of_stay(storage_job, on)
    for location in locations:
        if location.closed_at is not None:
            raise CannotPlace(f"{location} is closed.")
    refuse_taken(locations, start_on=on, end_on=until, besides=storage_job)
    for location in locations:
        storage_job.stays.create(
            company=storage_job.company, location=location, start_on=on, end_on=until, by=by
        )


def _refuse_before_the_goods(storage_job: StorageJob, on: date) -> None:
    first = storage_job.move_in_on
    if storage_job.is_stored and on > storage_job.company.today:
        raise CannotPlace("Goods are placed when they are there: choose today or an earlier day.")
    if first is not None and on < first:
        raise CannotPlace(f"{storage_job} moves in on {written(first)}, not earlier.")


def _mark(storage_job_ids: Iterable[int]) -> None:
    """Storage jobs are found by the names of their locations."""
    Job.across_companies.filter(pk__in=storage_job_ids).update(words_due=True)


def _taken(stay: Stay, *, today: date) -> str:
    job = stay.storage_job.job
    who = f"{stay.location} {_verb(stay, today)} {job.customer.name} ({job.code})"
    if stay.end_on is None:
        return f"{who} from {written(stay.start_on)}, with no end planned."
    if stay.end_on <= today:
        return f"{who}, who was to be out on {written(stay.end_on)} and is still there."
    return f"{who} from {written(stay.start_on)} until {written(stay.end_on)}."


def _verb(stay: Stay, today: date) -> str:
    reserved = stay.storage_job.job.stage == Stage.RESERVED or stay.start_on > today
    return "is reserved for" if reserved else "is held by"
