"""What is still to be printed."""

from datetime import datetime
from typing import Any, Self, cast

from django.db import models
from django.db.models import Q
from django.utils import timezone

from carter.billing.models.invoice import Invoice
from carter.billing.models.payment import Payment
from carter.companies.tenancy import CompanyOwned, CompanyQuerySet


class PaperDueQuerySet(CompanyQuerySet["PaperDue"]):
    """Documents of a company that are to be printed."""

    def ready(self, now: datetime) -> Self:
        """Nobody is printing them, and none failed just now."""
        return self.filter(due_at__lte=now)

    def troubled(self) -> Self:
        """They could not be printed, the last time it was tried."""
        return self.exclude(trouble="")


class PaperDue(CompanyOwned):
    """A document that was issued and whose PDF is not kept yet: it is printed by itself, soon.

    It is written in the transaction that issues the document and gone in the one that keeps the
    PDF. So what is to be printed is known without a look through the invoices, and a document that
    Carter did not issue is printed only when somebody asks. `due_at` is when whoever prints may
    take it next; nothing: it failed so often that a person has to look.
    """

    invoice = models.OneToOneField(
        Invoice, on_delete=models.PROTECT, null=True, blank=True, related_name="paper_due"
    )
    credit_note = models.OneToOneField(
        Payment, on_delete=models.PROTECT, null=True, blank=True, related_name="paper_due"
    )
    due_at = models.DateTimeField(null=True, default=timezone.now)
    tries = models.PositiveSmallIntegerField(default=0)
    trouble = models.CharField(max_length=300, blank=True)

    across_companies = PaperDueQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        default_related_name = "papers_due"
        constraints = [
            models.CheckConstraint(
                condition=Q(invoice__isnull=False, credit_note=None)
                | Q(invoice=None, credit_note__isnull=False),
                name="paper_due_of_one_document",
            )
        ]
        indexes = [
            models.Index(
                fields=["company", "id"], condition=Q(due_at__isnull=False), name="paper_due_oldest"
            )
        ]

    def __str__(self) -> str:
        return str(self.invoice or f"Credit note {self.credit_note}")

    @property
    def document(self) -> Invoice | Payment:
        found: Any = self.invoice or self.credit_note
        return cast(Invoice | Payment, found)
