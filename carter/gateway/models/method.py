"""Cards and bank accounts on file."""

from calendar import monthrange
from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from carter.companies.models import Member
from carter.companies.tenancy import CompanyQuerySet
from carter.customers.following import FollowsCustomer
from carter.jobs.models import Job


class StoredMethodQuerySet(CompanyQuerySet["StoredMethod"]):
    """Stored methods of a company or a customer."""

    def on_file(self) -> Self:
        """Ready to be charged: the gateway has them, and nobody removed them."""
        return self.filter(ready_at__isnull=False, removed_at=None)

    def chargeable(self, today: date) -> Self:
        """On file and not expired, the one added last first."""
        good = Q(expires_on=None) | Q(expires_on__gte=today)
        return self.on_file().filter(good).order_by("-ready_at", "-id")

    def expiring(self, through: date) -> Self:
        """Cards on file that are of no use any more after a day."""
        return self.on_file().filter(expires_on__lte=through)


class StoredMethod(FollowsCustomer):
    """A card or bank account of a customer that the gateway keeps; its number never comes here.

    The row is there from the moment the customer agrees (`consent`, word for word); it is on file
    once the gateway has said so. Each has a customer of its own at the gateway, so that it goes
    with the job or the customer it was given for, whatever is linked or merged.
    """

    class Kind(models.TextChoices):
        CARD = "card", "Card"
        BANK = "bank", "Bank account"

    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, blank=True)
    kind = models.CharField(max_length=4, choices=Kind, blank=True)
    brand = models.CharField(max_length=60, blank=True)
    last4 = models.CharField(max_length=4, blank=True)
    expires_on = models.DateField(null=True, blank=True)

    consent = models.TextField(max_length=2000)
    agreed_at = models.DateTimeField(default=timezone.now)
    agreed_from = models.GenericIPAddressField(null=True, blank=True)
    by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    session = models.CharField(max_length=200, null=True, blank=True, editable=False)
    gateway_customer = models.CharField(max_length=200, blank=True, editable=False)
    gateway_method = models.CharField(max_length=200, null=True, blank=True, editable=False)
    ready_at = models.DateTimeField(null=True, blank=True, editable=False)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    across_companies = StoredMethodQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        default_related_name = "stored_methods"
        constraints = [
            models.UniqueConstraint(fields=["company", "session"], name="stored_once_per_session"),
            models.UniqueConstraint(
                fields=["company", "gateway_method"], name="stored_once_per_gateway_method"
            ),
        ]
        indexes = [
            models.Index(
                fields=["company", "expires_on"],
                condition=Q(removed_at=None, expires_on__isnull=False),
                name="stored_method_expiring",
            )
        ]

    def __str__(self) -> str:
        """“Visa ending in 4242”, as people call it."""
        name = self.brand or self.get_kind_display() or "Card"
        return f"{name} ending in {self.last4}" if self.last4 else name

    @property
    def carrier(self) -> FollowsCustomer | None:
        return self.job

    @property
    def is_on_file(self) -> bool:
        return self.ready_at is not None and self.removed_at is None

    def has_expired(self, today: date) -> bool:
        return self.expires_on is not None and self.expires_on < today


def last_day_of(month: int, year: int) -> date:
    """The last day on which a card with this date on it is good."""
    return date(year, month, monthrange(year, month)[1])
