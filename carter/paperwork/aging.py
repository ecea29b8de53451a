"""The aging of a company's book as the printer takes it."""

from collections.abc import Sequence

from carter.billing.aging import LABELS, Aged, Aging
from carter.companies.models import Company
from carter.printing import documents
from carter.printing.aging import aging_pdf
from carter.printing.letterheads import letterhead_of, logo_of

REST = "Not invoiced or applied"
MOST_CUSTOMERS = 1_000
"""Nobody reads more on paper; the others are one line there, and rows of their own in the CSV."""


def aging_as_pdf(company: Company, aging: Aging) -> bytes:
    """The aging, those who owe most first. Raises CannotPrint."""
    return aging_pdf(aging_paper(company, aging), logo=logo_of(company))


def aging_paper(company: Company, aging: Aging) -> documents.Aging:
    shown, others = aging.rows[:MOST_CUSTOMERS], aging.rows[MOST_CUSTOMERS:]
    return {
        "letterhead": letterhead_of(company),
        "on": str(aging.on),
        "columns": [*LABELS, REST],
        "customers": _customers(company, shown),
        "left_out": len(others),
        "left_out_cents": [sum(cents) for cents in zip(*map(_amounts, others), strict=True)],
        "totals_cents": [*aging.late_cents, aging.rest_cents],
    }


def _customers(company: Company, rows: Sequence[Aged]) -> list[documents.AgedCustomer]:
    found = company.customers.in_bulk([row.customer_id for row in rows])
    customers = []
    for row in rows:
        customer = found[row.customer_id]
        customer.company = company
        customers.append(
            documents.AgedCustomer(
                name=customer.name, number=customer.code, amounts_cents=_amounts(row)
            )
        )
    return customers


def _amounts(row: Aged) -> list[int]:
    return [*row.late_cents, row.rest_cents]
