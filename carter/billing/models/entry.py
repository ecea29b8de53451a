"""The ledger."""

from django.db import models
from django.db.models import Q

from carter.billing.models.charge import Charge
from carter.billing.models.payment import PaymentPart
from carter.billing.models.posted import Posted
from carter.customers.following import FollowsCustomer


class Entry(Posted):
    """One posting of the ledger. The Account Balance is the sum of a customer's entries.

    `amount_cents` is positive for what the customer owes, negative for what was paid.
    Each entry mirrors exactly one document: a charge, or a part of a payment or credit.
    """

    charge = models.OneToOneField(Charge, on_delete=models.PROTECT, null=True, blank=True)
    part = models.OneToOneField(PaymentPart, on_delete=models.PROTECT, null=True, blank=True)
    amount_cents = models.BigIntegerField()

    class Meta:
        default_related_name = "entries"
        constraints = [
            models.CheckConstraint(
                condition=Q(charge__isnull=False, part=None) | Q(charge=None, part__isnull=False),
                name="entry_has_one_document",
            )
        ]
        indexes = [
            # Covers the balance, the balance before any day, and a statement in its order.
            models.Index(
                fields=["company", "customer", "on", "id", "amount_cents"], name="entry_statement"
            ),
            models.Index(fields=["company", "on", "customer", "amount_cents"], name="entry_by_day"),
            models.Index(fields=["job", "amount_cents"], name="entry_job_balance"),
        ]

    @property
    def carrier(self) -> FollowsCustomer | None:
        return self.charge or self.part

    @classmethod
    def carried_by(cls, row: FollowsCustomer) -> Q | None:
        """Entries go with their documents, and so with what those hang on."""
        if isinstance(row, Charge):
            return Q(charge=row) | Q(charge__counters=row)
        if isinstance(row, PaymentPart):
            return Q(part=row) | Q(part__takes_from=row)
        return super().carried_by(row)
