"""Giving back what was invoiced of days that are not to be paid after all."""

from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Max

from carter.billing.crediting import credit_invoice, creditable_cents
from carter.billing.models import Invoice, Payment
from carter.billing.posting import CannotPost
from carter.companies.models import Member
from carter.companies.rights import Right
from carter.recurring.amounts import Span
from carter.recurring.locking import CannotSchedule
from carter.recurring.models import RecurringInvoice, SchedulePeriod
from carter.recurring.plan import Plan, bill_of
from carter.recurring.planned import plan_now


@dataclass(frozen=True)
class GivenBack:
    """So many cents of a period's invoice are not owed after all."""

    period: SchedulePeriod
    invoice: Invoice
    cents: int


def give_back(
    schedule: RecurringInvoice, *, since: date, reason: str, by: Member | None
) -> list[Payment]:
    """Credit what was invoiced above what the schedule now says of the days since a day.

    For whoever holds the locks.

    On a credit note each: off the invoice as far as that is open, the rest is the customer’s to
    use or to have back. Raises CannotSchedule when more would be owed than was invoiced.
    """
    made = []
    for back in too_much(schedule, plan_now(schedule), since=since):
        back.period.credited_cents += back.cents
        back.period.save(update_fields=["credited_cents"])
        # What the desk credited by hand is not credited once more.
        cents = min(back.cents, creditable_cents(back.invoice))
        if cents and back.invoice.stands:
            made.append(_credited(back.invoice, cents, reason, by))
    return made


def too_much(schedule: RecurringInvoice, plan: Plan, *, since: date) -> list[GivenBack]:
    """What was invoiced above what a plan says, by period, of those with days since a day."""
    periods = schedule.periods.filter(ends_on__gt=since).select_related("invoice__company")
    # At the tax at which it was invoiced: the company’s may be another by now.
    rates = dict(periods.values_list("pk", Max("invoice__lines__charge__tax_rate_millionths")))
    found = []
    for period in periods:
        then = replace(
            plan, anchor_day=period.anchor_day, tax_rate_millionths=rates[period.pk] or 0
        )
        if period.invoice is not None and (cents := _above(period, then)):
            found.append(GivenBack(period, period.invoice, cents))
    return found


def clipped(days: Span, ends_on: date | None) -> Span | None:
    """The days before the end; None when there are none."""
    if ends_on is None or days.ends_on <= ends_on:
        return days
    return Span(days.starts_on, ends_on) if days.starts_on < ends_on else None


def _credited(invoice: Invoice, cents: int, reason: str, by: Member | None) -> Payment:
    # Nobody decides how much this is: who may say that goods went out need not be one who gives
    # credits. Then Carter gives it.
    by = by if by is not None and by.may(Right.TAKE_BACK) else None
    try:
        return credit_invoice(invoice, amount_cents=cents, reason=reason, by=by)
    except CannotPost as trouble:
        raise CannotSchedule(str(trouble)) from None


def _above(period: SchedulePeriod, plan: Plan) -> int:
    days = clipped(Span(period.starts_on, period.ends_on), plan.ends_on)
    due = bill_of(plan, days).total_cents if days else 0
    above = period.amount_cents - period.credited_cents - due
    if above < 0:
        raise CannotSchedule("These days are invoiced already: choose days that are not.")
    return above
