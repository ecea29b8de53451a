"""What the coming days will bring, without doing any of it."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from carter.companies.models import Company
from carter.recurring.plan import bill_of, billing_day, periods
from carter.recurring.planned import plan_of


@dataclass(frozen=True)
class Foreseen:
    """How many recurring invoices a day brings, and for how many cents."""

    day: date
    invoices: int
    cents: int


def foresee(company: Company, *, until: date) -> list[Foreseen]:
    """The invoices that will be made until a day, that included; what is late counts for today."""
    counts, cents = Counter[date](), Counter[date]()
    due = company.recurring_invoices.due(until).select_related("company")
    for schedule in due.prefetch_related("lines__changes", "pauses").iterator(chunk_size=500):
        plan = plan_of(schedule)
        for days in periods(plan, after=schedule.next_starts_on):
            if (day := billing_day(plan, days.starts_on)) > until:
                break
            bill = bill_of(plan, days)
            if bill.lines:
                counts[max(day, company.today)] += 1
                cents[max(day, company.today)] += bill.total_cents
    return [Foreseen(day, counts[day], cents[day]) for day in sorted(counts)]
