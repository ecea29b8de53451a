"""The warehouse and what is in it."""

from carter.storage.models.places import Location, Stay, Warehouse, Zone
from carter.storage.models.storage_job import LinkedMove, StorageJob

__all__ = ["LinkedMove", "Location", "Stay", "StorageJob", "Warehouse", "Zone"]
