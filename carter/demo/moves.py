"""The course of one move of the demo: from the call to the closed job, or to where it was lost."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from carter.demo.days import Calendar, working_day
from carter.demo.places import Place, distance
from carter.demo.prices import Line, Receipt, bill, estimated, paid_by
from carter.jobs.models import Job, Stage

SIZES = {
    Job.MoveSize.FEW_ITEMS: 6,
    Job.MoveSize.ROOM_OR_LESS: 5,
    Job.MoveSize.STUDIO: 9,
    Job.MoveSize.ONE_BEDROOM: 22,
    Job.MoveSize.TWO_BEDROOM: 26,
    Job.MoveSize.THREE_BEDROOM: 20,
    Job.MoveSize.FOUR_BEDROOM: 9,
    Job.MoveSize.FIVE_BEDROOM_PLUS: 3,
}
LOST = (
    "Went with a cheaper quote",
    "Moved with friends and a rental truck",
    "Staying where they are",
    "No answer after three calls",
    "Chose a container company",
    "Closing fell through",
)
TURNED_DOWN = ("No crew free on that day", "Outside our area", "Hazardous goods")
CANCELLED = ("Sale of the house fell through", "Moved by employer's contractor", "Family illness")
REMARKS = (
    "Elevator must be booked with the building.",
    "Piano on the second floor.",
    "Prefers a text over a call.",
    "Wants the crew there before 8.",
    "Long carry from the alley.",
    "Needs a certificate of insurance for the building.",
    "Two cats: keep the bedroom door shut.",
    "Boxes will be packed; furniture needs wrapping.",
    "Keys are with the realtor.",
    "Parking permit needed at the new place.",
)


@dataclass
class Move:
    """One lead or job: what was said, how it went, what was charged and paid."""

    taken_at: datetime
    origin: Place
    destination: Place
    size: str
    services: list[str]
    source: str = ""
    flexibility: str = Job.Flexibility.EXACT
    move_on: date | None = None
    remark: str = ""
    reason: str = ""
    extra_stops: str = ""
    estimate_cents: int | None = None
    steps: list[tuple[datetime, Stage]] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    for_firm: bool = False
    name: str = ""
    company_name: str = ""
    phone: str = ""
    email: str = ""

    @property
    def stage(self) -> Stage:
        return self.steps[-1][1] if self.steps else Stage.NEW

    @property
    def distance(self) -> str:
        return distance(self.origin, self.destination)


@dataclass
class Planner:
    """Draws the course of moves."""

    chance: Random
    calendar: Calendar

    def open_lead(self, days_ago: int, origin: Place, destination: Place, size: str = "") -> Move:
        """A lead that is still open."""
        taken = self.calendar.today - timedelta(days=days_ago)
        move = self._called(taken, origin, destination, size, firm=False)
        if self.chance.random() < 0.75:
            days = self.chance.randint(12, 60)
            move.move_on = working_day(self.calendar.today + timedelta(days=days))
        self._talk(move, days_ago)
        return move

    def move(
        self,
        taken: date,
        origin: Place,
        destination: Place,
        size: str = "",
        *,
        won: bool,
        firm: bool = False,
        in_days: int | None = None,
    ) -> Move:
        """A move whose lead came in on that day, as far as it has come by now.

        `in_days` fixes the day of the move, counted from today.
        """
        move = self._called(taken, origin, destination, size, firm=firm)
        move.move_on = working_day(taken + timedelta(days=self.chance.randint(9, 58)))
        if in_days is not None:
            move.move_on = self.calendar.today + timedelta(days=in_days)
        decided = taken + timedelta(days=self.chance.randint(1, 7))
        self._talk(move, (min(decided, self.calendar.today) - taken).days)
        if decided < self.calendar.today:
            self._decide(move, decided, won=won)
        return move

    def _called(
        self, taken: date, origin: Place, destination: Place, size: str, *, firm: bool
    ) -> Move:
        if not size:
            (size,) = self.chance.choices(list(SIZES), list(SIZES.values()))
        services = [Job.Service.MOVING.value]
        if self.chance.random() < 0.22:
            services.append(Job.Service.PACKING.value)
        lines = bill(self.chance, size, distance(origin, destination), services)
        return Move(
            taken_at=self.calendar.in_office_hours(self.chance, taken),
            origin=origin,
            destination=destination,
            size=size,
            services=services,
            flexibility=self.chance.choice(Job.Flexibility.values),
            remark=self.chance.choice(REMARKS) if self.chance.random() < 0.4 else "",
            lines=lines,
            for_firm=firm,
        )

    def _talk(self, move: Move, days: int) -> None:
        """Called back within a day, estimated within three."""
        first = move.taken_at.astimezone(self.calendar.zone).date()
        if days >= 1:
            self._step(move, first + timedelta(days=1), Stage.CONTACTED)
        if days >= 3:
            self._step(move, first + timedelta(days=self.chance.randint(2, 3)), Stage.ESTIMATE_SENT)
            move.estimate_cents = estimated(self.chance, move.lines)

    def _decide(self, move: Move, day: date, *, won: bool) -> None:
        move.estimate_cents = move.estimate_cents or estimated(self.chance, move.lines)
        if not won:
            refused = self.chance.random() < 0.12
            move.reason = self.chance.choice(TURNED_DOWN if refused else LOST)
            self._step(move, day, Stage.TURNED_DOWN if refused else Stage.LOST)
            return
        self._step(move, day, Stage.BOOKED)
        self._take_deposit(move, day)
        if self.chance.random() < 0.06:
            move.reason = self.chance.choice(CANCELLED)
            self._step(move, min(day + timedelta(days=2), self.calendar.today), Stage.CANCELLED)
            move.receipts.clear()
        elif move.move_on is not None and move.move_on <= self.calendar.today:
            self._do(move, move.move_on)

    def _take_deposit(self, move: Move, day: date) -> None:
        if (move.estimate_cents or 0) >= 150_000 and self.chance.random() < 0.6:
            deposit = 10_000 * self.chance.randint(1, 4)
            move.receipts.append(paid_by(self.chance, day, deposit, firm=move.for_firm))

    def _do(self, move: Move, day: date) -> None:
        move.steps.append(
            (self.calendar.at(day, 7, self.chance.randint(20, 59)), Stage.IN_PROGRESS)
        )
        if day < self.calendar.today:
            done = self.calendar.at(day, self.chance.randint(14, 18), self.chance.randint(0, 59))
            move.steps.append((done, Stage.COMPLETED_OPEN))
            self._settle(move, day)

    def _settle(self, move: Move, day: date) -> None:
        """Most pay on the day or soon after; a few owe, mostly of late."""
        owed = sum(line.cents for line in move.lines) - sum(r.cents for r in move.receipts)
        late = day + timedelta(days=self.chance.randint(0, 6))
        recent = (self.calendar.today - day).days < 90
        fate = self.chance.random()
        if late >= self.calendar.today or fate < (0.26 if recent else 0.03):
            return
        share = self.chance.choice((30, 50, 60)) if fate < (0.32 if recent else 0.04) else 100
        paid = owed * share // 100
        move.receipts.append(paid_by(self.chance, late, paid, firm=move.for_firm))
        if share == 100:
            self._step(move, late, Stage.COMPLETED_CLOSED)

    def _step(self, move: Move, day: date, stage: Stage) -> None:
        """Never before the step that went before."""
        before = move.steps[-1][0] if move.steps else move.taken_at
        at = self.calendar.in_office_hours(self.chance, day)
        move.steps.append((max(at, before + timedelta(minutes=self.chance.randint(3, 40))), stage))
