"""**Billing**: recurring invoices that are due next, and the runs that make them."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from carter.companies.rights import Right
from carter.recurring.bounds import approve_run
from carter.recurring.planned import next_invoices
from carter.web.access import handles_money, hidden_without, of_storage
from carter.web.lists import page_of
from carter.web.middleware.company import StaffRequest
from carter.web.replica import only_reads
from carter.web.tabs import BILLING_TABS, section_tabs
from carter.web.views.finding_recurring import the_run

LISTED = 50
"""Documents that cannot be printed: more have one and the same reason."""


@of_storage
@require_GET
@hidden_without(Right.SEE_MONEY)
@only_reads
def index(request: StaffRequest) -> HttpResponse:
    """Every running schedule, what is invoiced next first."""
    rows = request.company.recurring_invoices.running().select_related(
        "storage_job__job__customer", "method"
    )
    found = page_of(
        rows.prefetch_related("lines__changes", "pauses").order_by("next_bill_on", "id"), request
    )
    for schedule in found.rows:
        schedule.company = schedule.storage_job.job.company = request.company
    context = {
        "page": found,
        "rows": [(schedule, *next_invoices(schedule, 1)) for schedule in found.rows],
        "waiting": request.company.tick_runs.waiting().first(),
    }
    return _page(request, "billing_recurring", "recurring/index.html", context)


@of_storage
@require_GET
@hidden_without(Right.SEE_MONEY)
@only_reads
def runs(request: StaffRequest) -> HttpResponse:
    """The last runs: what each did, and what failed."""
    rows = request.company.tick_runs.select_related("decided_by__user").order_by("-id")
    unprinted = request.company.papers_due.troubled().order_by("id")
    context = {
        "page": page_of(rows, request),
        "waiting": rows.waiting().first(),
        "unprinted": unprinted.select_related("invoice__company", "credit_note__company")[:LISTED],
    }
    return _page(request, "billing_recurring", "recurring/runs.html", context)


@of_storage
@require_POST
@handles_money(Right.TAKE_PAYMENT)
def approval(request: StaffRequest, tick_run_id: int) -> HttpResponse:
    """Let a run that stopped bill what it said."""
    approve_run(the_run(request, tick_run_id), by=request.member)
    return redirect("recurring_runs")


def _page(request: StaffRequest, here: str, template: str, context: dict[str, Any]) -> HttpResponse:
    tabs = section_tabs(BILLING_TABS, here, has_storage=request.company.has_storage)
    return render(request, template, {**context, "tabs": tabs})
