"""Billing: auto-payments that failed, what the gateway told and nobody booked, expiring cards."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from carter.companies.rights import Right
from carter.gateway.charging import CannotCharge
from carter.gateway.collecting import collect_again
from carter.gateway.events import put_aside
from carter.gateway.models import Collection
from carter.web.access import handles_money, hidden_without
from carter.web.forms.gateway import ChooseMethodForm
from carter.web.lists import page_of
from carter.web.middleware.company import StaffRequest
from carter.web.replica import only_reads
from carter.web.tabs import BILLING_TABS, section_tabs

EXPIRING_DAYS = 60
MOST_SHOWN = 50


@require_GET
@hidden_without(Right.SEE_MONEY)
@only_reads
def failed(request: StaffRequest) -> HttpResponse:
    """**Failed Auto-Payments**: what a person must look after, the latest first."""
    company = request.company
    stopped = company.collections.stopped().select_related(
        "invoice__customer", "invoice__company", "method"
    )
    expiring = company.stored_methods.expiring(company.today + timedelta(days=EXPIRING_DAYS))
    events = company.gateway_events.for_a_person().order_by("id")
    context = {
        "tabs": section_tabs(
            BILLING_TABS, "failed_auto_payments", has_storage=request.company.has_storage
        ),
        "page": page_of(stopped.order_by("-stopped_at", "-id"), request),
        "retried": _retried(request),
        "expiring": expiring.select_related("customer").order_by("expires_on", "id")[:MOST_SHOWN],
        "events": events[:MOST_SHOWN],
        "today": company.today,
    }
    return render(request, "billing/failed_auto_payments.html", context)


@require_http_methods(["GET", "POST"])
@handles_money(Right.TAKE_PAYMENT)
def again(request: StaffRequest, collection_id: int) -> HttpResponse:
    """Take up again what was given up, with a card on file."""
    rows = request.company.collections.select_related("invoice__customer", "invoice__company")
    collection: Collection = get_object_or_404(rows, pk=collection_id)
    customer = collection.invoice.customer
    methods = customer.stored_methods.chargeable(request.company.today)
    form = ChooseMethodForm(
        request.POST or None, methods=methods, initial={"method": collection.method_id}
    )
    if form.is_valid():
        try:
            collect_again(collection, method=form.cleaned_data["method"], by=request.member)
        except CannotCharge as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, f"{collection.invoice} is charged again in the next minutes.")
            return redirect("failed_auto_payments")
    context = {"collection": collection, "customer": customer, "form": form, "methods": methods}
    return render(request, "cards/again.html", context, status=422 if form.errors else 200)


@require_POST
@handles_money(Right.TAKE_BACK)
def event_done(request: StaffRequest, gateway_event_id: int) -> HttpResponse:
    """A person booked by hand what the gateway told."""
    event = get_object_or_404(request.company.gateway_events.all(), pk=gateway_event_id)
    put_aside(event, by=request.member)
    return redirect("failed_auto_payments")


def _retried(request: StaffRequest) -> list[Collection]:
    """Those that were declined and are tried again by themselves, the soonest first."""
    declined = request.company.collections.filter(
        stopped_at=None,
        next_on__isnull=False,
        invoice__is_open=True,
        invoice__attempts__status="failed",
    ).distinct()
    rows = declined.select_related("invoice__customer", "invoice__company", "method")
    return list(rows.order_by("next_on", "id")[:MOST_SHOWN])
