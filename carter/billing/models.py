"""The account: what is owed and what was paid, in integer cents of the company's currency."""

from typing import Any, NoReturn

from django.db import models
from django.db.models import Q
from django.utils import timezone

from carter.companies.models import Member
from carter.customers.following import FollowsCustomer
from carter.jobs.models import Job


class LedgerIsAppendOnly(Exception):
    """Somebody tried to change what was posted; it is countered by another row instead."""


class Posted(FollowsCustomer):
    """A row that is never edited once it is there; a mistake is countered by another row."""

    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, blank=True)
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

    @property
    def carrier(self) -> FollowsCustomer | None:
        return self.job


class Charge(Posted):
    """One amount owed for a job. A negative one is a discount, or counters another charge."""

    class Kind(models.TextChoices):
        LABOUR = "labour", "Labour"
        TRAVEL = "travel", "Travel"
        FUEL = "fuel", "Fuel"
        MATERIALS = "materials", "Materials"
        PACKING = "packing", "Packing"
        BULKY = "bulky", "Bulky article"
        STAIRS = "stairs", "Stairs or long carry"
        SHUTTLE = "shuttle", "Shuttle"
        LINE_HAUL = "line-haul", "Line haul"
        VALUATION = "valuation", "Valuation"
        STORAGE = "storage", "Storage"
        HANDLING = "handling", "Handling"
        LATE_FEE = "late-fee", "Late fee"
        RETURNED = "returned", "Returned-payment fee"
        CARD_FEE = "card-fee", "Card fee"
        DISCOUNT = "discount", "Discount"
        TAX = "tax", "Tax"
        OTHER = "other", "Other"

    kind = models.CharField(max_length=12, choices=Kind)
    description = models.CharField(max_length=300, blank=True)
    amount_cents = models.BigIntegerField()
    counters = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="countered_by"
    )

    class Meta:
        default_related_name = "charges"

    @property
    def carrier(self) -> FollowsCustomer | None:
        """What counters a charge goes where the charge goes."""
        return self.counters or self.job


class Payment(Posted):
    """Money received for a customer, for one job or on account."""

    class Method(models.TextChoices):
        CASH = "cash", "Cash"
        CHECK = "check", "Check"
        CARD = "card", "Card"
        ACH = "ach", "ACH"
        OTHER = "other", "Other"

    method = models.CharField(max_length=10, choices=Method)
    reference = models.CharField(max_length=100, blank=True)
    amount_cents = models.BigIntegerField()

    class Meta:
        default_related_name = "payments"
        constraints = [
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="payment_is_positive")
        ]


class Entry(Posted):
    """One posting of the ledger. The Account Balance is the sum of a customer's entries.

    `amount_cents` is positive for what the customer owes, negative for what was paid.
    Each entry mirrors exactly one document.
    """

    charge = models.OneToOneField(Charge, on_delete=models.PROTECT, null=True, blank=True)
    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, null=True, blank=True)
    amount_cents = models.BigIntegerField()

    class Meta:
        default_related_name = "entries"
        constraints = [
            models.CheckConstraint(
                condition=Q(charge__isnull=False, payment=None)
                | Q(charge=None, payment__isnull=False),
                name="entry_has_one_document",
            )
        ]
        indexes = [
            models.Index(fields=["company", "customer", "amount_cents"], name="entry_balance"),
            models.Index(fields=["job", "amount_cents"], name="entry_job_balance"),
        ]

    @property
    def carrier(self) -> FollowsCustomer | None:
        return self.charge or self.payment

    @classmethod
    def carried_by(cls, row: FollowsCustomer) -> Q | None:
        """Entries go with their documents, and so with what those hang on."""
        if isinstance(row, Charge):
            return Q(charge=row) | Q(charge__counters=row)
        return super().carried_by(row)
