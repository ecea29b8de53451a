"""What happens when storage is not paid in time."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from carter.billing.models import Charge, Invoice
from carter.companies.models import Member
from carter.companies.tenancy import CompanyOwned
from carter.outbox.models import Letter


class LatePolicy(CompanyOwned):
    """What a company does about storage invoices that are late, and how many days after due.

    It looks at invoices due on `since_on` or later, so that switching it on does not fall upon
    every old invoice at once. A step whose days are empty is not taken.
    """

    class Fee(models.TextChoices):
        NONE = "none", "No late fee"
        FIXED = "fixed", "A fixed amount"
        PERCENT = "percent", "A part of what is open"

    class Often(models.TextChoices):
        ONCE = "once", "Once an invoice"
        MONTHLY = "monthly", "Every month it stays open"

    is_on = models.BooleanField("Look after late storage invoices", default=False)
    since_on = models.DateField(null=True, blank=True, editable=False)
    fee = models.CharField("Late fee", max_length=8, choices=Fee, default=Fee.NONE)
    fee_cents = models.BigIntegerField(
        "Amount", null=True, blank=True, validators=[MinValueValidator(1)]
    )
    fee_millionths = models.PositiveIntegerField(
        "Percent", null=True, blank=True, validators=[MaxValueValidator(1_000_000)]
    )
    cap_cents = models.BigIntegerField(
        "At most", null=True, blank=True, validators=[MinValueValidator(1)]
    )
    often = models.CharField(max_length=8, choices=Often, default=Often.ONCE)
    fee_days = models.PositiveSmallIntegerField("Grace days", default=10)
    reminder_days = models.PositiveSmallIntegerField(
        "Reminder letter", null=True, blank=True, default=5
    )
    second_letter_days = models.PositiveSmallIntegerField(
        "Second letter", null=True, blank=True, default=20
    )
    lien_notice_days = models.PositiveSmallIntegerField(
        "Notice before lien", null=True, blank=True, default=45
    )

    class Meta:
        default_related_name = "late_policies"
        constraints = [
            models.UniqueConstraint(fields=["company"], name="late_policy_once_per_company"),
            models.CheckConstraint(
                condition=Q(fee="none")
                | Q(fee="fixed", fee_cents__gt=0)
                | Q(fee="percent", fee_millionths__gt=0),
                name="late_fee_says_how_much",
            ),
        ]


class LateFee(CompanyOwned):
    """A charge because an invoice was paid late, or not yet; it may be waived, with a reason.

    `nth` counts from 0: once, or once every month that the invoice stays open.
    """

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="late_fees")
    nth = models.PositiveIntegerField(default=0)
    on = models.DateField()
    charge = models.OneToOneField(Charge, on_delete=models.PROTECT, related_name="late_fee")
    waived_at = models.DateTimeField(null=True, blank=True)
    waived_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    waived_because = models.CharField(max_length=300, blank=True)

    class Meta:
        default_related_name = "late_fees"
        ordering = ("on", "id")
        constraints = [
            models.UniqueConstraint(fields=["invoice", "nth", "company"], name="late_fee_once"),
            models.CheckConstraint(
                condition=Q(waived_at=None) | ~Q(waived_because=""), name="waiver_has_a_reason"
            ),
        ]


class LateStep(CompanyOwned):
    """A letter about an invoice that is late; without one when there is no email address."""

    class Kind(models.TextChoices):
        REMINDER = "reminder", "Reminder letter"
        SECOND = "second", "Second letter"
        LIEN = "lien", "Notice before lien"

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="late_steps")
    kind = models.CharField(max_length=8, choices=Kind)
    on = models.DateField()
    letter = models.ForeignKey(
        Letter, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_related_name = "late_steps"
        ordering = ("on", "id")
        constraints = [
            models.UniqueConstraint(fields=["invoice", "kind", "company"], name="late_step_once")
        ]
