"""Rows of the warehouse that an address or a form names."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from carter.jobs.models import Job
from carter.storage.models import Location, StorageJob, Warehouse, Zone
from carter.web.middleware.company import StaffRequest
from carter.web.views.finding import row_id, the_job, the_move


def the_storage_job(request: StaffRequest, storage_job_id: int) -> StorageJob:
    """A storage job of the company; 404 for anything else, and while the module is off."""
    job = the_job(request, storage_job_id)
    if not job.is_storage:
        raise Http404
    storage_job = get_object_or_404(request.company.storage_jobs, pk=job.pk)
    storage_job.job, storage_job.company = job, job.company
    return storage_job


def the_warehouse(request: StaffRequest, warehouse_id: int) -> Warehouse:
    """A warehouse of the company; 404 for anything else."""
    rows = request.company.warehouses.select_related("company")
    return get_object_or_404(rows, pk=warehouse_id)


def the_zone(request: StaffRequest, zone_id: int) -> Zone:
    """A zone of a warehouse of the company; 404 for anything else."""
    rows = request.company.zones.select_related("company", "warehouse__company")
    return get_object_or_404(rows, pk=zone_id)


def the_location(request: StaffRequest, location_id: int) -> Location:
    """A location of the company, in use or closed; 404 for anything else."""
    rows = request.company.locations.select_related("company", "zone__warehouse")
    return get_object_or_404(rows, pk=location_id)


def move_asked_for(request: StaffRequest) -> Job | None:
    """The move a storage job is to be taken from, if one is named; 404 for a stranger's."""
    asked = _asked(request, "move")
    return the_move(request, asked) if asked is not None else None


def location_asked_for(request: StaffRequest) -> Location | None:
    """The location a storage job is to have, if one is named; 404 for a stranger's."""
    asked = _asked(request, "location")
    return the_location(request, asked) if asked is not None else None


def _asked(request: StaffRequest, name: str) -> int | None:
    typed = request.POST.get(name) or request.GET.get(name)
    if not typed:
        return None
    number = row_id(typed)
    if number is None:
        raise Http404
    return number
