"""Goods in the warehouse."""

from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import IsNull
from django.urls import reverse

from carter.companies.tenancy import CompanyOwned
from carter.customers.models import Customer
from carter.jobs.models import Job, Stage
from carter.jobs.models.stages import STORED

# As the lists of moves do: what has no day comes last on either database, read from an index.
NO_MOVE_IN, NO_MOVE_OUT = (IsNull(F(day), True) for day in ("move_in_on", "move_out_on"))
BY_MOVE_IN = (NO_MOVE_IN, F("move_in_on").asc(), F("job").asc())
LATEST_IN_FIRST = (NO_MOVE_IN, F("move_in_on").desc(), F("job").desc())
BY_MOVE_OUT = (NO_MOVE_OUT, F("move_out_on").asc(), F("job").asc())
LATEST_OUT_FIRST = (NO_MOVE_OUT, F("move_out_on").desc(), F("job").desc())


class StorageJob(CompanyOwned):
    """What storage knows of a job: goods that are in the warehouse from a day until another.

    Its number, caller, customer, stage, owner, money, notes and history are the job's.
    """

    class Type(models.TextChoices):
        IN_TRANSIT = "in-transit", "Storage in transit"
        PERMANENT = "permanent", "Permanent"

    job = models.OneToOneField(
        Job, on_delete=models.PROTECT, primary_key=True, related_name="storage"
    )
    type = models.CharField(max_length=10, choices=Type, default=Type.PERMANENT)
    move_in_on = models.DateField("Move-in date", null=True, blank=True)
    move_out_on = models.DateField("Move-out date", null=True, blank=True)
    monthly_price_cents = models.BigIntegerField("Monthly price", null=True, blank=True)
    volume = models.CharField(
        max_length=100, blank=True, help_text="For example: 2 vaults, 900 lb."
    )

    class Meta:
        default_related_name = "storage_jobs"
        constraints = [
            models.CheckConstraint(
                condition=Q(move_in_on=None)
                | Q(move_out_on=None)
                | Q(move_out_on__gte=F("move_in_on")),
                name="storage_moves_out_after_in",
            ),
            models.CheckConstraint(
                condition=Q(monthly_price_cents=None) | Q(monthly_price_cents__gte=0),
                name="storage_price_not_negative",
            ),
        ]
        indexes = [
            models.Index(fields=["company", "-job"], name="storage_newest"),
            models.Index("company", *BY_MOVE_IN, name="storage_by_move_in"),
            models.Index("company", *LATEST_IN_FIRST, name="storage_latest_in"),
            models.Index("company", *BY_MOVE_OUT, name="storage_by_move_out"),
            models.Index("company", *LATEST_OUT_FIRST, name="storage_latest_out"),
        ]

    def __str__(self) -> str:
        return str(self.job)

    def get_absolute_url(self) -> str:
        return reverse("storage_job", args=[self.pk])

    @property
    def customer(self) -> Customer:
        """Who has it now."""
        return self.job.customer

    @property
    def is_running(self) -> bool:
        """Reserved or in storage: neither moved out nor called off."""
        return self.job.stage in (Stage.RESERVED, *STORED)

    @property
    def is_stored(self) -> bool:
        """Whether goods are in the warehouse."""
        return self.job.stage in STORED

    @property
    def is_late(self) -> bool:
        """Whether the goods were to be out by now, and are there still."""
        last = self.move_out_on
        return self.is_stored and last is not None and last < self.company.today


class LinkedMove(CompanyOwned):
    """A move that brings goods into storage, or takes them out of it."""

    storage_job = models.ForeignKey(StorageJob, on_delete=models.PROTECT)
    move = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="+")

    class Meta:
        default_related_name = "linked_moves"
        constraints = [
            models.UniqueConstraint(
                fields=["company", "storage_job", "move"], name="move_linked_once_per_storage_job"
            )
        ]
