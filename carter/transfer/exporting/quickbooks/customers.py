"""Customers for QuickBooks › Import data › Customers."""

from collections.abc import Iterator, Sequence
from typing import Any

from carter.companies.models import Company
from carter.transfer.exporting.customers import Details, first, pieces
from carter.transfer.exporting.quickbooks.names import Names
from carter.transfer.exporting.tables import Table, Value

LONGEST_COMPANY = 50
LONGEST_EMAIL = 100
LONGEST_PHONE = 21
COLUMNS = [
    "Name",
    "Company",
    "Email",
    "Phone",
    "Mobile",
    "Street",
    "City",
    "State",
    "ZIP",
    "Customer ID",
]


def customers_table(company: Company, names: Names) -> Table:
    """Current customers. What is owed comes with their invoices, so there is no opening balance."""
    return Table("customers", COLUMNS, _rows(company, names))


def _rows(company: Company, names: Names) -> Iterator[list[Value]]:
    for some in pieces(company.customers.current()):
        details = Details(some)
        for customer in some:
            customer.company = company
            phones = [_phone(str(each)) for each in details.phones[customer.pk]]
            email = str(first(details.emails[customer.pk]) or "")
            yield [
                names[customer.pk],
                customer.company_name[:LONGEST_COMPANY],
                email if len(email) <= LONGEST_EMAIL else "",
                *[*phones, "", ""][:2],
                *_place(details.addresses[customer.pk]),
                customer.code,
            ]


def _phone(text: str) -> str:
    """As it is written, or its digits alone where that is too long to be taken."""
    if len(text) <= LONGEST_PHONE:
        return text
    return "".join(each for each in text if each.isdigit())[:LONGEST_PHONE]


def _place(addresses: Sequence[Any]) -> list[Value]:
    address = first(addresses)
    if address is None:
        return [""] * 4
    return [address.street, address.city, address.state, address.postcode]
