"""What the days of a period cost: each billing month by its days, rounded once a line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import lcm

from carter.billing.lines import Line
from carter.billing.models import Charge
from carter.billing.rounding import apportion, half_even
from carter.recurring.months import boundary, day_words, days_in, month_of

PER_MONTH = lcm(28, 29, 30, 31)
"""A day of any billing month is a whole number of these parts of it."""


@dataclass(frozen=True)
class Span:
    """Days from one until (not on) another."""

    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class Price:
    """What a month of something costs from a day on: thousandths of a quantity at cents each."""

    from_on: date
    quantity_thousandths: int
    unit_price_cents: int

    @property
    def monthly_cents(self) -> int:
        return half_even(self.quantity_thousandths * self.unit_price_cents, 1000)


@dataclass(frozen=True)
class PlannedLine:
    """One thing that is charged for every month; its prices in the order of their days."""

    kind: str
    description: str
    is_taxed: bool
    prices: tuple[Price, ...]

    def price_on(self, day: date) -> Price:
        """What it costs on a day. The first price also holds before its day."""
        return [self.prices[0], *(price for price in self.prices if price.from_on <= day)][-1]


@dataclass
class Run:
    """Days one after the other at one price, and what parts of months they come to."""

    price: Price
    starts_on: date
    ends_on: date
    parts: int = 0

    @property
    def months(self) -> int | None:
        """How many whole months; None when it is not whole ones."""
        whole, rest = divmod(self.parts, PER_MONTH)
        return None if rest else whole


def lines_of(
    line: PlannedLine, paid: Span, *, shown: Span, pauses: Sequence[Span], anchor_day: int
) -> list[Line]:
    """The charges for the days paid for: one for each run of days at one price.

    Together they are rounded once, half-even, and the cents given to the largest remainders.
    `shown` are the days the customer has, which their words say.
    """
    found = _runs(line, paid, pauses, anchor_day)
    if len(found) == 1 and found[0].months and found[0].price.unit_price_cents:
        return [_whole(line, found[0], found[0].months, shown)]
    exact = [
        run.price.quantity_thousandths * run.price.unit_price_cents * run.parts for run in found
    ]
    cents = apportion(exact, 1000 * PER_MONTH)
    return [_part(line, run, some, shown) for run, some in zip(found, cents, strict=True) if some]


def _runs(line: PlannedLine, paid: Span, pauses: Sequence[Span], anchor_day: int) -> list[Run]:
    found: list[Run] = []
    for days in _cut(paid, line, pauses, anchor_day):
        if any(pause.starts_on <= days.starts_on < pause.ends_on for pause in pauses):
            continue
        price = line.price_on(days.starts_on)
        if not found or (found[-1].price, found[-1].ends_on) != (price, days.starts_on):
            found.append(Run(price, days.starts_on, days.starts_on))
        found[-1].ends_on = days.ends_on
        month = days_in(month_of(days.starts_on, anchor_day), anchor_day)
        found[-1].parts += (days.ends_on - days.starts_on).days * PER_MONTH // month
    return found


def _cut(paid: Span, line: PlannedLine, pauses: Sequence[Span], anchor_day: int) -> Iterator[Span]:
    """The days in pieces, each within one billing month, at one price, paused or not."""
    months = range(month_of(paid.starts_on, anchor_day) + 1, month_of(paid.ends_on, anchor_day) + 1)
    edges = {boundary(month, anchor_day) for month in months}
    edges |= {price.from_on for price in line.prices}
    edges |= {edge for pause in pauses for edge in (pause.starts_on, pause.ends_on)}
    inside = sorted(edge for edge in edges if paid.starts_on < edge < paid.ends_on)
    ends = [*inside, paid.ends_on]
    yield from (Span(*both) for both in zip([paid.starts_on, *inside], ends, strict=True))


def _whole(line: PlannedLine, run: Run, months: int, shown: Span) -> Line:
    return Line(
        kind=line.kind,
        unit_price_cents=run.price.unit_price_cents,
        quantity_thousandths=run.price.quantity_thousandths * months,
        description=_words(line, run, shown, ""),
        is_taxed=line.is_taxed,
    )


def _part(line: PlannedLine, run: Run, cents: int, shown: Span) -> Line:
    days = (run.ends_on - run.starts_on).days
    part = f" ({days} {'day' if days == 1 else 'days'})"
    return Line(
        kind=line.kind,
        unit_price_cents=cents,
        description=_words(line, run, shown, "" if run.months else part),
        is_taxed=line.is_taxed,
    )


def _words(line: PlannedLine, run: Run, shown: Span, how: str) -> str:
    """“Two vaults, Dec 15 – 31, 2026 (17 days)”."""
    starts_on, ends_on = max(run.starts_on, shown.starts_on), min(run.ends_on, shown.ends_on)
    what = line.description or str(Charge.Kind(line.kind).label)
    whole = ", a whole month" if (starts_on, ends_on) != (run.starts_on, run.ends_on) else ""
    return f"{what}, {day_words(starts_on, ends_on)}{how}{whole}"
