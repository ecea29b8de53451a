"""What became of every row, as a file to keep or to put right and import again."""

from collections.abc import Iterator
from pathlib import Path

from carter.transfer.exporting.files import csv_pieces
from carter.transfer.exporting.tables import Table, Value
from carter.transfer.models import ImportBatch, ImportRow
from carter.transfer.uploads import rows_of


def report_table(batch: ImportBatch, outcome: str = "") -> Table:
    """Every row of the file, or those of one outcome, with the outcome and why, in file order.

    The cells stand first, so that refused rows can be put right and imported as they are.
    """
    columns = [*batch.columns, "carter_row", "carter_outcome", "carter_reason"]
    return Table("import", columns, _rows(batch, outcome))


def write_report(batch: ImportBatch, path: Path) -> None:
    with path.open("wb") as file:
        file.writelines(csv_pieces(report_table(batch)))


def _rows(batch: ImportBatch, outcome: str) -> Iterator[list[Value]]:
    found = batch.rows.filter(outcome=outcome) if outcome else batch.rows.all()
    spooled = rows_of(batch)
    width = len(batch.columns)
    for row in found.order_by("line").iterator(chunk_size=2_000):
        cells = next(each.cells for each in spooled if each.line == row.line)
        cells = (cells + [""] * width)[:width]
        yield [*cells, row.line, ImportRow.Outcome(row.outcome).label, row.reason]
