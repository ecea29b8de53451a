"""What a move-out would do to the money, before it is done."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q

from carter.billing.posting import CannotPost
from carter.billing.rounding import half_even, split
from carter.companies.days import written
from carter.recurring.amounts import PlannedLine, Price
from carter.recurring.locking import CannotSchedule
from carter.recurring.models import RecurringInvoice
from carter.recurring.plan import Plan, Upcoming, bill_of, periods
from carter.recurring.planned import plan_of
from carter.recurring.settling import GivenBack, too_much
from carter.storage.models import Location, StorageJob


class CannotMoveOut(CannotPost):
    """The goods cannot go out as was asked; the words are for the desk."""


@dataclass(frozen=True)
class MoveOutPlan:
    """What a move-out does to the money: what is invoiced last, and what is given back."""

    bills: tuple[Upcoming, ...]
    backs: tuple[GivenBack, ...]

    @property
    def billed_cents(self) -> int:
        return sum(bill.total_cents for bill in self.bills)

    @property
    def back_cents(self) -> int:
        return sum(back.cents for back in self.backs)

    @property
    def seen(self) -> str:
        """What a person saw of it, to do exactly that or nothing."""
        return f"{self.billed_cents}/{self.back_cents}"


def plan_move_out(
    storage_job: StorageJob,
    *,
    on: date,
    locations: Collection[Location] | None = None,
    new_monthly_price_cents: int | None = None,
) -> MoveOutPlan:
    """What `move_out` would do to the money. Raises CannotMoveOut."""
    _refuse(storage_job, on, locations)
    bills: list[Upcoming] = []
    backs: list[GivenBack] = []
    try:
        for schedule, plan in _afterwards(storage_job, on, locations, new_monthly_price_cents):
            backs += too_much(schedule, plan, since=max(on, schedule.starts_on))
            bills += _last_bills(schedule, plan)
    except CannotSchedule as reason:
        raise CannotMoveOut(str(reason)) from None
    return MoveOutPlan(tuple(bills), tuple(backs))


def _refuse(storage_job: StorageJob, on: date, locations: Collection[Location] | None) -> None:
    if not storage_job.is_stored:
        raise CannotMoveOut(f"The goods of {storage_job} are not in storage.")
    if on > storage_job.company.today:
        raise CannotMoveOut(
            "Goods are moved out when they are gone: choose today or earlier.", about="on"
        )
    if storage_job.move_in_on is not None and on < storage_job.move_in_on:
        raise CannotMoveOut(
            f"They moved in on {written(storage_job.move_in_on)}: choose a later day.", about="on"
        )
    if locations is not None:
        _refuse_locations(storage_job, {location.pk for location in locations})


def _refuse_locations(storage_job: StorageJob, wanted: set[int]) -> None:
    held = set(storage_job.stays.standing().values_list("location", flat=True))
    if not wanted:
        raise CannotMoveOut("Choose the locations that are empty now.", about="locations")
    if not wanted <= held:
        raise CannotMoveOut("One of these locations is not held by it any more. Look again.")
    if wanted == held:
        raise CannotMoveOut("These are all its locations: move everything out.", about="what")


def _afterwards(
    storage_job: StorageJob,
    on: date,
    locations: Collection[Location] | None,
    new_monthly_price_cents: int | None,
) -> Iterator[tuple[RecurringInvoice, Plan]]:
    """Each schedule that goes on from the day, with its plan as it is then."""
    for schedule in going_on(storage_job, on):
        plan = plan_of(schedule)
        if locations is None:
            ends_on, today = max(on, schedule.starts_on), storage_job.company.today
            yield schedule, replace(plan, ends_on=ends_on, bills_from_on=today)
        elif new_monthly_price_cents is not None:
            prices = shared_price(plan, on, new_monthly_price_cents)
            yield schedule, replace(plan, lines=_priced(plan.lines, on, prices))


def going_on(storage_job: StorageJob, on: date) -> list[RecurringInvoice]:
    found = storage_job.recurring_invoices.filter(Q(ends_on=None) | Q(ends_on__gt=on))
    return list(found.select_related("company").prefetch_related("lines__changes", "pauses"))


def _last_bills(schedule: RecurringInvoice, plan: Plan) -> list[Upcoming]:
    if plan.ends_on is None:
        return []
    left = periods(plan, after=schedule.next_starts_on)
    return [bill for days in left if (bill := bill_of(plan, days)).lines]


def shared_price(plan: Plan, on: date, cents: int) -> list[int]:
    """A new price of a month, shared among the lines as the old one is on that day."""
    old = [line.price_on(on) for line in plan.lines]
    nets = [half_even(one.quantity_thousandths * one.unit_price_cents, 1000) for one in old]
    if any(net < 0 for net in nets) or not any(nets):
        return [cents, *[0] * (len(nets) - 1)]
    return split(cents, nets)


def _priced(
    lines: Sequence[PlannedLine], on: date, prices: Sequence[int]
) -> tuple[PlannedLine, ...]:
    """The lines with a new price from a day on, and none that was agreed for later."""
    return tuple(
        replace(
            line,
            prices=(
                *(price for price in line.prices if price.from_on < on),
                Price(on, 1000, cents),
            ),
        )
        for line, cents in zip(lines, prices, strict=True)
    )
