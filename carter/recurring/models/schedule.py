"""The schedule that invoices a storage job."""

from datetime import date
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from carter.billing.models import Charge
from carter.companies.models import Company, Member
from carter.companies.tenancy import CompanyOwned, CompanyQuerySet
from carter.gateway.models import StoredMethod
from carter.storage.models import StorageJob


class RecurringInvoiceQuerySet(CompanyQuerySet["RecurringInvoice"]):
    """Recurring invoices of a company or a storage job."""

    def running(self) -> Self:
        """Something is still to be invoiced by them."""
        return self.exclude(next_bill_on=None)

    def due(self, day: date) -> Self:
        """A period is to be invoiced on a day, or was before it."""
        return self.filter(next_bill_on__lte=day)


class RecurringInvoice(CompanyOwned):
    """Invoices a storage job for period after period, until it ends.

    Billing months begin on `anchor_day`, in a shorter month on its last day; a period is so many
    of them. The first period may begin, and the last may end, within a month. Days are half-open:
    `ends_on` is the first day that is not billed. Who pays is whoever has the storage job.

    `next_starts_on` is the first day no period was made for; `next_bill_on` the day on which that
    period is to be invoiced, empty when none follows. Both only cache what the periods say. No
    invoice is dated before `bills_from_on`, when the schedule was set up or last changed.
    """

    class Cycle(models.IntegerChoices):
        MONTHLY = 1, "Every month"
        TWO_MONTHS = 2, "Every 2 months"
        QUARTERLY = 3, "Every 3 months"
        HALF_YEARLY = 6, "Every 6 months"
        YEARLY = 12, "Every 12 months"

    storage_job = models.ForeignKey(StorageJob, on_delete=models.PROTECT)
    months = models.PositiveSmallIntegerField("Cycle", choices=Cycle, default=Cycle.MONTHLY)
    anchor_day = models.PositiveSmallIntegerField(
        "Day of the month", default=1, validators=[MinValueValidator(1), MaxValueValidator(31)]
    )
    starts_on = models.DateField("First day")
    ends_on = models.DateField(null=True, blank=True)
    prorates_in = models.BooleanField("The first month by the day", default=True)
    prorates_out = models.BooleanField("The last month by the day", default=True)
    days_ahead = models.PositiveSmallIntegerField(
        "Invoice days ahead", default=0, validators=[MaxValueValidator(60)]
    )
    terms = models.CharField(max_length=12, choices=Company.Terms, default=Company.Terms.ON_RECEIPT)
    auto_pay = models.BooleanField("auto-pay", default=False)
    method = models.ForeignKey(
        StoredMethod,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name="Card or bank account",
    )
    is_mailed = models.BooleanField("Email each invoice to the customer", default=False)
    purchase_order = models.CharField("Purchase order", max_length=60, blank=True)
    notes = models.TextField("Notes on the invoices", max_length=2000, blank=True)
    next_starts_on = models.DateField(editable=False)
    next_bill_on = models.DateField(null=True, blank=True, editable=False)
    bills_from_on = models.DateField(editable=False)
    made_at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    across_companies = RecurringInvoiceQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        default_related_name = "recurring_invoices"
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(
                fields=["storage_job", "company"],
                condition=Q(ends_on=None),
                name="one_running_schedule_per_storage_job",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="schedule_ends_not_before_start",
            ),
            models.CheckConstraint(
                condition=Q(auto_pay=False) | Q(method__isnull=False),
                name="auto_pay_has_a_method",
            ),
            models.CheckConstraint(
                condition=Q(anchor_day__range=(1, 31), months__in=(1, 2, 3, 6, 12)),
                name="schedule_has_a_cycle",
            ),
        ]
        indexes = [
            models.Index(
                fields=["company", "next_bill_on", "id"],
                condition=Q(next_bill_on__isnull=False),
                name="schedule_due",
            )
        ]

    def __str__(self) -> str:
        return f"Recurring Invoice of {self.storage_job}"

    def get_absolute_url(self) -> str:
        return self.storage_job.get_absolute_url()

    @property
    def is_running(self) -> bool:
        """Whether something is still to be invoiced by it."""
        return self.next_bill_on is not None


class RecurringLine(CompanyOwned):
    """What is charged for a month: a quantity, in thousandths, at a price of one in cents."""

    schedule = models.ForeignKey(RecurringInvoice, on_delete=models.PROTECT, related_name="lines")
    kind = models.CharField(max_length=12, choices=Charge.Kind, default=Charge.Kind.STORAGE)
    description = models.CharField(max_length=200, blank=True)
    quantity_thousandths = models.BigIntegerField(default=1000)
    unit_price_cents = models.BigIntegerField()
    is_taxed = models.BooleanField(default=False)
    position = models.PositiveIntegerField()

    class Meta:
        default_related_name = "recurring_lines"
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(
                fields=["schedule", "position", "company"], name="schedule_position_once"
            )
        ]

    def __str__(self) -> str:
        return self.description or self.get_kind_display()


class PriceChange(CompanyOwned):
    """From a day on a line costs something else. One of a day not invoiced yet may be deleted."""

    line = models.ForeignKey(RecurringLine, on_delete=models.PROTECT, related_name="changes")
    from_on = models.DateField()
    quantity_thousandths = models.BigIntegerField(default=1000)
    unit_price_cents = models.BigIntegerField()
    by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_related_name = "price_changes"
        ordering = ("from_on", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["line", "from_on", "company"], name="price_changes_once_a_day"
            )
        ]


class Pause(CompanyOwned):
    """Days that are not billed, from one until (not on) another; until further notice if empty."""

    schedule = models.ForeignKey(RecurringInvoice, on_delete=models.PROTECT, related_name="pauses")
    from_on = models.DateField("From")
    until_on = models.DateField("Until", null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_related_name = "pauses"
        ordering = ("from_on", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gt=F("from_on")),
                name="pause_ends_after_start",
            )
        ]
