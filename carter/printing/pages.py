"""A page as the layout takes it: ready-made words in blocks, whatever the document is."""

import re
import unicodedata
from datetime import date
from decimal import Decimal
from typing import Any, Literal, TypedDict

from carter.companies.money import money, percent
from carter.printing.documents import JobDone, Letterhead, Line, Party, Tax

LETTER_COUNTRIES = ("US", "CA")
LONGEST_WORD = 32


class Fact(TypedDict):
    """A label and its value; the strong one is what people look for."""

    label: str
    value: str
    strong: bool


class Column(TypedDict):
    """A column of a table; the wide ones share the room that is left."""

    name: str
    number: bool
    wide: bool


class Piece(TypedDict):
    """What stands in one cell, with smaller words below."""

    text: str
    small: str


class Row(TypedDict):
    """One row, or the heading of the rows below it when `group` is given."""

    group: str
    cells: list[Piece]


class Block(TypedDict, total=False):
    """A part of the page, below the one before."""

    kind: Literal["table", "totals", "text", "link"]
    title: str
    text: str
    columns: list[Column]
    rows: list[Row] | list[Fact]


class Page(TypedDict):
    """Everything that the layout prints."""

    title: str
    name: str
    number: str
    paper: str
    is_wide: bool
    """Whether it is printed across."""
    head: dict[str, Any]
    party: dict[str, Any]
    facts: list[Fact]
    blocks: list[Block]


def page(
    name: str,
    number: str,
    head: Letterhead,
    *,
    party: tuple[str, Party],
    facts: list[Fact | None],
    blocks: list[Block | None],
    is_wide: bool = False,
) -> Page:
    """The page of a document; facts and blocks that there are not are left out."""
    label, who = party
    return {
        "title": clean(f"{name} {number}".strip()),
        "name": name,
        "number": clean(number),
        "paper": "us-letter" if head["country"] in LETTER_COUNTRIES else "a4",
        "is_wide": is_wide,
        "head": {
            "name": clean(head["name"]),
            "lines": [clean(line) for line in _reached_by(head) if line],
            "footer": clean(head["footer"]),
        },
        "party": {
            "label": label,
            "name": clean(who["name"]),
            "lines": [clean(line) for line in who["lines"] if line],
        },
        "facts": [fact for fact in facts if fact],
        "blocks": [block for block in blocks if block],
    }


def fact(label: str, value: str | None, *, strong: bool = False) -> Fact | None:
    return {"label": label, "value": clean(value), "strong": strong} if value else None


def totals(*facts: Fact | None) -> Block:
    return {"kind": "totals", "rows": [each for each in facts if each]}


def words(title: str, text: str) -> Block | None:
    return {"kind": "text", "title": title, "text": clean(text)} if text.strip() else None


def link(title: str, address: str) -> Block | None:
    return {"kind": "link", "title": title, "text": clean(address)} if address else None


def table(title: str, columns: list[Column], rows: list[Row]) -> Block | None:
    return {"kind": "table", "title": title, "columns": columns, "rows": rows} if rows else None


def column(name: str, *, number: bool = False, wide: bool = False) -> Column:
    return {"name": name, "number": number, "wide": wide}


def row(*cells: str | tuple[str, str]) -> Row:
    """A row of texts; a pair is a text and the smaller words below it."""
    pairs = [(cell, "") if isinstance(cell, str) else cell for cell in cells]
    return {"group": "", "cells": [{"text": clean(a), "small": clean(b)} for a, b in pairs]}


def group(heading: str) -> Row:
    return {"group": clean(heading), "cells": []}


def jobs_table(jobs: list[JobDone]) -> Block | None:
    """The jobs a document is about."""
    dated = any(job["on"] for job in jobs)
    columns = [column("Job"), *([column("Date")] if dated else []), column("Move", wide=True)]
    rows = [
        row(
            job["code"],
            *([day(job["on"])] if dated else []),
            (job["route"] or job["what"], job["what"] if job["route"] else ""),
        )
        for job in jobs
    ]
    return table("", columns, rows)


def lines_table(lines: list[Line], currency: str) -> Block | None:
    """The charges, under the number of their job when there are several jobs."""
    columns = [
        column("Description", wide=True),
        column("Quantity", number=True),
        column("Price", number=True),
        column("Amount", number=True),
    ]
    several = len({line["job"] for line in lines}) > 1
    rows: list[Row] = []
    for before, line in zip([None, *lines], lines, strict=False):
        if several and (before is None or before["job"] != line["job"]):
            rows.append(group(f"Job {line['job']}" if line["job"] else "On account"))
        rows.append(
            row(
                (line["words"], line["details"]),
                quantity(line["quantity_thousandths"]),
                money(line["unit_price_cents"], currency),
                money(line["amount_cents"], currency),
            )
        )
    return table("", columns, rows)


def sums(lines: list[Line], taxes: list[Tax], currency: str) -> list[Fact | None]:
    """What the lines come to, and the taxes on them; nothing when there is no tax to add."""
    if not taxes:
        return []
    net = sum(line["amount_cents"] for line in lines)
    return [
        fact("Subtotal", money(net, currency)),
        *(
            fact(
                f"{tax['words']} {percent(tax['rate_millionths'])}",
                money(tax["amount_cents"], currency),
            )
            for tax in taxes
        ),
    ]


def day(iso: str | None) -> str:
    """A day as on screen: Dec 4, 2026."""
    if not iso:
        return ""
    value = date.fromisoformat(iso)
    return f"{value:%b} {value.day}, {value.year}"


def quantity(thousandths: int) -> str:
    """2500 as 2.5."""
    return f"{Decimal(thousandths).scaleb(-3).normalize():,f}"


def clean(text: str) -> str:
    """The text without what no printer prints, and with places to break very long words."""
    kept = "".join(
        each if each == "\n" or unicodedata.category(each) != "Cc" else " "
        for each in text.replace("\r\n", "\n")
    )
    return re.sub(rf"\S{{{LONGEST_WORD}}}(?=\S)", "\\g<0>\u200b", kept)


def _reached_by(head: Letterhead) -> list[str]:
    reached = " · ".join(filter(None, (head["phone"], head["email"])))
    tax_number = head["tax_number"] and f"Tax number {head['tax_number']}"
    return [*head["address"], reached, head["website"], tax_number]
