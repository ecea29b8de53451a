"""The safety bound: a run that would bill far more than the last month’s stops, and asks."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from carter.companies.models import Company, Member
from carter.companies.rights import Right, require
from carter.recurring.models import TickRun
from carter.recurring.plan import bill_of, periods
from carter.recurring.planned import plan_of

TIMES_USUAL = 3
MORE_THAN_USUAL = 20
FIRST_MONTH = 500
"""A company that never billed may begin with so many without being asked."""
MONTH = timedelta(days=31)
APPROVED_FOR = timedelta(days=2)


@dataclass(frozen=True)
class Load:
    """How many periods a run would bill, for how much, and how many are usual in a month."""

    planned: int
    cents: int
    usual: int


def load_of(company: Company, today: date) -> Load | None:
    """What a run would bill, when that is far more than usual; None when it may go on."""
    due = company.recurring_invoices.due(today).count()
    if not due:
        return None
    usual = usual_in_a_month(company)
    # A schedule rarely has more than one period due, so this is cheap on an ordinary day.
    late = company.recurring_invoices.due(today - MONTH).exists()
    if not late and not _is_far_more(due, usual):
        return None
    planned, cents = _planned(company, today)
    return Load(planned, cents, usual) if _is_far_more(planned, usual) else None


def usual_in_a_month(company: Company) -> int:
    """How many periods were billed in the last month in which any was."""
    billed = company.schedule_periods.order_by("-billed_on")
    last = billed.values_list("billed_on", flat=True).first()
    return billed.filter(billed_on__gt=last - MONTH).count() if last else 0


def is_held(company: Company, today: date) -> bool:
    """Whether a run has to wait for a person; if so, they are asked."""
    load = load_of(company, today)
    if load is None:
        company.tick_runs.waiting().delete()
        return False
    if _is_approved(company, load):
        return False
    _ask(company, today, load)
    return True


@transaction.atomic
def approve_run(run: TickRun, *, by: Member | None) -> TickRun:
    """Let a run that stopped bill what it said; the next run does it."""
    require(by, Right.TAKE_PAYMENT)
    run = run.company.tick_runs.select_for_update().get(pk=run.pk)
    if run.is_held and run.decided_at is None:
        run.is_approved, run.decided_at, run.decided_by = True, timezone.now(), by
        run.save(update_fields=["is_approved", "decided_at", "decided_by"])
        run.company.record(f"approved a run of {run.planned} recurring invoices", by=by)
    return run


def _is_far_more(planned: int, usual: int) -> bool:
    if not usual:
        return planned > FIRST_MONTH
    return planned > TIMES_USUAL * usual and planned > usual + MORE_THAN_USUAL


def _planned(company: Company, today: date) -> tuple[int, int]:
    """How many periods are due, and what they come to."""
    count = cents = 0
    due = company.recurring_invoices.due(today).select_related("company")
    for schedule in due.prefetch_related("lines__changes", "pauses").iterator(chunk_size=500):
        plan = plan_of(schedule)
        for days in periods(plan, after=schedule.next_starts_on):
            bill = bill_of(plan, days)
            if bill.billed_on > today:
                break
            count, cents = count + 1, cents + bill.total_cents
    return count, cents


def _is_approved(company: Company, load: Load) -> bool:
    """Whether somebody lately said yes to as much as this."""
    approved = company.tick_runs.filter(
        is_approved=True,
        decided_at__gt=timezone.now() - APPROVED_FOR,
        planned__gte=load.planned,
    )
    return bool(approved.exists())


def _ask(company: Company, today: date, load: Load) -> None:
    asked = {
        "through_on": today,
        "planned": load.planned,
        "planned_cents": load.cents,
        "usual": load.usual,
    }
    if not company.tick_runs.waiting().update(**asked):
        try:
            with transaction.atomic():
                company.tick_runs.create(
                    company=company, is_held=True, started_at=timezone.now(), **asked
                )
        except IntegrityError:
            return  # Another run asks at this very moment.
