"""The demo's warehouse, and whose goods are in it; brought in by the deeds of the desk."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from django.db.models import QuerySet

from carter.demo.days import Calendar
from carter.demo.people import Office
from carter.jobs.models import Job, Stage
from carter.jobs.models.stages import COMPLETED
from carter.recurring.moving_out import move_out
from carter.storage.models import Location, StorageJob
from carter.storage.moving_in import call_off, move_in
from carter.storage.placing import place
from carter.storage.setting_up import add_locations, add_warehouse, add_zone, names_in
from carter.storage.taking import take_storage_job

NAME, ADDRESS = "Commerce City Warehouse", "6400 Dexter Street\nCommerce City, CO 80022"
ZONES = (
    ("Vaults", 12, ((Location.Kind.VAULT, "V-001 … V-036"),)),
    ("Racks", 7, ((Location.Kind.RACK, "R-01 … R-12"), (Location.Kind.OVERSIZE, "O-1, O-2"))),
    ("Yard", 5, ((Location.Kind.CONTAINER, "C-01 … C-10"),)),
)
MONTHLY_CENTS = {"V": 6_500, "R": 4_500, "O": 9_500, "C": 18_000}
"""The price of a location by the first letter of its name."""
EVERY = 6
"""So many completed moves go by until one brings goods into the warehouse."""

Made = TypeVar("Made")


@dataclass(frozen=True)
class Goods:
    """What a move brought into the warehouse, and what became of it.

    `out_in` is the planned move-out in days from today; `left` went out after `after` days,
    everything when it is empty.
    """

    places: str
    out_in: int | None = None
    transit: bool = False
    after: int = 0
    left: str = ""

    @property
    def names(self) -> list[str]:
        return names_in(self.places) if self.places else []

    @property
    def monthly_cents(self) -> int:
        return sum(MONTHLY_CENTS[name[0]] for name in self.names) or MONTHLY_CENTS["V"]

    @property
    def volume(self) -> str:
        """As the office writes it; a location holds about a thousand pounds."""
        count = len(self.names)
        return f"about {1_000 * count:,} lb" if count else ""


# The latest move first.
STORED = (
    Goods("V-001, V-002", out_in=12, transit=True),
    Goods("V-004"),
    Goods("C-01", out_in=75),
    Goods("V-006 … V-008"),
    Goods("R-01", transit=True, out_in=6),
    Goods("V-010, V-011", after=20, left="V-011"),
    Goods("V-013"),
    Goods("C-03, C-04"),
    Goods("V-015, V-016", out_in=-4),
    Goods("R-03, O-1"),
    Goods("V-018", out_in=140),
    Goods("V-020 … V-023", after=45, left="V-022, V-023"),
    Goods("C-06"),
    Goods("V-025, R-05"),
    Goods("V-027"),
    Goods("R-07 … R-09", after=60, left="R-09"),
    Goods("V-030, V-031"),
    Goods("V-004, V-005", after=40, transit=True),
    Goods("C-01, C-02", after=75),
    Goods("V-027, V-028", after=62),
    Goods("R-11", after=31),
)
RESERVED = (Goods("V-033, V-034"), Goods("C-08"), Goods("V-012", transit=True), Goods(""))
CALLED_OFF = (Goods("V-036"),)


class Warehousing:
    """Sets the warehouse up as it was three years ago, then brings the goods in."""

    def __init__(self, office: Office, calendar: Calendar) -> None:
        self.office = office
        self.company = office.company
        self.calendar = calendar

    def fill(self) -> None:
        self._set_up()
        for move, goods in reversed(list(zip(self._moves_done(), STORED, strict=False))):
            self._bring_in(move, goods)
        coming = self._moves_to_come()
        for move, goods in zip(coming, RESERVED, strict=False):
            self._reserve(move, goods)
        for move, goods in zip(coming[len(RESERVED) :], CALLED_OFF, strict=False):
            self._call_off(self._reserve(move, goods))

    def _set_up(self) -> None:
        warehouse = add_warehouse(self.company, name=NAME, address=ADDRESS, by=self.office.owner)
        for name, per_row, kinds in ZONES:
            zone = add_zone(warehouse, name=name, per_row=per_row, by=self.office.owner)
            for kind, names in kinds:
                add_locations(zone, kind=kind, names=names_in(names), by=self.office.owner)
        opened = self.calendar.at(self.calendar.opening, 9)
        self.company.settings_events.update(at=opened)

    def _moves_done(self) -> list[Job]:
        """Some moves of different customers, the latest first."""
        done = self.company.jobs.filter(stage__in=COMPLETED, move_on__lt=self.calendar.yesterday)
        return _one_each(done.order_by("-move_on", "-number"))[::EVERY]

    def _moves_to_come(self) -> list[Job]:
        booked = self.company.jobs.filter(stage=Stage.BOOKED, move_on__gt=self.calendar.today)
        return _one_each(booked.order_by("move_on", "number"))

    def _bring_in(self, move: Job, goods: Goods) -> None:
        came = move.move_on or self.calendar.today
        stored = self._take(move, goods, came)
        at = self.calendar.at(came, 16, 30)
        self._dated(at, lambda: move_in(stored, on=came, by=self.office.dispatcher))
        if goods.after:
            self._bring_out(stored, came + timedelta(days=goods.after), goods.left)

    def _bring_out(self, stored: StorageJob, day: date, left: str) -> None:
        day = min(day, self.calendar.yesterday)
        some = self._places(names_in(left)) if left else None
        at = self.calendar.at(day, 11, 15)
        self._dated(at, lambda: move_out(stored, on=day, locations=some, by=self.office.billing))
        self.company.stays.filter(storage_job=stored).exclude(left_at=None).update(left_at=at)

    def _reserve(self, move: Job, goods: Goods) -> StorageJob:
        return self._take(move, goods, move.move_on or self.calendar.today)

    def _call_off(self, stored: StorageJob) -> None:
        at = self.calendar.at(self.calendar.yesterday, 10)
        reason = "Keeps it all in the new garage"
        self._dated(at, lambda: call_off(stored, reason=reason, by=self.office.sales[0]))

    def _take(self, move: Job, goods: Goods, first: date) -> StorageJob:
        """Taken and placed a few days after the move was booked."""
        booked = move.booked_at or move.created_at
        taken = min(booked + timedelta(days=1), self.calendar.at(first, 8), self.calendar.now)
        stored = self._dated(taken, lambda: self._taken(move, goods, first))
        self.company.jobs.filter(pk=stored.pk).update(created_at=taken)
        places, by = self._places(goods.names), self.office.dispatcher
        return self._dated(taken, lambda: place(stored, locations=places, on=first, by=by))

    def _taken(self, move: Job, goods: Goods, first: date) -> StorageJob:
        out_in = goods.out_in
        terms = {
            "type": StorageJob.Type.IN_TRANSIT if goods.transit else StorageJob.Type.PERMANENT,
            "move_in_on": first,
            "move_out_on": None if out_in is None else self._in_days(first, out_in),
            "monthly_price_cents": goods.monthly_cents,
            "volume": goods.volume,
        }
        return take_storage_job(
            company=self.company,
            intake={"owner": move.owner},
            terms=terms,
            from_move=move,
            by=move.owner,
        )

    def _in_days(self, first: date, days: int) -> date:
        return max(self.calendar.today + timedelta(days=days), first + timedelta(days=1))

    def _places(self, names: list[str]) -> list[Location]:
        return list(self.company.locations.filter(name__in=names))

    def _dated(self, at: datetime, deed: Callable[[], Made]) -> Made:
        """Do it; History says that it was then, not when the demo was made."""
        last = self.company.events.order_by("-id").values_list("id", flat=True).first() or 0
        made = deed()
        self.company.events.filter(id__gt=last).update(at=at)
        return made


def _one_each(jobs: QuerySet[Job]) -> list[Job]:
    """The first job of each customer who is served, in this order."""
    served = jobs.filter(customer__do_not_service=False).select_related("company", "customer")
    by_customer: dict[int, Job] = {}
    for job in served.select_related("owner"):
        by_customer.setdefault(job.customer_id, job)
    return list(by_customer.values())
