"""The aging of a company's book as the printer takes it."""

from collections.abc import Sequence
from datetime import date

from carter.billing.aging import LABELS, Aged, aging
from carter.companies.models import Company
from carter.printing import documents
from carter.printing.aging import aging_pdf
from carter.printing.letterheads import letterhead_of, logo_of

REST = "Not invoiced or applied"
MOST_CUSTOMERS = 1_000
"""Nobody reads more on paper; the others are one line there, and rows of their own in the CSV."""


def aging_as_pdf(company: Company, on: date) -> bytes:
    """The aging at the end of a day, those who owe most first. Raises CannotPrint."""
    return aging_pdf(aging_paper(company, on), logo=logo_of(company))


def aging_paper(company: Company, on: date) -> documents.Aging:
    found = aging(company, on, slice(0, MOST_CUSTOMERS))
    shown, totals = found.rows, [*found.late_cents, found.rest_cents]
    of_shown = map(sum, zip([0] * len(totals), *map(_amounts, shown), strict=True))
    return {
        "letterhead": letterhead_of(company),
        "on": str(on),
        "columns": [*LABELS, REST],
        "customers": _customers(company, shown),
        "left_out": found.count - len(shown),
        "left_out_cents": [one - other for one, other in zip(totals, of_shown, strict=True)],
        "totals_cents": totals,
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
