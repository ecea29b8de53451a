"""What was paid or given, and what of it was taken back."""

from functools import cached_property
from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import BigIntegerField, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from carter.billing.models.posted import Kept, Posted, once_per_key
from carter.companies.tenancy import CompanyQuerySet
from carter.customers.following import FollowsCustomer


class PaymentQuerySet(CompanyQuerySet["Payment"]):
    """Payments and credits of a company."""

    def of_money(self) -> Self:
        """Money that came in or went out, not credits."""
        return self.filter(kind__in=Payment.OF_MONEY)

    def given(self) -> Self:
        """Payments and credits themselves, not what takes them back."""
        return self.filter(of=None)


class Payment(Kept):
    """One receipt of money, or one credit; or what takes one of them back: a row of its own.

    Its parts say for which jobs it is. `amount_cents` is their sum: more than zero for what speaks
    for the customer, less for a refund, a returned check, a chargeback and a void.
    """

    class Kind(models.TextChoices):
        PAYMENT = "payment", "Payment"
        CREDIT = "credit", "Credit"
        CREDIT_NOTE = "credit-note", "Credit note"
        REFUND = "refund", "Refund"
        RETURNED = "returned", "Returned payment"
        CHARGEBACK = "chargeback", "Chargeback"
        VOID = "void", "Void"
        CREDIT_VOID = "credit-void", "Credit taken back"

    class Method(models.TextChoices):
        CASH = "cash", "Cash"
        CHECK = "check", "Check"
        CARD = "card", "Card"
        ACH = "ach", "ACH"
        OTHER = "other", "Other"

    OF_MONEY = (Kind.PAYMENT, Kind.REFUND, Kind.RETURNED, Kind.CHARGEBACK, Kind.VOID)
    GIVEN = (Kind.PAYMENT, Kind.CREDIT, Kind.CREDIT_NOTE)

    kind = models.CharField(max_length=12, choices=Kind, default=Kind.PAYMENT)
    of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="taken_back_by"
    )
    method = models.CharField(max_length=10, choices=Method, blank=True)
    reference = models.CharField(max_length=100, blank=True)
    description = models.CharField(max_length=300, blank=True)
    amount_cents = models.BigIntegerField()
    key = models.CharField(max_length=80, null=True, blank=True, editable=False)
    gateway_reference = models.CharField(max_length=200, null=True, blank=True, editable=False)

    number = models.PositiveBigIntegerField(null=True, blank=True)
    invoice = models.ForeignKey(
        "billing.Invoice", on_delete=models.PROTECT, null=True, blank=True, related_name="credited"
    )
    document = models.JSONField(null=True, blank=True, editable=False)

    across_companies = PaymentQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        default_related_name = "payments"
        constraints = [
            once_per_key("payment"),
            models.UniqueConstraint(
                fields=["company", "gateway_reference"],
                condition=Q(gateway_reference__isnull=False),
                name="payment_once_per_gateway_reference",
            ),
            models.UniqueConstraint(
                fields=["company", "number"],
                condition=Q(number__isnull=False),
                name="credit_note_number_once",
            ),
            models.CheckConstraint(
                condition=Q(of=None, amount_cents__gt=0) | Q(of__isnull=False, amount_cents__lt=0),
                name="payment_is_positive",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind="credit-note",
                    number__isnull=False,
                    invoice__isnull=False,
                    document__isnull=False,
                )
                | (~Q(kind="credit-note") & Q(number=None, invoice=None, document__isnull=True)),
                name="credit_note_has_number_and_invoice",
            ),
        ]
        indexes = [
            # Covers a day's closing and the money of many weeks.
            models.Index(
                fields=["company", "on", "kind", "method", "amount_cents"], name="payment_by_day"
            )
        ]

    def __str__(self) -> str:
        return self.code or self.get_kind_display()

    @property
    def code(self) -> str:
        """The number of a credit note as it is shown: CN-12; empty for anything else."""
        return f"{self.company.credit_note_prefix}{self.number}" if self.number else ""

    @property
    def is_credit(self) -> bool:
        return self.kind in (self.Kind.CREDIT, self.Kind.CREDIT_NOTE)


class PaymentPartQuerySet(CompanyQuerySet["PaymentPart"]):
    """Parts of payments and credits."""

    def with_unapplied(self) -> Self:
        """Each with `unapplied_cents`: neither given back or away, nor applied to an invoice."""
        return self.annotate(
            unapplied_cents=F("amount_cents")
            + _summed(PaymentPart, "takes_from")
            - _summed(apps.get_model("billing", "Allocation"), "part")
        )

    def unapplied(self) -> Self:
        """Parts of which something is left."""
        left = self.filter(takes_from=None, is_spent=False)
        return left.with_unapplied().filter(unapplied_cents__gt=0)


class PaymentPart(Posted):
    """What of a payment is for one job, or on account. It goes where the job goes.

    A negative part takes from another one: it gives money back, or gives it to another job.
    `is_spent` only caches that nothing is left, so that what is left is found quickly.
    """

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="parts")
    amount_cents = models.BigIntegerField()
    takes_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="taken_by"
    )
    is_spent = models.BooleanField(default=False, editable=False)

    across_companies = PaymentPartQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        default_related_name = "payment_parts"
        verbose_name = "payment"
        constraints = [
            models.CheckConstraint(
                condition=Q(takes_from=None, amount_cents__gt=0)
                | Q(takes_from__isnull=False, amount_cents__lt=0),
                name="negative_part_takes_from_another",
            )
        ]
        indexes = [
            models.Index(fields=["customer", "-on", "-id"], name="part_by_customer"),
            models.Index(
                fields=["company", "on", "id"],
                condition=Q(is_spent=False, takes_from=None),
                name="part_unapplied",
            ),
        ]

    @cached_property
    def unapplied_cents(self) -> int:
        """What is neither given back or away, nor applied to an invoice."""
        return type(self).across_companies.filter(pk=self.pk).with_unapplied().get().unapplied_cents

    @property
    def carrier(self) -> FollowsCustomer | None:
        """What takes from a part goes where the part goes."""
        return self.takes_from or self.job


def _summed(model: type[Any], column: str) -> Coalesce:
    rows = model.across_companies.filter(**{column: OuterRef("pk")}).order_by().values(column)
    total = rows.annotate(total=Sum("amount_cents")).values("total")
    return Coalesce(Subquery(total, output_field=BigIntegerField()), 0)
