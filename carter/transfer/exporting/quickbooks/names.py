"""What each customer is called in QuickBooks, where the name is the key."""

import re

from carter.companies.models import Company
from carter.customers.models import Customer
from carter.transfer.exporting.tables import Table, Value

LONGEST = 100
REFUSED = re.compile(r'[\t\r\n:"]+')
"""A tab, a new line, a colon or a quotation mark may not stand in a name there."""

Names = dict[int, str]
"""By the id of a customer."""


def names_of(company: Company) -> Names:
    """A name for every record of the company, each once; of two alike the older keeps it bare.

    Records that were merged have theirs too. So nobody is called otherwise after a merge, or
    after it is undone, and what was exported before still meets its customer.
    """
    names: Names = {}
    taken: set[str] = set()
    for pk, number, name in _records(company):
        code = f"{company.customer_prefix}{number}"
        plain = " ".join(REFUSED.sub(" ", name).split())[:LONGEST].strip() or code
        if plain.casefold() in taken:
            plain = f"{plain[: LONGEST - len(code) - 3]} ({code})"
        taken.add(plain.casefold())
        names[pk] = plain
    return names


def merged_table(company: Company, names: Names) -> Table:
    """Who was merged into whom, for QuickBooks to follow: there, one is renamed to the other."""
    columns = ["Name in QuickBooks", "Customer ID", "Merge into", "Customer ID of that"]
    records = company.customers.filter(head__isnull=False)
    rows = records.select_related("head").order_by("number")
    return Table("merged", columns, (_merged(company, each, names) for each in rows.iterator()))


def _merged(company: Company, record: Customer, names: Names) -> list[Value]:
    record.company = record.leads_to.company = company
    head = record.leads_to
    return [names[record.pk], record.code, names[head.pk], head.code]


def _records(company: Company) -> list[tuple[int, int, str]]:
    records = company.customers.order_by("number")
    return list(records.values_list("pk", "number", "name"))
