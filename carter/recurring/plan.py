"""What a schedule invoices when, in days and cents: no database, so a preview is what is billed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from carter.billing.lines import Line, taxes_of
from carter.billing.models.invoice import TERM_DAYS
from carter.companies.models import Company
from carter.recurring.amounts import PlannedLine, Span, lines_of
from carter.recurring.months import boundary, month_of

FOR_EVER = date.max


@dataclass(frozen=True)
class Plan:
    """All of a schedule that decides what it invoices.

    `pauses` are days from one until (not on) another. No invoice is dated before `bills_from_on`,
    the day on which the schedule was set up or changed.
    """

    starts_on: date
    bills_from_on: date
    lines: tuple[PlannedLine, ...]
    ends_on: date | None = None
    months: int = 1
    anchor_day: int = 1
    prorates_in: bool = True
    prorates_out: bool = True
    days_ahead: int = 0
    terms: str = Company.Terms.ON_RECEIPT
    pauses: tuple[Span, ...] = ()
    tax_rate_millionths: int = 0

    def monthly_cents(self, day: date) -> int:
        """What a whole month costs, at the prices of a day, without tax."""
        return sum(line.price_on(day).monthly_cents for line in self.lines)


@dataclass(frozen=True)
class Upcoming:
    """One period as it is invoiced: the days, when, due when, and its charges in cents."""

    days: Span
    billed_on: date
    due_on: date
    lines: tuple[Line, ...]
    tax_cents: int

    @property
    def net_cents(self) -> int:
        return sum(line.net_cents for line in self.lines)

    @property
    def total_cents(self) -> int:
        return self.net_cents + self.tax_cents


def upcoming(plan: Plan, *, after: date | None = None, count: int) -> list[Upcoming]:
    """The next invoices of a plan, from its start or from a day on which a period begins."""
    return [bill_of(plan, days) for days in islice(periods(plan, after=after), count)]


def periods(plan: Plan, *, after: date | None = None) -> Iterator[Span]:
    """The periods of a plan in order, without gap or overlap, until it ends."""
    starts_on = after or plan.starts_on
    while (days := period_from(plan, starts_on)) is not None:
        yield days
        starts_on = days.ends_on


def period_from(plan: Plan, starts_on: date) -> Span | None:
    """The period that begins on a day; None at the end.

    One that does not begin a billing month lasts until the next one begins.
    """
    if starts_on >= (plan.ends_on or FOR_EVER):
        return None
    month = month_of(starts_on, plan.anchor_day)
    is_whole = boundary(month, plan.anchor_day) == starts_on
    ends_on = boundary(month + (plan.months if is_whole else 1), plan.anchor_day)
    return Span(starts_on, min(ends_on, plan.ends_on or FOR_EVER))


def bill_of(plan: Plan, days: Span) -> Upcoming:
    """What is invoiced for a period, and when. It is due by the terms, not before it begins."""
    lines = charges_for(plan, days)
    billed_on = billing_day(plan, days.starts_on)
    due_on = billed_on + timedelta(days=TERM_DAYS[Company.Terms(plan.terms)])
    taxes = taxes_of(lines, plan.tax_rate_millionths)
    return Upcoming(days, billed_on, max(due_on, days.starts_on), tuple(lines), sum(taxes))


def billing_day(plan: Plan, starts_on: date) -> date:
    """The day on which the period that begins on a day is invoiced."""
    return max(starts_on - timedelta(days=plan.days_ahead), plan.bills_from_on)


def charges_for(plan: Plan, days: Span) -> list[Line]:
    """The charges of a period; none when all of it is paused."""
    paid = _paid_for(plan, days)
    return [
        charge
        for line in plan.lines
        for charge in lines_of(
            line, paid, shown=days, pauses=plan.pauses, anchor_day=plan.anchor_day
        )
    ]


def _paid_for(plan: Plan, days: Span) -> Span:
    """The days paid for: where the first or last month is not by the day, all of that month."""
    starts_on, ends_on = days.starts_on, days.ends_on
    if starts_on == plan.starts_on and not plan.prorates_in:
        starts_on = boundary(month_of(starts_on, plan.anchor_day), plan.anchor_day)
    if ends_on == plan.ends_on and not plan.prorates_out:
        last = month_of(ends_on - timedelta(days=1), plan.anchor_day)
        ends_on = boundary(last + 1, plan.anchor_day)
    return Span(starts_on, ends_on)
