"""The aging of a whole book: who owes how much, and since when."""

from carter.companies.money import money
from carter.printing import pages
from carter.printing.compiling import compiled
from carter.printing.documents import Aging
from carter.printing.logos import Logo
from carter.printing.pages import Block, Fact, Page, Row, column, day, fact, row


def aging_pdf(document: Aging, *, logo: Logo | None = None) -> bytes:
    """The aging at the end of a day, across the page. Raises CannotPrint."""
    return compiled(_aging(document), on=document["on"], logo=logo)


def _aging(document: Aging) -> Page:
    return pages.page(
        "Aging",
        "",
        document["letterhead"],
        party=("At the end of", {"name": day(document["on"]), "lines": [_how_many(document)]}),
        facts=_totals(document),
        blocks=[_customers(document)],
        is_wide=True,
    )


def _how_many(document: Aging) -> str:
    count = len(document["customers"]) + document["left_out"]
    return "1 customer" if count == 1 else f"{count:,} customers"


def _totals(document: Aging) -> list[Fact | None]:
    currency = document["letterhead"]["currency"]
    amounts = zip(document["columns"], document["totals_cents"], strict=True)
    return [
        *(fact(words, money(cents, currency)) for words, cents in amounts),
        fact("Total", money(sum(document["totals_cents"]), currency), strong=True),
    ]


def _customers(document: Aging) -> Block | None:
    columns = [
        column("Customer", wide=True),
        *(column(words, number=True) for words in document["columns"]),
        column("Total", number=True),
    ]
    currency = document["letterhead"]["currency"]
    rows = [
        _row((each["name"], each["number"]), each["amounts_cents"], currency)
        for each in document["customers"]
    ]
    if document["left_out"]:
        others = f"{document['left_out']:,} others who owe less"
        rows.append(_row(others, document["left_out_cents"], currency))
    return pages.table("", columns, rows)


def _row(name: str | tuple[str, str], amounts: list[int], currency: str) -> Row:
    shown = [money(cents, currency) if cents else "" for cents in amounts]
    return row(name, *shown, money(sum(amounts), currency))
