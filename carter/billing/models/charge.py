"""What is owed."""

from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef
from django.db.models.expressions import Combinable
from django.db.models.lookups import GreaterThanOrEqual, LessThanOrEqual

from carter.billing.models.posted import Posted, once_per_key
from carter.companies.tenancy import CompanyQuerySet
from carter.customers.following import FollowsCustomer


def _off_by() -> Combinable:
    """By how many thousandths of a cent a charge was rounded: half a cent at most."""
    net = F("amount_cents") - F("tax_cents")
    return net * 1000 - F("quantity_thousandths") * F("unit_price_cents")


class ChargeQuerySet(CompanyQuerySet["Charge"]):
    """Charges of a company, a customer or a job."""

    def standing(self) -> Self:
        """Neither taken back nor what takes another one back.

        Asked for by a join, SQLite would build an index over all charges for every question.
        """
        taken_back = Charge.across_companies.filter(counters=OuterRef("pk"))
        return self.filter(~Exists(taken_back), counters=None)

    def uninvoiced(self) -> Self:
        """Standing, and on no invoice, draft or issued, that stands."""
        return self.standing().exclude(invoice_lines__stands=True)


class Charge(Posted):
    """One amount owed, tax included. A negative one is a discount, or counters another charge.

    It is quantity × unit price, rounded half-even to the cent, and its tax. The quantity is kept
    in thousandths: 3.5 hours are 3500. What is typed finer than that is refused, never rounded.
    """

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
    quantity_thousandths = models.BigIntegerField(default=1000)
    unit_price_cents = models.BigIntegerField()
    tax_rate_millionths = models.PositiveIntegerField(default=0)
    tax_cents = models.BigIntegerField(default=0)
    amount_cents = models.BigIntegerField()
    counters = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="countered_by"
    )
    key = models.CharField(max_length=80, null=True, blank=True, editable=False)

    across_companies = ChargeQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        default_related_name = "charges"
        constraints = [
            once_per_key("charge"),
            models.CheckConstraint(
                condition=LessThanOrEqual(_off_by(), 500) & GreaterThanOrEqual(_off_by(), -500),
                name="charge_is_quantity_times_price",
            ),
        ]
        indexes = [models.Index(fields=["job", "on"], name="charge_by_job")]

    def __str__(self) -> str:
        return self.description or self.get_kind_display()

    @property
    def net_cents(self) -> int:
        """The amount without its tax."""
        return self.amount_cents - self.tax_cents

    @property
    def carrier(self) -> FollowsCustomer | None:
        """What counters a charge goes where the charge goes."""
        return self.counters or self.job
