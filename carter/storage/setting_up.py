"""Setting up the warehouse: buildings, zones, and the locations in them."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from carter.companies.models import Company, Member
from carter.companies.rights import Right, require
from carter.storage.models import Location, Warehouse, Zone

MOST_AT_ONCE = 500
RANGE = re.compile(
    r"(?P<start>.*?)(?P<first>[0-9]{1,6})(?:\s*(?:…|\.{2,3}|–|—)\s*|\s+-\s+)"
    r"(?P=start)(?P<last>[0-9]{1,6})"
)
"""A plain hyphen needs space around it: 2026-11 is one name."""


class CannotSetUp(Exception):
    """The warehouse cannot be set up like this; the words say why."""


@transaction.atomic
def add_warehouse(
    company: Company, *, name: str, address: str = "", by: Member | None
) -> Warehouse:
    """Add a building of the company."""
    require(by, Right.EDIT)
    _refuse_taken(company.warehouses.filter(name=name), f"There is a warehouse {name} already.")
    warehouse = company.warehouses.create(company=company, name=name, address=address)
    company.record(f"added the warehouse {name}", by=by)
    return warehouse


@transaction.atomic
def change_warehouse(
    warehouse: Warehouse, *, name: str, address: str, by: Member | None
) -> Warehouse:
    """Rename a building or correct its address."""
    require(by, Right.EDIT)
    others = warehouse.company.warehouses.filter(name=name).exclude(pk=warehouse.pk)
    _refuse_taken(others, f"There is a warehouse {name} already.")
    before, warehouse.name, warehouse.address = warehouse.name, name, address
    warehouse.save()
    if before != name:
        changes = {"name": [before, name]}
        warehouse.company.record("renamed the warehouse", by=by, changes=changes)
    return warehouse


@transaction.atomic
def add_zone(warehouse: Warehouse, *, name: str, per_row: int, by: Member | None) -> Zone:
    """Add a part of a warehouse."""
    require(by, Right.EDIT)
    _refuse_taken(warehouse.zones.filter(name=name), f"{warehouse} has a zone {name} already.")
    zone: Zone = warehouse.zones.create(company=warehouse.company, name=name, per_row=per_row)
    warehouse.company.record(f"added the zone {zone}", by=by)
    return zone


@transaction.atomic
def change_zone(zone: Zone, *, name: str, per_row: int, by: Member | None) -> Zone:
    """Rename a part of a warehouse, or draw it otherwise on the plan."""
    require(by, Right.EDIT)
    others = zone.warehouse.zones.filter(name=name).exclude(pk=zone.pk)
    _refuse_taken(others, f"{zone.warehouse} has a zone {name} already.")
    before, zone.name, zone.per_row = zone.name, name, per_row
    zone.save()
    if before != name:
        zone.company.record("renamed the zone", by=by, changes={"name": [before, name]})
    return zone


@transaction.atomic
def add_locations(
    zone: Zone, *, kind: str, names: Sequence[str], by: Member | None
) -> list[Location]:
    """Add locations of one kind, many at once. Raises CannotSetUp for a name that is there."""
    require(by, Right.EDIT)
    company = zone.company
    company.zones.select_for_update().get(pk=zone.pk)
    there = zone.locations.in_use().filter(name__in=names).order_by("name")
    if taken := list(there.values_list("name", flat=True)[:3]):
        raise CannotSetUp(f"{zone} has {', '.join(taken)} already.")
    rows = [Location(company=company, zone=zone, kind=kind, name=name) for name in names]
    made = company.locations.bulk_create(rows, batch_size=MOST_AT_ONCE)
    span = names[0] if len(names) == 1 else f"{names[0]} … {names[-1]}"
    company.record(f"added {len(names)} to {zone}: {span}", by=by)
    return made


@transaction.atomic
def change_location(location: Location, *, name: str, kind: str, by: Member | None) -> Location:
    """Rename a location, by which whoever is in it is found, or say that it is of another kind."""
    require(by, Right.EDIT)
    location = _locked(location)
    others = location.zone.locations.in_use().filter(name=name).exclude(pk=location.pk)
    _refuse_taken(others, f"{location.zone} has {name} already.")
    before, location.name, location.kind = location.name, name, kind
    location.save()
    if before != name:
        _mark_who_is_in(location)
        location.company.record("renamed the location", by=by, changes={"name": [before, name]})
    return location


@transaction.atomic
def close_location(location: Location, *, by: Member | None) -> Location:
    """Give a location up. Raises CannotSetUp while somebody has it, or is to have it."""
    require(by, Right.EDIT)
    location = _locked(location)
    today = location.company.today
    stays = location.stays.overlapping(today, None, today=today)
    for stay in stays.select_related("storage_job__job__customer", "storage_job__job__company")[:1]:
        job = stay.storage_job.job
        raise CannotSetUp(
            f"{location} has goods of {job.customer.name} ({job.code}): place them elsewhere first."
        )
    if location.closed_at is None:
        location.closed_at = timezone.now()
        location.save(update_fields=["closed_at"])
        location.company.record(f"closed {location}", by=by)
    return location


@transaction.atomic
def reopen_location(location: Location, *, by: Member | None) -> Location:
    """Use a location again. Raises CannotSetUp when another has its name by now."""
    require(by, Right.EDIT)
    location = _locked(location)
    namesakes = location.zone.locations.in_use().filter(name=location.name)
    _refuse_taken(namesakes.exclude(pk=location.pk), f"{location} is there again already.")
    if location.closed_at is not None:
        location.closed_at = None
        location.save(update_fields=["closed_at"])
        location.company.record(f"reopened {location}", by=by)
    return location


def names_in(typed: str) -> list[str]:
    """The names that somebody typed, one a line or with commas; V-001 … V-040 stands for forty.

    Raises CannotSetUp for a range that runs backwards, for a name twice, and for too many.
    """
    names = [name for part in re.split(r"[\n,;]", typed) for name in _spread(part.strip()) if name]
    if not names:
        raise CannotSetUp("Type at least one name.")
    if len(names) > MOST_AT_ONCE:
        raise CannotSetUp(f"At most {MOST_AT_ONCE} at once.")
    if doubled := [name for name in names if names.count(name) > 1]:
        raise CannotSetUp(f"{doubled[0]} is there twice.")
    if long := [name for name in names if len(name) > 40]:
        raise CannotSetUp(f"{long[0]} is too long: at most 40 letters.")
    return names


def _spread(part: str) -> Iterable[str]:
    span = RANGE.fullmatch(part)
    if span is None:
        return [part]
    first, last = int(span["first"]), int(span["last"])
    if last < first:
        raise CannotSetUp(f"{part} runs backwards.")
    if last - first >= MOST_AT_ONCE:
        raise CannotSetUp(f"At most {MOST_AT_ONCE} at once.")
    width = len(span["first"])
    return [f"{span['start']}{number:0{width}d}" for number in range(first, last + 1)]


def _locked(location: Location) -> Location:
    rows = location.company.locations.select_for_update(of=("self",))
    return rows.select_related("company", "zone__warehouse").get(pk=location.pk)


def _refuse_taken(rows: QuerySet[Any], words: str) -> None:
    if rows.exists():
        raise CannotSetUp(words)


def _mark_who_is_in(location: Location) -> None:
    """Storage jobs are found by the names of their locations."""
    inside = location.stays.standing().values("storage_job")
    location.company.jobs.filter(pk__in=inside).update(words_due=True)
