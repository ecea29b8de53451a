"""Statements: what a customer owes and how it came about."""

from carter.companies.money import money
from carter.printing import pages
from carter.printing.compiling import compiled
from carter.printing.documents import Statement
from carter.printing.logos import Logo
from carter.printing.pages import Block, Page, Row, column, day, fact, row

NAMES = {
    "activity": "Statement of activity",
    "balance-forward": "Statement",
    "open-item": "Statement of open invoices",
}


def statement_pdf(document: Statement, *, logo: Logo | None = None) -> bytes:
    """A statement of any of the three kinds. Raises CannotPrint."""
    return compiled(_statement(document), on=document["ends_on"], logo=logo)


def _statement(document: Statement) -> Page:
    head = document["letterhead"]
    closing = money(document["closing_cents"], head["currency"])
    return pages.page(
        NAMES[document["kind"]],
        "",
        head,
        party=("For", document["customer"]),
        facts=[
            fact("Customer", document["customer_number"]),
            fact("From", day(document["begins_on"])),
            fact("To" if document["begins_on"] else "As of", day(document["ends_on"])),
            fact("Balance", closing, strong=True),
        ],
        blocks=[
            *(_open_items(document) if document["kind"] == "open-item" else _entries(document)),
            pages.totals(fact("Balance", closing, strong=True)),
            _aging(document),
            pages.words("Notes", document["notes"]),
            pages.link("See it online", document["pay_link"]),
        ],
    )


def _entries(document: Statement) -> list[Block | None]:
    currency = document["letterhead"]["currency"]
    columns = [
        column("Date"),
        column("Description", wide=True),
        column("Amount", number=True),
        column("Balance", number=True),
    ]
    opening = row(
        day(document["begins_on"]),
        "Opening balance",
        "",
        money(document["opening_cents"], currency),
    )
    rows = [
        row(
            day(entry["on"]),
            (entry["words"], entry["document"]),
            money(entry["amount_cents"], currency),
            money(entry["balance_cents"], currency),
        )
        for entry in document["entries"]
    ]
    return [pages.table("", columns, [opening, *rows])]


def _open_items(document: Statement) -> list[Block | None]:
    currency = document["letterhead"]["currency"]
    columns = [
        column("Invoice", wide=True),
        column("Date"),
        column("Due"),
        column("Total", number=True),
        column("Open", number=True),
    ]
    rows = [
        row(
            item["number"],
            day(item["issued_on"]),
            day(item["due_on"]),
            money(item["total_cents"], currency),
            money(item["open_cents"], currency),
        )
        for item in document["open_items"]
    ]
    others: list[Row] = [
        row(other["words"], "", "", "", money(other["amount_cents"], currency))
        for other in document["others"]
    ]
    return [pages.table("", columns, rows + others)]


def _aging(document: Statement) -> Block | None:
    currency = document["letterhead"]["currency"]
    ages = document["aging"]
    columns = [column(each["words"], number=True, wide=True) for each in ages]
    amounts = row(*(money(each["amount_cents"], currency) for each in ages))
    return pages.table("How long it has been owed", columns, [amounts] if ages else [])
