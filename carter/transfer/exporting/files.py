"""The two kinds of file: CSV, row by row, and XLSX."""

import csv
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from carter.transfer.exporting.tables import Table, Value
from carter.transfer.reading.cells import held_down

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LINES_AT_ONCE = 200


def csv_pieces(table: Table) -> Iterator[bytes]:
    """The file in pieces. It begins with a byte-order mark, without which Excel garbles accents."""
    lines = _Lines()
    writer = csv.writer(lines)
    yield b"\xef\xbb\xbf"
    writer.writerow(table.columns)
    for row in table.rows:
        writer.writerow([_as_text(value) for value in row])
        if len(lines.kept) >= LINES_AT_ONCE:
            yield lines.taken()
    yield lines.taken()


def write_csv(table: Table, path: Path) -> None:
    with path.open("wb") as file:
        file.writelines(csv_pieces(table))


def write_xlsx(table: Table, path: Path) -> None:
    """One sheet. Every text is a text for the spreadsheet, whatever it looks like."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(path, options) as book:
        sheet = book.add_worksheet(table.name[:31])
        formats = {
            Decimal: book.add_format({"num_format": "#,##0.00"}),
            date: book.add_format({"num_format": "yyyy-mm-dd"}),
            datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        }
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(table.columns):
            sheet.write_string(0, place, column)
        for line, row in enumerate(table.rows, start=1):
            for place, value in enumerate(row):
                _write_cell(sheet, line, place, value, formats)


class _Lines:
    """Takes what a csv writer writes and gives it on in larger pieces."""

    def __init__(self) -> None:
        self.kept: list[str] = []

    def write(self, line: str) -> None:
        self.kept.append(line)

    def taken(self) -> bytes:
        piece = "".join(self.kept).encode()
        self.kept.clear()
        return piece


def _as_text(value: Value) -> str:
    match value:
        case None:
            return ""
        case str():
            return held_down(value)
        case datetime():
            return value.isoformat(sep=" ", timespec="minutes")[:16]
        case date():
            return value.isoformat()
        case _:
            return str(value)


def _write_cell(sheet: Any, line: int, place: int, value: Value, formats: dict[type, Any]) -> None:
    match value:
        case None | "":
            return
        case str():
            sheet.write_string(line, place, held_down(value))
        case datetime():
            sheet.write_datetime(line, place, value.replace(tzinfo=None), formats[datetime])
        case date():
            sheet.write_datetime(line, place, value, formats[date])
        case Decimal():
            sheet.write_number(line, place, float(value), formats[Decimal])
        case _:
            sheet.write_number(line, place, value)
