"""What every row of the account has in common: it stays as it was posted."""

from typing import Any, NoReturn

from django.db import models
from django.utils import timezone

from carter.companies.models import Member
from carter.companies.tenancy import CompanyOwned
from carter.customers.following import FollowsCustomer
from carter.jobs.models import Job


class LedgerIsAppendOnly(Exception):
    """Somebody tried to change what was posted; it is countered by another row instead."""


class Kept(CompanyOwned):
    """A row that is never edited once it is there; a mistake is countered by another row.

    The database refuses it, too, whichever door a change comes through: see the migrations.
    """

    on = models.DateField()
    by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise LedgerIsAppendOnly(f"{self._meta.verbose_name} {self.pk} is posted.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise LedgerIsAppendOnly(f"{self._meta.verbose_name} {self.pk} is posted.")


class Posted(Kept, FollowsCustomer):
    """A row that is kept, and follows who has it: for one job, or on the customer's account."""

    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def carrier(self) -> FollowsCustomer | None:
        return self.job


def once_per_key(noun: str) -> models.UniqueConstraint:
    """What was posted under a key is posted under it once, however often it is sent."""
    return models.UniqueConstraint(
        fields=["company", "key"],
        condition=models.Q(key__isnull=False),
        name=f"{noun}_once_per_key",
    )
