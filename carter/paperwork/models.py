"""Papers as they were first printed, and the links under which customers see them."""

import secrets
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from carter.billing.models import Invoice, Payment
from carter.companies.models import Member
from carter.companies.tenancy import CompanyOwned
from carter.outbox.models import Letter


def new_token() -> str:
    """160 random bits: nobody guesses the address of somebody else's invoice."""
    return secrets.token_urlsafe(20)


class Paper(CompanyOwned):
    """The PDF of an issued invoice or a credit note, kept as it was first printed.

    What a company changes about its paper later, or a newer printer would do, changes no paper
    that is out already. `sha256` is that of the PDF, in hexadecimal digits.
    """

    invoice = models.OneToOneField(
        Invoice, on_delete=models.PROTECT, null=True, blank=True, related_name="paper"
    )
    credit_note = models.OneToOneField(
        Payment, on_delete=models.PROTECT, null=True, blank=True, related_name="paper"
    )
    pdf = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_related_name = "papers"
        constraints = [
            models.CheckConstraint(
                condition=Q(invoice__isnull=False, credit_note=None)
                | Q(invoice=None, credit_note__isnull=False),
                name="paper_of_one_document",
            )
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("A paper that is out stays as it is.")
        super().save(*args, **kwargs)


class InvoiceLink(CompanyOwned):
    """The address under which whoever has it sees an invoice, until it is revoked.

    The token is kept as it is: it opens one invoice, which whoever reads the database sees anyway,
    and the office wants to read it out or send it again.
    """

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="links")
    token = models.CharField(max_length=40, default=new_token)
    by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_related_name = "invoice_links"
        constraints = [
            models.UniqueConstraint(
                fields=["invoice", "company"],
                condition=Q(revoked_at=None),
                name="one_live_link_per_invoice",
            ),
            models.UniqueConstraint(fields=["token", "company"], name="invoice_link_token_once"),
        ]


class SentInvoice(CompanyOwned):
    """An invoice went out with a letter; how the letter fares is the outbox's to know."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="sendings")
    letter = models.OneToOneField(Letter, on_delete=models.PROTECT, related_name="invoice_sent")

    class Meta:
        default_related_name = "sent_invoices"
