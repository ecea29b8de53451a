"""The plan of a warehouse: what is in each location on a day, and what is free."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Min, OuterRef, QuerySet, Subquery

from carter.companies.models import Company
from carter.jobs.models import Job, Stage
from carter.storage.models import Location, Stay, Warehouse, Zone

SOON = timedelta(days=14)


class State(StrEnum):
    """How a location stands, as the plan says it."""

    FREE = "Free"
    RESERVED = "Reserved"
    HELD = "Held"
    DUE_OUT = "Due out"
    OVERDUE = "Overdue"


@dataclass(frozen=True)
class Cell:
    """A location on a day: who has it, and until when; of a free one when it is wanted next."""

    location: Location
    state: State
    stay: Stay | None
    until: date | None

    @property
    def job(self) -> Job | None:
        return self.stay.storage_job.job if self.stay else None


@dataclass(frozen=True)
class ZonePlan:
    """A zone as it is drawn: its locations in rows, the last one perhaps shorter."""

    zone: Zone
    cells: list[Cell]

    @property
    def rows(self) -> list[list[Cell | None]]:
        """Rows of the same length: None where the last one has no location."""
        width = self.zone.per_row
        filled = [*self.cells, *[None] * (-len(self.cells) % width)]
        return [filled[start : start + width] for start in range(0, len(filled), width)]

    @property
    def free(self) -> int:
        return sum(cell.state == State.FREE for cell in self.cells)


@dataclass(frozen=True)
class Count:
    """How many locations of a kind there are, and how many of them are free."""

    kind: str
    free: int
    of: int


def plan_of(warehouse: Warehouse, day: date) -> list[ZonePlan]:
    """Each zone of a warehouse with its locations as they stand on a day. Three queries."""
    zones = list(warehouse.zones.all())
    cells: dict[int, list[Cell]] = {zone.pk: [] for zone in zones}
    for cell in _cells(warehouse, day):
        cells[cell.location.zone_id].append(cell)
    for zone in zones:
        zone.warehouse = warehouse
    return [ZonePlan(zone, cells[zone.pk]) for zone in zones]


def counts_of(plans: Iterable[ZonePlan]) -> list[Count]:
    """How many of each kind are free, of how many; the kinds as they are listed."""
    cells = [cell for plan in plans for cell in plan.cells]
    every = Counter(cell.location.kind for cell in cells)
    free = Counter(cell.location.kind for cell in cells if cell.state == State.FREE)
    return [Count(kind.label, free[kind], every[kind]) for kind in Location.Kind if every[kind]]


def counts_by_warehouse(company: Company, day: date) -> dict[int, list[Count]]:
    """The same of every warehouse of a company, by its key. Two queries."""
    used = company.locations.in_use()
    every = _by_kind(used)
    free = _by_kind(used.free(day, day + timedelta(days=1), today=company.today))
    return {
        pk: [
            Count(kind.label, free[pk, kind], every[pk, kind])
            for kind in Location.Kind
            if every[pk, kind]
        ]
        for pk in {pk for pk, _ in every}
    }


def _by_kind(locations: QuerySet[Location]) -> Counter[tuple[int, str]]:
    return Counter(locations.order_by().values_list("zone__warehouse", "kind"))


def _cells(warehouse: Warehouse, day: date) -> Iterator[Cell]:
    company = warehouse.company
    here = company.stays.filter(location__zone__warehouse=warehouse)
    there = here.on(day, today=company.today).select_related("storage_job__job__customer")
    by_location = {stay.location_id: stay for stay in there.order_by("-start_on")}
    later = company.stays.filter(location=OuterRef("pk"), start_on__gt=day)
    first = later.order_by().values("location").annotate(first=Min("start_on")).values("first")
    used = company.locations.in_use().filter(zone__warehouse=warehouse)
    locations: Iterable[Any] = used.annotate(wanted_on=Subquery(first))
    for location in locations:
        stay = by_location.get(location.pk)
        if stay is None:
            yield Cell(location, State.FREE, None, location.wanted_on)
        else:
            stay.storage_job.job.company = company
            yield Cell(location, _state(stay, day), stay, stay.end_on)


def _state(stay: Stay, day: date) -> State:
    if stay.storage_job.job.stage == Stage.RESERVED:
        return State.RESERVED
    if stay.end_on is None or stay.end_on > day + SOON:
        return State.HELD
    return State.OVERDUE if stay.end_on < day else State.DUE_OUT
