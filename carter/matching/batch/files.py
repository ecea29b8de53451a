"""Files of customers: a CSV with one line of column names and one row a customer.

The columns are customer_id, name, company_name, category (residential or commercial), phone,
email and address (on one line), in any order and among others.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain
from pathlib import Path

from carter.matching.record import Record

COLUMNS = ("customer_id", "name", "company_name", "category", "phone", "email", "address")
COMMERCIAL = "commercial"
DELIMITERS = ",;\t"
LONGEST_ID = 200
LONGEST_CELL = 2_000  # More than any field of a customer is read of; the rest is cut off.
LONGEST_TEXT = 32 * 2**20  # A cell this long is a quotation mark that nobody closed.

Row = tuple[str, ...]
"""The cells of a customer after the first column, in the order of COLUMNS."""


class CannotRead(Exception):
    """The file is not a table of customers; the words say where and why."""


def read_rows(path: Path) -> Iterator[tuple[str, Row]]:
    """Each customer's id and the other cells, as typed. Raises CannotRead."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            yield from _rows(file, path.name)
    except OSError as trouble:
        raise CannotRead(f"{path} cannot be read: {trouble.strerror}.") from trouble
    except UnicodeDecodeError as trouble:
        raise CannotRead(
            f"{path.name} is not a CSV file in UTF-8. Save it as “CSV UTF-8” and try again."
        ) from trouble


def record_of(row: Row, country: str) -> Record:
    """What is compared of a customer."""
    name, company_name, category, phone, email, address = row
    return Record.typed(
        names=[name],
        companies=[company_name],
        phones=[phone],
        emails=[email],
        addresses=[address],
        commercial=category.strip().casefold() == COMMERCIAL,
        country=country,
    )


def _rows(file: io.TextIOWrapper, name: str) -> Iterator[tuple[str, Row]]:
    csv.field_size_limit(LONGEST_TEXT)
    places: list[int] = []
    seen: dict[str, int] = {}
    for line, cells in _lines(file, name):
        if not places:
            places = _places(cells, name)
            width = len(cells)
            continue
        _refuse_extra(cells, width, line)
        customer_id, *row = _in_order(cells, places)
        _refuse_id(customer_id, line, seen)
        seen[customer_id] = line
        yield customer_id, tuple(row)
    if not places:
        raise CannotRead(f"{name} is empty: it needs a first line with {', '.join(COLUMNS)}.")


def _lines(file: io.TextIOWrapper, name: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not blank, each with the number of the line on which it starts."""
    first = file.readline(LONGEST_TEXT)
    rest = iter(partial(file.readline, LONGEST_TEXT), "")
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(chain([first], rest), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            if any(map(str.strip, cells)):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as trouble:
        raise CannotRead(
            f"{name} cannot be read from line {line} on: is a quotation mark missing there, "
            "or one too many?"
        ) from trouble


def _places(header: Sequence[str], name: str) -> list[int]:
    """Where the columns stand."""
    titles = [title.strip().casefold() for title in header]
    missing = [column for column in COLUMNS if column not in titles]
    if missing:
        raise CannotRead(f"{name} lacks {_listed(missing)}. Its columns are {_listed(header)}.")
    if twice := [column for column in COLUMNS if titles.count(column) > 1]:
        raise CannotRead(f"{name} has the column {_listed(twice)} more than once.")
    return [titles.index(column) for column in COLUMNS]


def _listed(words: Sequence[str]) -> str:
    shown = [word.strip()[:40] or "one without a name" for word in words[:12]]
    return ", ".join([*shown, "…"] if len(words) > len(shown) else shown)


def _refuse_extra(cells: Sequence[str], width: int, line: int) -> None:
    if any(map(str.strip, cells[width:])):
        raise CannotRead(
            f"Line {line} has {len(cells)} cells, but there are {width} columns: "
            "a cell with a comma needs quotation marks."
        )


def _in_order(cells: Sequence[str], places: Sequence[int]) -> list[str]:
    return [cells[place][:LONGEST_CELL] if place < len(cells) else "" for place in places]


def _refuse_id(customer_id: str, line: int, seen: dict[str, int]) -> None:
    if not customer_id.strip():
        raise CannotRead(f"Line {line} has no customer_id.")
    if len(customer_id) > LONGEST_ID:
        raise CannotRead(f"The customer_id on line {line} is longer than {LONGEST_ID} characters.")
    if customer_id in seen:
        raise CannotRead(
            f"Line {line} has the customer_id {customer_id} of line {seen[customer_id]} again."
        )
