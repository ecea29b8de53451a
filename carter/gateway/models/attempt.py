"""What is to be collected, and each time it was tried."""

from datetime import date
from typing import Any, Self
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone

from carter.billing.models import Invoice, Payment
from carter.companies.models import Member
from carter.companies.tenancy import CompanyOwned, CompanyQuerySet
from carter.gateway.models.method import StoredMethod


class CollectionQuerySet(CompanyQuerySet["Collection"]):
    """Invoices of a company that are to be charged by themselves."""

    def due(self, today: date) -> Self:
        """Their day has come, and something is still to be paid."""
        return self.filter(stopped_at=None, next_on__lte=today, invoice__is_open=True)

    def stopped(self) -> Self:
        """A person must look after them: nothing is charged any more, and they are not paid."""
        return self.filter(stopped_at__isnull=False, invoice__is_open=True)


class Collection(CompanyOwned):
    """An invoice that is to be charged to a card or bank account on file, from a day on.

    `next_on` is when it is tried next; none once it is paid. When it was given up, `why` says so
    to the desk. Tries before `since` were made with another card, or before it was taken up again.
    """

    invoice = models.OneToOneField(Invoice, on_delete=models.PROTECT, related_name="collection")
    method = models.ForeignKey(StoredMethod, on_delete=models.PROTECT, related_name="collections")
    on = models.DateField()
    next_on = models.DateField(null=True, blank=True)
    since = models.DateTimeField(default=timezone.now)
    stopped_at = models.DateTimeField(null=True, blank=True)
    why = models.CharField(max_length=300, blank=True)

    across_companies = CollectionQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        default_related_name = "collections"
        indexes = [
            models.Index(
                fields=["company", "next_on"],
                condition=Q(stopped_at=None, next_on__isnull=False),
                name="collection_due",
            ),
            models.Index(
                fields=["company", "-stopped_at"],
                condition=Q(stopped_at__isnull=False),
                name="collection_stopped",
            ),
        ]

    @property
    def is_stopped(self) -> bool:
        return self.stopped_at is not None


class TriedQuerySet(CompanyQuerySet[Any]):
    """What a company asked of the gateway."""

    def live(self) -> Self:
        """What may still become money."""
        return self.filter(status__in=Tried.LIVE)


class Tried(CompanyOwned):
    """Something asked of the gateway; it is committed before the gateway hears of it.

    `token` is what makes the gateway do it once however often it is asked. *Pending*: asked, or
    about to be, or under way at the bank. *Unknown*: the answer never came.
    """

    class Status(models.TextChoices):
        PENDING = "pending", "Pending"
        SUCCEEDED = "succeeded", "Succeeded"
        FAILED = "failed", "Failed"
        UNKNOWN = "unknown", "Unknown"
        CANCELED = "canceled", "Canceled"

    LIVE = (Status.PENDING, Status.UNKNOWN)

    token = models.UUIDField(default=uuid4, editable=False)
    amount_cents = models.BigIntegerField()
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    code = models.CharField(max_length=60, blank=True)
    words = models.CharField(max_length=300, blank=True)
    gateway_reference = models.CharField(max_length=200, null=True, blank=True)
    at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    across_companies = TriedQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        abstract = True

    @property
    def is_live(self) -> bool:
        return self.status in self.LIVE


class PaymentAttempt(Tried):
    """One try to have an invoice paid through the gateway; at most one is live per invoice.

    Either a method on file is charged, or the customer pays on the gateway's own page (`page`,
    with its `session`). `code` is the bank's reason for declining, `is_hard` that trying again is
    of no use. `letter_due`: the customer is still to be told what came of it.
    """

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="attempts")
    method = models.ForeignKey(
        StoredMethod, on_delete=models.PROTECT, null=True, blank=True, related_name="attempts"
    )
    on = models.DateField()
    is_hard = models.BooleanField(default=False)
    session = models.CharField(max_length=200, blank=True)
    page = models.TextField(blank=True)
    payment = models.OneToOneField(
        Payment, on_delete=models.PROTECT, null=True, blank=True, related_name="attempt"
    )
    letter_due = models.BooleanField(default=False)

    class Meta:
        default_related_name = "payment_attempts"
        constraints = [
            models.UniqueConstraint(
                fields=["invoice", "company"],
                condition=Q(status__in=("pending", "unknown")),
                name="one_live_attempt_per_invoice",
            ),
            models.UniqueConstraint(fields=["token", "company"], name="attempt_token_once"),
            models.UniqueConstraint(
                fields=["company", "gateway_reference"], name="attempt_once_per_gateway_reference"
            ),
            models.CheckConstraint(
                condition=Q(amount_cents__gt=0), name="attempt_is_more_than_nothing"
            ),
            models.CheckConstraint(
                condition=Q(status="succeeded", payment__isnull=False)
                | (~Q(status="succeeded") & Q(payment=None)),
                name="succeeded_attempt_has_its_payment",
            ),
        ]
        indexes = [
            models.Index(
                fields=["company", "at"],
                condition=Q(status__in=("pending", "unknown")),
                name="attempt_live",
            ),
            models.Index(
                fields=["company", "id"],
                condition=Q(letter_due=True),
                name="attempt_to_write_about",
            ),
        ]


class RefundAttempt(Tried):
    """One try to give money back through the gateway; at most one is live per payment."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refund_attempts")
    refund = models.OneToOneField(
        Payment, on_delete=models.PROTECT, null=True, blank=True, related_name="refund_attempt"
    )

    class Meta:
        default_related_name = "refund_attempts"
        constraints = [
            models.UniqueConstraint(
                fields=["payment", "company"],
                condition=Q(status__in=("pending", "unknown")),
                name="one_live_refund_per_payment",
            ),
            models.UniqueConstraint(fields=["token", "company"], name="refund_token_once"),
            models.UniqueConstraint(
                fields=["company", "gateway_reference"], name="refund_once_per_gateway_reference"
            ),
            models.CheckConstraint(
                condition=Q(amount_cents__gt=0), name="refund_is_more_than_nothing"
            ),
        ]
