"""What storage costs from a day on."""

from datetime import date

from django.db import transaction

from carter.billing.lines import Line
from carter.companies.days import written
from carter.companies.models import Member
from carter.companies.money import money
from carter.companies.rights import Right, require
from carter.recurring.locking import CannotSchedule, lock_running
from carter.recurring.models import PriceChange, RecurringInvoice, RecurringLine
from carter.recurring.planned import plan_now
from carter.recurring.scheduling import refuse_lines


@transaction.atomic
def change_price(
    line: RecurringLine,
    *,
    from_on: date,
    unit_price_cents: int,
    quantity_thousandths: int | None = None,
    by: Member | None,
) -> PriceChange:
    """Let a line cost something else from a day that is not invoiced yet; nothing ends it.

    A second change on the same day replaces the first. Raises CannotSchedule.
    """
    require(by, Right.TAKE_PAYMENT)
    schedule = lock_running(line.schedule)
    refuse_invoiced(schedule, from_on)
    quantity = quantity_thousandths or current_quantity(line, from_on)
    change = put_price(
        line,
        from_on=from_on,
        quantity_thousandths=quantity,
        unit_price_cents=unit_price_cents,
        by=by,
    )
    refuse_prices(schedule, from_on)
    amount = money(unit_price_cents, schedule.company.currency)
    what = f"changed the price of {line} to {amount} from {written(from_on)}"
    schedule.storage_job.job.record(what, by=by)
    return change


@transaction.atomic
def withdraw_change(change: PriceChange, *, by: Member | None) -> None:
    """Let a price change of a day that is not invoiced yet not happen. Raises CannotSchedule."""
    require(by, Right.TAKE_PAYMENT)
    line = change.line
    schedule = lock_running(line.schedule)
    refuse_invoiced(schedule, change.from_on)
    if line.changes.filter(pk=change.pk).delete()[0]:
        refuse_prices(schedule, change.from_on)
        what = f"withdrew the price change of {line} on {written(change.from_on)}"
        schedule.storage_job.job.record(what, by=by)


def put_price(
    line: RecurringLine,
    *,
    from_on: date,
    quantity_thousandths: int,
    unit_price_cents: int,
    by: Member | None,
) -> PriceChange:
    """Write the price down, for whoever holds the locks."""
    change: PriceChange
    change, _ = line.changes.update_or_create(
        from_on=from_on,
        defaults={
            "company": line.company,
            "quantity_thousandths": quantity_thousandths,
            "unit_price_cents": unit_price_cents,
            "by": by,
        },
    )
    return change


def current_quantity(line: RecurringLine, day: date) -> int:
    """How many, in thousandths, are charged on a day."""
    last = line.changes.filter(from_on__lte=day).last()
    return last.quantity_thousandths if last else line.quantity_thousandths


def refuse_invoiced(schedule: RecurringInvoice, day: date, *, about: str = "from_on") -> None:
    """Raise CannotSchedule for a day that was invoiced already."""
    if day < schedule.next_starts_on:
        free = written(schedule.next_starts_on)
        raise CannotSchedule(
            f"The days before {free} are invoiced already. Choose {free} or later.", about=about
        )


def refuse_prices(schedule: RecurringInvoice, from_on: date) -> None:
    """Raise CannotSchedule when from some day on a month could not be charged."""
    lines = plan_now(schedule).lines
    days = {price.from_on for line in lines for price in line.prices if price.from_on >= from_on}
    for day in {from_on, *days}:
        prices = [(line, line.price_on(day)) for line in lines]
        # A line that costs nothing any more is left off the invoices.
        charged = [
            Line(line.kind, price.unit_price_cents, price.quantity_thousandths)
            for line, price in prices
            if price.unit_price_cents
        ]
        refuse_lines(schedule.storage_job, charged or [Line("storage", 1)])
