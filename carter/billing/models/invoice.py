"""Invoices, what is on them, and what was applied to them."""

from datetime import date, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from carter.billing.models.charge import Charge
from carter.billing.models.payment import PaymentPart
from carter.billing.models.posted import Posted, once_per_key
from carter.companies.models import Company, Member
from carter.companies.tenancy import CompanyQuerySet
from carter.customers.following import FollowsCustomer
from carter.customers.ties import Tied
from carter.jobs.models import Job

FOREVER = date.max
TERM_DAYS = {Company.Terms.ON_RECEIPT: 0, Company.Terms.NET_15: 15, Company.Terms.NET_30: 30}


class InvoiceQuerySet(CompanyQuerySet["Invoice"]):
    """Invoices of a company, a customer or a job."""

    def drafts(self) -> Self:
        return self.filter(number=None)

    def issued(self) -> Self:
        """Numbered, void ones included."""
        return self.exclude(number=None)

    def standing(self) -> Self:
        """Issued and not void."""
        return self.issued().filter(voided=None)

    def open(self) -> Self:
        """Something is still to be paid on them."""
        return self.filter(is_open=True)

    def open_on(self, on: date) -> Self:
        """Something was still to be paid on them at a day's end."""
        was_open = self.filter(issued_on__lte=on, settled_on__gt=on)
        return was_open.filter(settled_on__gt=F("issued_on"))  # As the index says it.

    def overdue(self, today: date) -> Self:
        return self.open().filter(due_on__lt=today)

    def with_status(self) -> Self:
        """Each with `applied_cents` and `is_void`, which its amounts and status then rest on."""
        return self.annotate(
            applied_cents=applied_to_invoices(), is_void=Exists(_voids_of_invoice())
        )


class Invoice(FollowsCustomer):
    """A document over charges: a draft until it is issued with a number, and fixed from then on.

    What it says is kept at issue, in `document`, for whoever prints it. It is of one job, or of
    several jobs or the account of one customer. Paid, partly paid, overdue and void are derived;
    `is_open` only caches that something is to be paid, so that the open ones are found quickly,
    and `settled_on` the day since which nothing is, so that those open on a past day are.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        OPEN = "open", "Open"
        PARTLY_PAID = "partly-paid", "Partly paid"
        PAID = "paid", "Paid"
        OVERDUE = "overdue", "Overdue"
        VOID = "void", "Void"

    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, blank=True)
    terms = models.CharField(max_length=12, choices=Company.Terms)
    purchase_order = models.CharField("Purchase order", max_length=60, blank=True)
    notes = models.TextField(max_length=2000, blank=True)
    bill_to = models.TextField(max_length=1000)
    by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    key = models.CharField(max_length=80, null=True, blank=True, editable=False)

    number = models.PositiveBigIntegerField(null=True, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    issued_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    issued_at = models.DateTimeField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    total_cents = models.BigIntegerField(null=True, blank=True)
    document = models.JSONField(null=True, blank=True, editable=False)
    is_open = models.BooleanField(default=False, editable=False)
    settled_on = models.DateField(default=FOREVER, db_default=FOREVER, editable=False)

    across_companies = InvoiceQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        default_related_name = "invoices"
        constraints = [
            once_per_key("invoice"),
            models.UniqueConstraint(
                fields=["company", "number"],
                condition=Q(number__isnull=False),
                name="invoice_number_once",
            ),
            models.CheckConstraint(
                condition=Q(number=None, document__isnull=True, is_open=False)
                | Q(
                    number__isnull=False,
                    issued_on__isnull=False,
                    due_on__gte=F("issued_on"),
                    total_cents__gte=0,
                    document__isnull=False,
                ),
                name="invoice_is_draft_or_complete",
            ),
        ]
        indexes = [
            models.Index(
                fields=["company", "due_on", "id"],
                condition=Q(is_open=True),
                name="invoice_open_by_due",
            ),
            # Covers the aging of the whole book on any day.
            models.Index(
                fields=[
                    *("company", "settled_on", "issued_on"),
                    *("due_on", "customer", "total_cents", "id"),
                ],
                condition=Q(settled_on__gt=F("issued_on")),
                name="invoice_open_for_days",
            ),
            models.Index(
                fields=["customer", "-issued_on", "-id", "settled_on"], name="invoice_by_customer"
            ),
            models.Index(fields=["company", "-issued_on", "-id"], name="invoice_newest"),
        ]

    def __str__(self) -> str:
        return f"Invoice {self.code}" if self.number else "Draft invoice"

    @property
    def code(self) -> str:
        """The number as it is shown: INV-204; empty for a draft."""
        return f"{self.company.invoice_prefix}{self.number}" if self.number else ""

    @property
    def carrier(self) -> FollowsCustomer | None:
        return self.job

    @property
    def is_draft(self) -> bool:
        return self.number is None

    @property
    def applied(self) -> int:
        """Cents of payments and credits applied to it."""
        known: int | None = getattr(self, "applied_cents", None)
        return known if known is not None else _total(self.allocations.all())

    @property
    def stands(self) -> bool:
        """Issued and not void."""
        known: bool | None = getattr(self, "is_void", None)
        void = known if known is not None else InvoiceVoid.across_companies.filter(invoice=self)
        return not self.is_draft and not (void if isinstance(void, bool) else void.exists())

    @property
    def open_cents(self) -> int:
        """What is still to be paid on it."""
        return (self.total_cents or 0) - self.applied if self.stands else 0

    @property
    def status(self) -> "Invoice.Status":
        """As of today; for a list, ask `with_status()` first."""
        if self.is_draft:
            return self.Status.DRAFT
        if not self.stands:
            return self.Status.VOID
        if self.open_cents == 0:
            return self.Status.PAID
        if self.due_on and self.due_on < self.company.today:
            return self.Status.OVERDUE
        return self.Status.PARTLY_PAID if self.applied else self.Status.OPEN

    def note_open(self) -> None:
        """Note, at issue, whether something is to be paid on it."""
        self.is_open = bool(self.total_cents)
        self.settled_on = FOREVER if self.is_open else self.issued_on or FOREVER

    def due_after(self, issued_on: date) -> date:
        """The day it is due by its terms when it is issued on a day."""
        return issued_on + timedelta(days=TERM_DAYS[Company.Terms(self.terms)])


class InvoiceLine(Tied):
    """A charge on an invoice. Voiding the invoice lets the charge go: the line stands no more."""

    tied_to = ("invoice",)

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="lines")
    charge = models.ForeignKey(Charge, on_delete=models.PROTECT, related_name="invoice_lines")
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, blank=True)
    position = models.PositiveIntegerField()
    stands = models.BooleanField(default=True)

    class Meta:
        default_related_name = "invoice_lines"
        constraints = [
            models.UniqueConstraint(
                fields=["charge", "company"],
                condition=Q(stands=True),
                name="charge_on_one_standing_invoice",
            ),
            models.UniqueConstraint(
                fields=["invoice", "position", "company"], name="line_position_once"
            ),
        ]

    @property
    def carrier(self) -> FollowsCustomer | None:
        return self.charge

    @classmethod
    def carried_by(cls, row: FollowsCustomer) -> Q | None:
        """A line goes with its charge. Where that leaves its invoice alone, `why_together`."""
        return None if isinstance(row, Invoice) else super().carried_by(row)

    @classmethod
    def binding(cls) -> QuerySet[Any]:
        """A void invoice lets its charges go, wherever they go."""
        return cls.across_companies.filter(stands=True)

    @property
    def why_together(self) -> str:
        if self.invoice.is_draft:
            return (
                "A draft invoice gathers its charges with others. Discard the draft first, or take"
                " them off it."
            )
        return (
            f"{self.invoice} gathers its charges with others. Void that invoice first; then bill"
            " each by itself."
        )


class InvoiceVoid(Posted):
    """Says that an invoice is void; its charges may be invoiced again."""

    invoice = models.OneToOneField(Invoice, on_delete=models.PROTECT, related_name="voided")
    reason = models.CharField(max_length=300)

    class Meta:
        default_related_name = "invoice_voids"

    @property
    def carrier(self) -> FollowsCustomer | None:
        return self.invoice


class Allocation(Posted, Tied):
    """So much of a payment or credit is applied to an invoice; less than zero takes it back."""

    tied_to = ("invoice",)

    part = models.ForeignKey(PaymentPart, on_delete=models.PROTECT, related_name="allocations")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="allocations")
    amount_cents = models.BigIntegerField()
    key = models.CharField(max_length=80, null=True, blank=True, editable=False)

    class Meta:
        default_related_name = "allocations"
        constraints = [
            once_per_key("allocation"),
            models.CheckConstraint(condition=~Q(amount_cents=0), name="allocation_is_not_nothing"),
        ]
        indexes = [
            models.Index(fields=["invoice", "on", "amount_cents"], name="allocation_of_invoice"),
            models.Index(fields=["company", "on", "invoice"], name="allocation_by_day"),
        ]

    @property
    def carrier(self) -> FollowsCustomer | None:
        return self.part

    @classmethod
    def carried_by(cls, row: FollowsCustomer) -> Q | None:
        """What was applied goes with the money. Where that tears it from its invoice: refused."""
        return None if isinstance(row, Invoice) else super().carried_by(row)

    @classmethod
    def binding(cls) -> QuerySet[Any]:
        """Only what is still applied: not what was taken off again."""
        same = cls.across_companies.filter(part=OuterRef("part"), invoice=OuterRef("invoice"))
        net = same.order_by().values("part").annotate(net=Sum("amount_cents")).values("net")
        return cls.across_companies.annotate(net_cents=Subquery(net)).exclude(net_cents=0)

    @property
    def why_together(self) -> str:
        return (
            f"A payment or credit was applied to {self.invoice}, and only one of the two would go"
            " elsewhere. Take it off that invoice first."
        )


def _total(rows: QuerySet[Any]) -> int:
    """Cents of all the rows together."""
    total: int = rows.aggregate(total=Coalesce(Sum("amount_cents"), 0))["total"]
    return total


def applied_to_invoices() -> Coalesce:
    """Cents applied to each invoice of a query."""
    applied = Allocation.across_companies.filter(invoice=OuterRef("pk")).order_by()
    summed = applied.values("invoice").annotate(total=Sum("amount_cents")).values("total")
    return Coalesce(Subquery(summed, output_field=BigIntegerField()), 0)


def _voids_of_invoice() -> QuerySet[InvoiceVoid]:
    return InvoiceVoid.across_companies.filter(invoice=OuterRef("pk"))
