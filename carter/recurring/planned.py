"""Schedules as plans, whether they are in the book or on a form that is not saved yet."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from carter.billing.lines import Line
from carter.companies.models import Company
from carter.recurring.amounts import PlannedLine, Price, Span
from carter.recurring.models import Pause, RecurringInvoice, RecurringLine
from carter.recurring.plan import FOR_EVER, Plan, Upcoming, billing_day, period_from, upcoming

DECIDES = ("months", "anchor_day", "prorates_in", "prorates_out", "days_ahead", "terms", "ends_on")
NEXT = 12


def plan_of(schedule: RecurringInvoice) -> Plan:
    """All that decides what a schedule invoices, from its rows; wants them prefetched in a list."""
    lines = tuple(_planned(line) for line in schedule.lines.all())
    return _plan(schedule, lines, tuple(_span(pause) for pause in schedule.pauses.all()))


def plan_now(schedule: RecurringInvoice) -> Plan:
    """The same as the rows are in the database now, a moment after they were changed."""
    rows = schedule.company.recurring_invoices.prefetch_related("lines__changes", "pauses")
    now: RecurringInvoice = rows.get(pk=schedule.pk)
    now.company = schedule.company
    return plan_of(now)


def drafted(
    company: Company, *, starts_on: date, lines: Sequence[Line], values: Mapping[str, Any]
) -> Plan:
    """The plan of a schedule as it would be set up today."""
    return Plan(
        starts_on=starts_on,
        bills_from_on=company.today,
        lines=tuple(_drafted(line) for line in lines),
        tax_rate_millionths=company.tax_rate_millionths,
        **{name: values[name] for name in DECIDES if name in values},
    )


def preview(
    company: Company, *, starts_on: date, lines: Sequence[Line], values: Mapping[str, Any]
) -> list[Upcoming]:
    """The first twelve invoices of a schedule that is not saved yet."""
    return upcoming(drafted(company, starts_on=starts_on, lines=lines, values=values), count=NEXT)


def next_invoices(schedule: RecurringInvoice, count: int = NEXT) -> list[Upcoming]:
    """What a schedule invoices next."""
    return upcoming(plan_of(schedule), after=schedule.next_starts_on, count=count)


def next_billing_day(schedule: RecurringInvoice) -> date | None:
    """When the next period of a schedule is invoiced; None at its end."""
    plan = _plan(schedule)
    if period_from(plan, schedule.next_starts_on) is None:
        return None
    return billing_day(plan, schedule.next_starts_on)


def prepaid_through(next_ones: Iterable[Upcoming], held_cents: int) -> date | None:
    """The last day that money held for the storage job pays for; None when for no whole period."""
    last = None
    for one in next_ones:
        held_cents -= one.total_cents
        if held_cents < 0:
            break
        last = one.days.ends_on - timedelta(days=1)
    return last


def _plan(
    schedule: RecurringInvoice, lines: tuple[PlannedLine, ...] = (), pauses: tuple[Span, ...] = ()
) -> Plan:
    return Plan(
        starts_on=schedule.starts_on,
        bills_from_on=schedule.bills_from_on,
        lines=lines,
        pauses=pauses,
        tax_rate_millionths=schedule.company.tax_rate_millionths,
        **{name: getattr(schedule, name) for name in DECIDES},
    )


def _planned(line: RecurringLine) -> PlannedLine:
    first = Price(date.min, line.quantity_thousandths, line.unit_price_cents)
    later = (
        Price(change.from_on, change.quantity_thousandths, change.unit_price_cents)
        for change in line.changes.all()
    )
    return PlannedLine(line.kind, line.description, line.is_taxed, (first, *later))


def _drafted(line: Line) -> PlannedLine:
    price = Price(date.min, line.quantity_thousandths, line.unit_price_cents)
    return PlannedLine(line.kind, line.description, line.is_taxed, (price,))


def _span(pause: Pause) -> Span:
    return Span(pause.from_on, pause.until_on or FOR_EVER)
