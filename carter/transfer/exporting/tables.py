"""A table on its way out: column names, and rows of values."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

Value = str | int | Decimal | date | datetime | None
"""Text is held down when written; an amount is a Decimal, so that it stays a number."""


@dataclass(frozen=True)
class Table:
    """What is exported; `name` is the beginning of the file's name."""

    name: str
    columns: list[str]
    rows: Iterator[list[Value]]


def amount(cents: int) -> Decimal:
    """Cents as the amount a person reads."""
    return Decimal(cents).scaleb(-2)
