"""Warehouses: the plan of each, and setting up its zones and locations."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from carter.companies.rights import Right
from carter.storage.models import Warehouse, Zone
from carter.storage.plan import counts_by_warehouse, counts_of, plan_of
from carter.storage.setting_up import (
    CannotSetUp,
    add_locations,
    add_warehouse,
    add_zone,
    change_location,
    change_warehouse,
    change_zone,
    close_location,
    reopen_location,
)
from carter.web.access import needs, of_storage
from carter.web.forms.warehouses import LocationForm, LocationsForm, WarehouseForm, ZoneForm
from carter.web.lists import page_of
from carter.web.middleware.company import StaffRequest
from carter.web.once import do_or_tell, fresh_token
from carter.web.tabs import STORAGE_TABS, section_tabs
from carter.web.views.finding_storage import the_location, the_warehouse, the_zone
from carter.web.views.places import day_asked_for


@of_storage
@require_http_methods(["GET", "POST"])
def index(request: StaffRequest) -> HttpResponse:
    """Every warehouse with what is free today; add another one here."""
    if request.method == "POST":
        request.member.must(Right.EDIT)
    form = WarehouseForm(request.POST or None)
    if form.is_valid():
        done = do_or_tell(request, form, lambda: _added(request, form), CannotSetUp)
        if done is not None:
            return done
    counts = counts_by_warehouse(request.company, request.company.today)
    context = {
        "warehouses": [(one, counts.get(one.pk, [])) for one in request.company.warehouses.all()],
        "form": form,
        "tabs": section_tabs(STORAGE_TABS, "warehouses"),
        "once": _token(request),
    }
    status = 422 if form.errors else 200
    return render(request, "warehouses/index.html", context, status=status)


@of_storage
@require_GET
def page(request: StaffRequest, warehouse_id: int) -> HttpResponse:
    """The plan: what is in each location today, or on the day of `?on=`."""
    warehouse = the_warehouse(request, warehouse_id)
    day = day_asked_for(request) or request.company.today
    plans = plan_of(warehouse, day)
    context = {
        "warehouse": warehouse,
        "plans": plans,
        "counts": counts_of(plans),
        "on": day,
        "is_today": day == request.company.today,
    }
    return render(request, "warehouses/page.html", context)


@of_storage
@require_http_methods(["GET", "POST"])
@needs(Right.EDIT)
def edit(request: StaffRequest, warehouse_id: int) -> HttpResponse:
    """Set up a warehouse: its name and address, and its zones."""
    warehouse = the_warehouse(request, warehouse_id)
    form = WarehouseForm(request.POST or None, instance=warehouse)
    if form.is_valid():
        try:
            change_warehouse(warehouse, by=request.member, **form.cleaned_data)
        except CannotSetUp as reason:
            form.add_error("name", str(reason))
        else:
            return redirect("warehouse", warehouse.pk)
    return _set_up(request, warehouse, form=form)


@of_storage
@require_POST
@needs(Right.EDIT)
def zones(request: StaffRequest, warehouse_id: int) -> HttpResponse:
    """Add a zone to a warehouse."""
    warehouse = the_warehouse(request, warehouse_id)
    form = ZoneForm(request.POST)
    if form.is_valid():
        done = do_or_tell(
            request,
            form,
            lambda: _zone_address(add_zone(warehouse, by=request.member, **form.cleaned_data)),
            CannotSetUp,
        )
        if done is not None:
            return done
    return _set_up(request, warehouse, zone_form=form)


@of_storage
@require_http_methods(["GET", "POST"])
@needs(Right.EDIT)
def zone(request: StaffRequest, zone_id: int) -> HttpResponse:
    """A zone: its name, how it is drawn, and its locations."""
    found = the_zone(request, zone_id)
    form = ZoneForm(request.POST or None, instance=found)
    if form.is_valid():
        try:
            change_zone(found, by=request.member, **form.cleaned_data)
        except CannotSetUp as reason:
            form.add_error("name", str(reason))
        else:
            return redirect("zone", found.pk)
    return _zone(request, found, form=form)


@of_storage
@require_POST
@needs(Right.EDIT)
def locations(request: StaffRequest, zone_id: int) -> HttpResponse:
    """Add locations to a zone, many at once."""
    found = the_zone(request, zone_id)
    form = LocationsForm(request.POST)
    if form.is_valid():
        done = do_or_tell(request, form, lambda: _with_more(request, found, form), CannotSetUp)
        if done is not None:
            return done
    return _zone(request, found, locations_form=form)


@of_storage
@require_http_methods(["GET", "POST"])
def location(request: StaffRequest, location_id: int) -> HttpResponse:
    """A location: who is, was and will be in it; rename or close it here."""
    found = the_location(request, location_id)
    if request.method == "POST":
        request.member.must(Right.EDIT)
    form = LocationForm(request.POST or None, instance=found)
    if form.is_valid():
        try:
            change_location(found, by=request.member, **form.cleaned_data)
        except CannotSetUp as reason:
            form.add_error("name", str(reason))
        else:
            return redirect("location", found.pk)
    stays = found.stays.select_related("storage_job__job__company", "storage_job__job__customer")
    shown = the_location(request, location_id)
    context = {
        "location": shown,
        "form": form,
        "page": page_of(stays.order_by("-start_on"), request),
    }
    status = 422 if form.errors else 200
    return render(request, "warehouses/location.html", context, status=status)


@of_storage
@require_POST
@needs(Right.EDIT)
def closing(request: StaffRequest, location_id: int) -> HttpResponse:
    """Close a location that is not used any more, or open it again."""
    found = the_location(request, location_id)
    deed, done = (
        (reopen_location, "in use again") if found.closed_at else (close_location, "closed")
    )
    try:
        deed(found, by=request.member)
    except CannotSetUp as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, f"{found.name} is {done}.")
    return redirect("location", found.pk)


def _set_up(
    request: StaffRequest,
    warehouse: Warehouse,
    *,
    form: WarehouseForm | None = None,
    zone_form: ZoneForm | None = None,
) -> HttpResponse:
    shown = the_warehouse(request, warehouse.pk)
    context = {
        "warehouse": shown,
        "form": form or WarehouseForm(instance=shown),
        "zone_form": zone_form or ZoneForm(auto_id="zone_%s"),
        "plans": plan_of(shown, request.company.today),
        "once": _token(request),
    }
    wrong = (form and form.errors) or (zone_form and zone_form.errors)
    return render(request, "warehouses/edit.html", context, status=422 if wrong else 200)


def _zone(
    request: StaffRequest,
    found: Zone,
    *,
    form: ZoneForm | None = None,
    locations_form: LocationsForm | None = None,
) -> HttpResponse:
    shown = the_zone(request, found.pk)
    context: dict[str, Any] = {
        "zone": shown,
        "form": form or ZoneForm(instance=shown),
        "locations_form": locations_form or LocationsForm(auto_id="locations_%s"),
        "locations": shown.locations.all(),
        "once": _token(request),
    }
    wrong = (form and form.errors) or (locations_form and locations_form.errors)
    return render(request, "warehouses/zone.html", context, status=422 if wrong else 200)


def _added(request: StaffRequest, form: WarehouseForm) -> str:
    made = add_warehouse(request.company, by=request.member, **form.cleaned_data)
    return reverse("warehouse_edit", args=[made.pk])


def _zone_address(made: Zone) -> str:
    return reverse("zone", args=[made.pk])


def _with_more(request: StaffRequest, found: Zone, form: LocationsForm) -> str:
    made = add_locations(found, by=request.member, **form.cleaned_data)
    messages.success(request, f"Added {len(made)} to {found.name}.")
    return _zone_address(found)


def _token(request: StaffRequest) -> str:
    return request.POST.get("once") or fresh_token()
