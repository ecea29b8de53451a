"""Recurring invoices and what belongs to them that an address names; 404 for anything else."""

from django.shortcuts import get_object_or_404

from carter.recurring.models import (
    LateFee,
    Pause,
    PriceChange,
    RecurringInvoice,
    TickRun,
)
from carter.web.middleware.company import StaffRequest


def the_schedule(request: StaffRequest, recurring_invoice_id: int) -> RecurringInvoice:
    """A recurring invoice with its storage job at hand."""
    rows = request.company.recurring_invoices.select_related(
        "storage_job__job__customer__company", "method", "by__user"
    ).prefetch_related("lines__changes__by__user", "pauses__by__user")
    request.section = "/storage/"
    schedule: RecurringInvoice = get_object_or_404(rows, pk=recurring_invoice_id)
    schedule.company = schedule.storage_job.company = request.company
    schedule.storage_job.job.company = request.company
    return schedule


def the_change(request: StaffRequest, price_change_id: int) -> PriceChange:
    rows = request.company.price_changes.select_related("line__schedule__storage_job__job")
    found: PriceChange = get_object_or_404(rows, pk=price_change_id)
    return found


def the_pause(request: StaffRequest, pause_id: int) -> Pause:
    rows = request.company.pauses.select_related("schedule__storage_job__job")
    found: Pause = get_object_or_404(rows, pk=pause_id)
    return found


def the_late_fee(request: StaffRequest, late_fee_id: int) -> LateFee:
    rows = request.company.late_fees.select_related("charge__job__company", "invoice__company")
    found: LateFee = get_object_or_404(rows, pk=late_fee_id)
    return found


def the_run(request: StaffRequest, tick_run_id: int) -> TickRun:
    found: TickRun = get_object_or_404(request.company.tick_runs, pk=tick_run_id)
    return found
