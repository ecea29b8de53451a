"""**Choose Locations** of a storage job, ticked on the plan of a warehouse."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_http_methods

from carter.companies.rights import Right
from carter.storage.locking import NotOfStorage
from carter.storage.models import StorageJob, Warehouse
from carter.storage.placing import CannotPlace, place
from carter.storage.plan import plan_of
from carter.web.access import needs, of_storage
from carter.web.forms.days import is_sensible
from carter.web.forms.warehouses import PlacesForm
from carter.web.middleware.company import StaffRequest
from carter.web.views.finding import row_id
from carter.web.views.finding_storage import the_storage_job


@of_storage
@require_http_methods(["GET", "POST"])
@needs(Right.EDIT)
def places(request: StaffRequest, storage_job_id: int) -> HttpResponse:
    """Tick the locations on the plan: what is not ticked any more ends on that day."""
    storage_job = the_storage_job(request, storage_job_id)
    first = day_asked_for(request) or _first_day(storage_job)
    form = PlacesForm(
        request.POST or None, offered=request.company.locations.all(), initial={"on": first}
    )
    if form.is_valid():
        try:
            placed = place(storage_job, by=request.member, **form.cleaned_data)
        except (CannotPlace, NotOfStorage) as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, f"The locations of {placed} are as you ticked them.")
            return redirect(placed)
    context = {**_plan(request, storage_job, first), "form": form, "storage_job": storage_job}
    context["ticked"] = _ticked(request, storage_job)
    return render(request, "storage/places.html", context, status=422 if form.errors else 200)


def day_asked_for(request: StaffRequest) -> date | None:
    """The day of `?on=`; None when it is not one."""
    try:
        day = parse_date(request.GET.get("on", ""))
    except ValueError:
        return None
    return day if day and is_sensible(day) else None


def _first_day(storage_job: StorageJob) -> date:
    today = storage_job.company.today
    planned = storage_job.move_in_on
    return today if storage_job.is_stored or planned is None else planned


def _plan(request: StaffRequest, storage_job: StorageJob, day: date) -> dict[str, object]:
    """The plan of the warehouse that was asked for, and what the goods have elsewhere."""
    warehouses = list(request.company.warehouses.all())
    stays = storage_job.stays.standing().select_related("location__zone__warehouse")
    shown = _shown(request, warehouses, [stay.location.zone.warehouse_id for stay in stays])
    if shown is not None:
        shown.company = request.company
    return {
        "warehouses": warehouses,
        "warehouse": shown,
        "plans": plan_of(shown, day) if shown else [],
        "elsewhere": [stay.location for stay in stays if stay.location.zone.warehouse != shown],
        "on": day,
    }


def _shown(request: StaffRequest, warehouses: list[Warehouse], held: list[int]) -> Warehouse | None:
    """The warehouse of `?warehouse=`, else where the goods are, else the first."""
    asked = row_id(request.GET.get("warehouse", ""))
    for wanted in (asked, *held[:1]):
        for warehouse in warehouses:
            if warehouse.pk == wanted:
                return warehouse
    return warehouses[0] if warehouses else None


def _ticked(request: StaffRequest, storage_job: StorageJob) -> set[int]:
    """What was ticked so far, else what the goods have."""
    if sent := request.POST or ("on" in request.GET and request.GET):
        ticked = {number for one in sent.getlist("locations") if (number := row_id(one))}
        if ticked or request.method == "POST":
            return ticked
    return set(storage_job.stays.standing().values_list("location_id", flat=True))
