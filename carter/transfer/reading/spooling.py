"""The spool: a file as it was read once, in one plain form, row by row.

Each spooled row is the number the row has in a spreadsheet, the problem that keeps it from being
taken (if any), and its cells. The rows above the column names are there too, with that problem,
so that every row of the file can be accounted for.
"""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

from carter.transfer.reading import limits
from carter.transfer.reading.cells import let_go, plain
from carter.transfer.reading.limits import UnreadableFile
from carter.transfer.reading.text import form_of, text_rows
from carter.transfer.reading.workbooks import Workbook, is_zip

LOOKED_AT_FOR_NAMES = 20
SHOWN_OF_A_LONG_CELL = 200
ABOVE = "This row stands above the column names."

RawRow = tuple[list[str], str]


@dataclass(frozen=True)
class Row:
    """One row below the column names. `problem` says why it cannot be taken, in a sentence."""

    line: int
    cells: list[str]
    problem: str = ""


@dataclass
class Table:
    """What a file turned out to be. `rows` counts those that are spooled."""

    form: str
    columns: list[str]
    rows: int = 0
    remarks: list[str] = field(default_factory=list)


def spool_file(
    source: Path,
    to: Path,
    *,
    is_header: Callable[[list[str]], bool],
    is_ours: Callable[[list[str]], bool],
) -> Table:
    """Read an uploaded CSV or XLSX into a spool. Raises UnreadableFile.

    `is_header` recognises column names, so that titles above them do no harm; `is_ours` those of
    Carter's own export, whose cells are let go exactly.
    """
    if source.stat().st_size > limits.MOST_BYTES:
        most = limits.MOST_BYTES // limits.MEGABYTE
        raise UnreadableFile(f"The file is larger than {most} MB. Split it into parts.")
    form, remarks, rows = _opened(source)
    first = list(islice(rows, LOOKED_AT_FOR_NAMES))
    place = _place_of_names(first, is_header)
    columns = _column_names(first[place][0])
    _refuse_header(columns, first[place][0])
    clean = let_go if is_ours(first[place][0]) else plain
    table = Table(form, columns, remarks=remarks)
    with to.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        for row in _rows(chain(first, rows), place, len(columns), clean):
            writer.writerow((row.line, row.problem, *row.cells))
            table.rows += 1
    return table


def read_spool(path: Path) -> Iterator[Row]:
    """The rows of a spool, in order."""
    with path.open(encoding="utf-8", newline="") as file:
        for line, problem, *cells in csv.reader(file):
            yield Row(int(line), cells, problem)


def _opened(source: Path) -> tuple[str, list[str], Iterator[RawRow]]:
    if not is_zip(source):
        form = form_of(source)
        return form.words, [], text_rows(source, form)
    book = Workbook(source)
    remarks = [f"The sheet “{book.name}” was read; “{name}” was not." for name in book.others]
    if book.scan.formulas:
        remarks.append(f"{book.scan.formulas:,} cells hold formulas; their results were read.")
    return f"XLSX, sheet “{book.name}”", remarks, book.rows()


def _place_of_names(first: list[RawRow], is_header: Callable[[list[str]], bool]) -> int:
    """Which of the first rows holds the column names: one that is recognised, else the first."""
    filled = [place for place, (cells, _) in enumerate(first) if any(map(str.strip, cells))]
    if not filled:
        raise UnreadableFile("The file has no rows.")
    recognised = (place for place in filled if is_header(first[place][0]))
    return next(recognised, filled[0])


def _column_names(cells: list[str]) -> list[str]:
    """The names, each once: a second Phone is “Phone (2)”, one without a name “Column C”."""
    names: list[str] = []
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    for place, cell in enumerate(cells):
        name = " ".join(plain(cell).split())[:SHOWN_OF_A_LONG_CELL] or f"Column {place + 1}"
        count = sum(other == name or other.startswith(f"{name} (") for other in names)
        names.append(f"{name} ({count + 1})" if count else name)
    return names


def _refuse_header(columns: list[str], cells: list[str]) -> None:
    if len(columns) > limits.MOST_COLUMNS:
        raise UnreadableFile(
            f"The file has {len(columns):,} columns; Carter reads up to {limits.MOST_COLUMNS}. "
            "Delete those you do not need."
        )
    if any(len(cell) > limits.LONGEST_CELL for cell in cells):
        raise UnreadableFile("The first row holds no column names but a very long text.")
    if any("@" in cell and "." in cell for cell in cells):
        raise UnreadableFile(
            "The first row holds an email address: it must hold the names of the columns. "
            "Add a row of names, such as Name, Phone, Email, above it."
        )


def _rows(
    raw: Iterable[RawRow], place: int, width: int, clean: Callable[[str], str]
) -> Iterator[Row]:
    for line, (cells, problem) in enumerate(raw, start=1):
        if line > limits.MOST_ROWS:
            raise UnreadableFile(
                f"The file has more than {limits.MOST_ROWS:,} rows. Split it into parts."
            )
        if line == place + 1:
            continue
        above = ABOVE if line <= place and any(map(str.strip, cells)) else ""
        yield _row(line, cells, problem or above, width, clean)


def _row(line: int, cells: list[str], problem: str, width: int, clean: Callable[[str], str]) -> Row:
    if len(cells) > width:
        extra, cells = cells[width:], cells[:width]
        if not problem and any(map(str.strip, extra)):
            problem = (
                f"The row has more cells than the {width} column names. "
                "Is a text with a comma missing its quotation marks?"
            )
    longest = max(map(len, cells), default=0)
    if longest > limits.LONGEST_CELL:
        problem = problem or (
            f"One cell holds {longest:,} characters; {limits.LONGEST_CELL:,} is the most. "
            "Is a quotation mark missing its partner?"
        )
        cells = [cell[:SHOWN_OF_A_LONG_CELL] for cell in cells]
    return Row(line, [clean(cell) for cell in cells], problem)
