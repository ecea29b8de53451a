"""What a schedule has invoiced."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from carter.billing.models import Invoice
from carter.companies.tenancy import CompanyOwned, CompanyQuerySet
from carter.recurring.models.schedule import RecurringInvoice


class SchedulePeriodQuerySet(CompanyQuerySet["SchedulePeriod"]):
    """Periods of a company or a schedule."""

    def to_mail(self) -> Self:
        """Their invoices are to be sent to the customer and were not yet."""
        return self.filter(mail=SchedulePeriod.Mail.WANTED)


class SchedulePeriod(CompanyOwned):
    """Days of a schedule that were invoiced, from one until (not on) another: once.

    Made in the transaction of its invoice, dated `billed_on`; without one when all of it was
    paused. Its billing months began on `anchor_day`, which the schedule may change later.
    `amount_cents` is what its charges came to, `credited_cents` what was given back of them since,
    because the goods went out, or less was due.
    """

    class Mail(models.TextChoices):
        NONE = "", "Not mailed"
        WANTED = "wanted", "To be mailed"
        POSTED = "posted", "Mailed"
        NOWHERE = "nowhere", "No email address"

    schedule = models.ForeignKey(RecurringInvoice, on_delete=models.PROTECT, related_name="periods")
    starts_on = models.DateField()
    ends_on = models.DateField()
    billed_on = models.DateField()
    anchor_day = models.PositiveSmallIntegerField()
    invoice = models.OneToOneField(
        Invoice, on_delete=models.PROTECT, null=True, blank=True, related_name="period"
    )
    amount_cents = models.BigIntegerField(default=0)
    credited_cents = models.BigIntegerField(default=0)
    mail = models.CharField(max_length=8, choices=Mail, blank=True, default=Mail.NONE)
    at = models.DateTimeField(default=timezone.now)

    across_companies = SchedulePeriodQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        default_related_name = "schedule_periods"
        ordering = ("starts_on", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["schedule", "starts_on", "company"], name="period_billed_once"
            ),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="period_has_days"),
            models.CheckConstraint(
                condition=Q(credited_cents__gte=0, credited_cents__lte=F("amount_cents")),
                name="period_credited_within_amount",
            ),
        ]
        indexes = [
            models.Index(fields=["company", "-billed_on", "-id"], name="period_newest"),
            models.Index(
                fields=["company", "id"], condition=Q(mail="wanted"), name="period_to_mail"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on} – {self.ends_on}"
