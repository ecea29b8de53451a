"""Lock the storage job, then its locations: nothing of the warehouse changes while a deed looks."""

from collections.abc import Iterable

from carter.companies.models import Company
from carter.customers.locking import lock_row
from carter.storage.models import Location, StorageJob


class NotOfStorage(Exception):
    """What was asked makes no sense for the storage job as it is now; the words say why."""


def lock_storage_job(storage_job: StorageJob) -> StorageJob:
    """A storage job as it is now, locked with the customers who have it."""
    job = lock_row(storage_job.job)
    now = job.company.storage_jobs.select_for_update().get(pk=job.pk)
    now.job, now.company = job, job.company
    return now


def lock_running(storage_job: StorageJob) -> StorageJob:
    """The same, of one that goes on. Raises NotOfStorage when it is over."""
    now = lock_storage_job(storage_job)
    if not now.is_running:
        raise NotOfStorage(f"{now} is {now.job.get_stage_display().lower()}.")
    return now


def lock_locations(company: Company, locations: Iterable[Location]) -> list[Location]:
    """Locations as they are now, locked in the one order: by key, after the storage job."""
    keys = {location.pk for location in locations}
    rows = company.locations.select_for_update(of=("self",)).filter(pk__in=keys)
    return list(rows.select_related("zone__warehouse").order_by("pk"))
