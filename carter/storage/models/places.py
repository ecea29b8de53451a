"""Where goods stand: warehouse › zone › location, and the stays in one."""

from datetime import date, timedelta
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from carter.companies.models import Member
from carter.companies.tenancy import CompanyOwned, CompanyQuerySet
from carter.jobs.models.stages import STORED

OVERDUE = Q(left_at=None, storage_job__job__stage__in=STORED)
"""With an end that is past: the goods were to be out by then, and are there still."""


class Warehouse(CompanyOwned):
    """A building of the company in which goods are stored."""

    name = models.CharField(max_length=100)
    address = models.TextField(max_length=300, blank=True)

    class Meta:
        default_related_name = "warehouses"
        ordering = ("name", "id")
        constraints = [
            models.UniqueConstraint(fields=["company", "name"], name="warehouse_name_once")
        ]

    def __str__(self) -> str:
        return self.name


class Zone(CompanyOwned):
    """A part of a warehouse: an aisle, a floor, the container yard.

    The plan draws its locations in rows of `per_row`, in the order of their names.
    """

    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT)
    name = models.CharField(max_length=100)
    per_row = models.PositiveSmallIntegerField(
        "Locations in a row",
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(40)],
        help_text="How the plan is drawn.",
    )

    class Meta:
        default_related_name = "zones"
        ordering = ("name", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "warehouse", "name"], name="zone_name_once_per_warehouse"
            )
        ]

    def __str__(self) -> str:
        return f"{self.warehouse} › {self.name}"


class StayQuerySet(CompanyQuerySet["Stay"]):
    """Stays of a company, a location or a storage job."""

    def standing(self) -> Self:
        """Reserved or held: nobody has said that the goods left."""
        return self.filter(left_at=None)

    def overlapping(self, start_on: date, end_on: date | None, *, today: date) -> Self:
        """Those with a day from `start_on` until (not on) `end_on`, or for good.

        Goods that were to be out by now and are not hold their location until today is over.
        """
        lasting = Q(end_on=None) | Q(end_on__gt=start_on)
        if start_on <= today:
            lasting |= OVERDUE & Q(end_on__lte=today)
        found = self.filter(lasting)
        return found if end_on is None else found.filter(start_on__lt=end_on)

    def on(self, day: date, *, today: date) -> Self:
        """Those that hold their location on a day, overdue ones until today."""
        return self.overlapping(day, day + timedelta(days=1), today=today)


class LocationQuerySet(CompanyQuerySet["Location"]):
    """Storage locations of a company, a warehouse or a zone."""

    def in_use(self) -> Self:
        """Not given up."""
        return self.filter(closed_at=None)

    def free(self, start_on: date, end_on: date | None, *, today: date) -> Self:
        """In use, and with nothing in them from a day until (not on) another, or for good."""
        stays = Stay.across_companies.filter(location=OuterRef("pk"))
        taken = stays.overlapping(start_on, end_on, today=today)
        return self.in_use().filter(~Exists(taken))


class Location(CompanyOwned):
    """One place that holds one storage job at a time."""

    class Kind(models.TextChoices):
        VAULT = "vault", "Vault"
        RACK = "rack", "Rack"
        CONTAINER = "container", "Container"
        PALLET = "pallet", "Pallet"
        OVERSIZE = "oversize", "Oversize"
        UNIT = "unit", "Unit"

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.VAULT)
    name = models.CharField(max_length=40)
    closed_at = models.DateTimeField(null=True, blank=True)

    across_companies = LocationQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        default_related_name = "locations"
        ordering = ("name", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "zone", "name"],
                condition=Q(closed_at=None),
                name="location_name_once_per_zone",
            )
        ]

    def __str__(self) -> str:
        return f"{self.zone} › {self.name}"


class Stay(CompanyOwned):
    """A storage job in a location from a day until another, on which the location is free again.

    The end is what is planned until somebody says that the goods left (`left_at`). Two stays in
    one location never overlap: deeds lock the location and look; `carter check` asks.
    """

    storage_job = models.ForeignKey("storage.StorageJob", on_delete=models.PROTECT)
    location = models.ForeignKey(Location, on_delete=models.PROTECT)
    start_on = models.DateField()
    end_on = models.DateField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    across_companies = StayQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        default_related_name = "stays"
        constraints = [
            models.UniqueConstraint(
                fields=["company", "location"],
                condition=Q(end_on=None),
                name="location_held_for_good_once",
            ),
            models.CheckConstraint(
                condition=Q(end_on=None) | Q(end_on__gte=F("start_on")),
                name="stay_ends_not_before_start",
            ),
        ]
        indexes = [models.Index(fields=["location", "start_on"], name="stay_by_location")]
