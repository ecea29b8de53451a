"""What a run did."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from carter.companies.models import Member
from carter.companies.tenancy import CompanyOwned, CompanyQuerySet


class TickRunQuerySet(CompanyQuerySet["TickRun"]):
    """Runs of a company."""

    def waiting(self) -> Self:
        """Stopped because they would bill far more than usual, and nobody has decided yet."""
        return self.filter(is_held=True, decided_at=None)


class TickRun(CompanyOwned):
    """One run over a company's schedules that did something, failed, or stopped and asks.

    `did` counts by what was done; `failures` says, by step, about what and why. A run that is
    held billed nothing: it would have made `planned` invoices of `planned_cents` in all, where
    `usual` were made in the last month.
    """

    through_on = models.DateField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(default=timezone.now)
    did = models.JSONField(default=dict, blank=True)
    failures = models.JSONField(default=list, blank=True)
    is_held = models.BooleanField(default=False)
    planned = models.PositiveIntegerField(default=0)
    planned_cents = models.BigIntegerField(default=0)
    usual = models.PositiveIntegerField(default=0)
    is_approved = models.BooleanField(default=False)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    across_companies = TickRunQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        default_related_name = "tick_runs"
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["company"],
                condition=Q(is_held=True, decided_at=None),
                name="one_run_waits_for_a_person",
            )
        ]
        indexes = [models.Index(fields=["company", "-id"], name="run_newest")]
