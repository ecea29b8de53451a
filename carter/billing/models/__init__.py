"""The account: what is owed and what was paid, in integer cents of the company's currency."""

from carter.billing.models.charge import Charge
from carter.billing.models.entry import Entry
from carter.billing.models.invoice import Allocation, Invoice, InvoiceLine, InvoiceVoid
from carter.billing.models.moved import MovedRow
from carter.billing.models.owed import MonthTotal, Owed
from carter.billing.models.paper_due import PaperDue
from carter.billing.models.payment import Payment, PaymentPart
from carter.billing.models.posted import LedgerIsAppendOnly

__all__ = [
    "Allocation",
    "Charge",
    "Entry",
    "Invoice",
    "InvoiceLine",
    "InvoiceVoid",
    "LedgerIsAppendOnly",
    "MonthTotal",
    "MovedRow",
    "Owed",
    "PaperDue",
    "Payment",
    "PaymentPart",
]
