"""What the demo's moves cost, and how they are paid."""

from dataclasses import dataclass
from datetime import date
from random import Random

from carter.billing.models import Charge, Payment
from carter.billing.rounding import half_even
from carter.jobs.models import Job


@dataclass(frozen=True)
class Line:
    """One charge of a move: so many of something, at a price for one."""

    kind: str
    description: str
    price_cents: int
    quantity_thousandths: int = 1000

    @property
    def cents(self) -> int:
        return half_even(self.price_cents * self.quantity_thousandths, 1000)


@dataclass(frozen=True)
class Receipt:
    """Money received for a move."""

    on: date
    method: str
    reference: str
    cents: int


CREWS = {
    Job.MoveSize.FEW_ITEMS: (2, 2),
    Job.MoveSize.ROOM_OR_LESS: (2, 2),
    Job.MoveSize.STUDIO: (2, 3),
    Job.MoveSize.ONE_BEDROOM: (2, 4),
    Job.MoveSize.TWO_BEDROOM: (3, 5),
    Job.MoveSize.THREE_BEDROOM: (3, 8),
    Job.MoveSize.FOUR_BEDROOM: (4, 9),
    Job.MoveSize.FIVE_BEDROOM_PLUS: (5, 10),
    Job.MoveSize.OFFICE: (5, 8),
    Job.MoveSize.OTHER: (2, 3),
}
"""How many movers for how many hours."""

MOVER_CENTS_AN_HOUR = 5_800
POUNDS_AN_HOUR = 310
CENTS_A_POUND = {Job.Distance.INTRASTATE: 34, Job.Distance.INTERSTATE: 62}


def bill(chance: Random, size: str, distance: str, services: list[str]) -> list[Line]:
    """The charges of a move of this size and distance."""
    movers, usual_hours = CREWS[Job.MoveSize(size)]
    halves = max(4, round(2 * usual_hours * chance.uniform(0.8, 1.3)))
    if distance == Job.Distance.LOCAL:
        lines = _by_the_hour(movers, halves)
    else:
        lines = _by_weight(chance, halves, distance)
    return [*lines, *_extras(chance, movers, services), *_discount(chance, lines)]


def estimated(chance: Random, lines: list[Line]) -> int:
    """What was estimated before: near the final amount, in tens of dollars."""
    total = sum(line.cents for line in lines)
    return round(total * chance.uniform(0.9, 1.08) / 1_000) * 1_000


def paid_by(chance: Random, on: date, cents: int, *, firm: bool) -> Receipt:
    """A payment the way such customers pay."""
    methods = (Payment.Method.CARD, Payment.Method.CHECK, Payment.Method.ACH, Payment.Method.CASH)
    (method,) = chance.choices(methods, (15, 40, 45, 0) if firm else (62, 22, 4, 12))
    reference = {
        Payment.Method.CARD: f"Card ending {chance.randint(1000, 9999)}",
        Payment.Method.CHECK: f"Check {chance.randint(101, 4_980)}",
        Payment.Method.ACH: f"ACH {chance.randint(100_000, 999_999)}",
        Payment.Method.CASH: "",
    }
    return Receipt(on, method, reference[method], cents)


def _by_the_hour(movers: int, halves: int) -> list[Line]:
    an_hour = movers * MOVER_CENTS_AN_HOUR
    labour = Line(Charge.Kind.LABOUR, f"{movers} movers and a truck, hours", an_hour, halves * 500)
    return [
        labour,
        Line(Charge.Kind.TRAVEL, "Travel, one hour", an_hour),
        Line(Charge.Kind.FUEL, "Fuel", labour.cents * 6 // 100),
    ]


def _by_weight(chance: Random, halves: int, distance: str) -> list[Line]:
    pounds = 10 * round(POUNDS_AN_HOUR * halves * chance.uniform(0.9, 1.3) / 10)
    a_pound = CENTS_A_POUND[Job.Distance(distance)]
    haul = Line(Charge.Kind.LINE_HAUL, "By weight, pounds", a_pound, pounds * 1000)
    return [
        haul,
        Line(Charge.Kind.FUEL, "Fuel surcharge, 12 %", haul.cents * 12 // 100),
        Line(Charge.Kind.VALUATION, "Full value protection", 4_500 + haul.cents // 100),
    ]


def _extras(chance: Random, movers: int, services: list[str]) -> list[Line]:
    extras = [Line(Charge.Kind.MATERIALS, "Boxes, tape and pads", 1_250 * chance.randint(2, 14))]
    if Job.Service.PACKING in services:
        hours = chance.randint(3, 7)
        extras.append(Line(Charge.Kind.PACKING, "Packing, hours", movers * 4_600, hours * 1000))
    if chance.random() < 0.14:
        extras.append(Line(Charge.Kind.STAIRS, "Third floor without elevator", 9_500))
    if chance.random() < 0.09:
        piece = chance.choice(["Upright piano", "Gun safe", "Pool table", "Treadmill"])
        extras.append(Line(Charge.Kind.BULKY, piece, 5_000 * chance.randint(3, 7)))
    return extras


def _discount(chance: Random, lines: list[Line]) -> list[Line]:
    if chance.random() > 0.08:
        return []
    reason = chance.choice(["Military discount, 5 %", "Repeat customer, 5 %", "Late start, 5 %"])
    return [Line(Charge.Kind.DISCOUNT, reason, -sum(line.cents for line in lines) * 5 // 100)]
