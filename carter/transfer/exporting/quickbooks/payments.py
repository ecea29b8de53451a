"""Payments, and what went back. QuickBooks itself imports neither: add-ons do, or a person."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.db.models import Sum

from carter.billing.models import Payment
from carter.companies.models import Company
from carter.transfer.exporting.quickbooks.invoices import AT_ONCE, Days, within, written_day
from carter.transfer.exporting.quickbooks.names import Names
from carter.transfer.exporting.tables import Table, Value, amount

PAYMENT_COLUMNS = [
    "Payment No",
    "Customer",
    "Payment Date",
    "Payment Method",
    "Reference No",
    "Total Amount",
    "Apply to Invoice",
    "Applied Amount",
]
REFUND_COLUMNS = ["Kind", "Payment No", "Customer", "Date", "Method", "Reference No", "Amount"]

ByCustomer = dict[int, int]
"""Cents by the id of a customer."""


def payments_table(company: Company, names: Names, days: Days) -> Table:
    """A row for each invoice a payment is applied to, and one for what is applied to none.

    The rows of one number and customer are one payment of the total. Voided ones are left out.
    """
    payments = company.payments.filter(kind=Payment.Kind.PAYMENT, **within("on", days))
    standing = payments.exclude(taken_back_by__kind=Payment.Kind.VOID).order_by("on", "id")
    return Table("payments", PAYMENT_COLUMNS, _payments(company, standing, names))


def refunds_table(company: Company, names: Names, days: Days) -> Table:
    """Refunds, returned payments and chargebacks, with positive amounts."""
    kinds = (Payment.Kind.REFUND, Payment.Kind.RETURNED, Payment.Kind.CHARGEBACK)
    refunds = company.payments.filter(kind__in=kinds, **within("on", days)).order_by("on", "id")
    return Table("refunds", REFUND_COLUMNS, _refunds(company, refunds, names))


def _payments(company: Company, payments: Any, names: Names) -> Iterator[list[Value]]:
    for some in _pieces(payments):
        totals, applied = _totals(company, some), _applied(company, some)
        for payment in some:
            for customer_id, total in totals[payment.pk].items():
                head: list[Value] = [
                    f"R-{payment.pk}",
                    names[customer_id],
                    written_day(company, payment.on),
                    payment.get_method_display(),
                    payment.reference,
                    amount(total),
                ]
                left = total
                for invoice, cents in applied[payment.pk, customer_id]:
                    left -= cents
                    yield [*head, invoice, amount(cents)]
                if left:
                    yield [*head, "", amount(left)]


def _refunds(company: Company, refunds: Any, names: Names) -> Iterator[list[Value]]:
    for some in _pieces(refunds):
        totals = _totals(company, some)
        for refund in some:
            for customer_id, cents in totals[refund.pk].items():
                yield [
                    refund.get_kind_display(),
                    f"R-{refund.of_id}",
                    names[customer_id],
                    written_day(company, refund.on),
                    refund.get_method_display(),
                    refund.reference,
                    amount(-cents),
                ]


def _pieces(payments: Any) -> Iterator[list[Payment]]:
    rows = payments.iterator(chunk_size=AT_ONCE)
    while some := list(islice(rows, AT_ONCE)):
        yield some


def _totals(company: Company, payments: list[Payment]) -> dict[int, ByCustomer]:
    """What each payment brought each customer."""
    parts = company.payment_parts.filter(payment__in=payments).order_by()
    found: dict[int, ByCustomer] = defaultdict(dict)
    for row in parts.values("payment", "customer").annotate(cents=Sum("amount_cents")):
        if row["cents"]:
            found[row["payment"]][row["customer"]] = row["cents"]
    return found


def _applied(company: Company, payments: list[Payment]) -> dict[Any, list[tuple[str, int]]]:
    """By payment and customer: the invoices it is applied to, and how much of it."""
    rows = company.allocations.filter(part__payment__in=payments)
    sums = rows.values("part__payment", "customer", "invoice__number")
    found: dict[Any, list[tuple[str, int]]] = defaultdict(list)
    for row in sums.annotate(cents=Sum("amount_cents")).order_by("invoice__number"):
        if row["cents"]:
            code = f"{company.invoice_prefix}{row['invoice__number']}"
            found[row["part__payment"], row["customer"]].append((code, row["cents"]))
    return found
