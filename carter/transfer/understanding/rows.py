"""From a row of cells to what it says."""

from carter.transfer.reading.spooling import Row
from carter.transfer.understanding.cells import Cells, Columns
from carter.transfer.understanding.customers import customer_said
from carter.transfer.understanding.fields import NAMES_SOMEBODY, Holds, Shape
from carter.transfer.understanding.leads import lead_said
from carter.transfer.understanding.room import refuse_what_has_no_room
from carter.transfer.understanding.said import RowRefused, Said, Setting

NOBODY = "The row names nobody: it has no name, no phone and no email."


class EmptyRow(Exception):
    """A row without a single filled cell: there is nothing to take and nothing to lose."""


def understand(row: Row, columns: Columns, setting: Setting) -> Said:
    """What the row says. Raises RowRefused with the reason, or EmptyRow."""
    if row.problem:
        raise RowRefused(row.problem)
    if not any(row.cells):
        raise EmptyRow
    cells = Cells(columns, row.cells)
    if not any(cells[field] for field in NAMES_SOMEBODY):
        raise RowRefused(NOBODY)
    understood = lead_said if setting.holds == Holds.LEADS else customer_said
    said = understood(row.line, cells, setting)
    if not said.new.name:
        raise RowRefused(NOBODY)
    refuse_what_has_no_room(said)
    if setting.shape != Shape.CARTER:
        said.remarks.extend(f"“{name}” is a formula: kept as text." for name in cells.formulas)
    return said
