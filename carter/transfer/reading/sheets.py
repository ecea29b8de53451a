"""Looking through one sheet of a workbook before it is opened: how large, and what is broken."""

import re
from functools import cache
from xml.parsers import expat

from carter.transfer.reading import limits
from carter.transfer.reading.limits import UnreadableFile

PLACE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
MOST_BROKEN_CELLS = 10_000


class SheetScan:
    """What a sheet's XML says of its size and of formulas without a result.

    Opening a sheet takes memory for the whole rectangle around its cells, and shows a formula
    that failed, or that no program has worked out, as an empty cell. Both are found here first.
    """

    def __init__(self) -> None:
        self.formulas = 0
        self._broken: dict[int, str] = {}
        self._last_row = self._last_column = self._row = self._column = 0
        self._kind: str | None = None
        self._has_value = False
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EntityDeclHandler = _refuse_entity

    def feed(self, piece: bytes) -> None:
        self._parse(piece, last=False)

    def close(self) -> None:
        self._parse(b"", last=True)
        if self._last_column > limits.MOST_COLUMNS:
            raise UnreadableFile(
                f"The sheet has {self._last_column:,} columns; Carter reads up to "
                f"{limits.MOST_COLUMNS}. Delete those you do not need."
            )
        if self._last_row * self._last_column > limits.MOST_CELLS:
            raise UnreadableFile(
                f"The sheet reaches down to row {self._last_row:,}: too much for one file. "
                "Split it, or save it as CSV."
            )

    def problem(self, row: int) -> str:
        """Why a row cannot be taken; empty when it can."""
        place = self._broken.get(row)
        return f"Cell {place} holds a formula without a result." if place else ""

    def _parse(self, piece: bytes, *, last: bool) -> None:
        try:
            self._parser.Parse(piece, last)
        except (expat.ExpatError, ValueError) as trouble:
            raise UnreadableFile("A sheet of this workbook is damaged.") from trouble

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2] if ":" in tag else tag
        if name == "c":
            self._enter(attributes)
        elif name == "row":
            self._row = int(attributes.get("r") or self._row + 1)
            self._column = 0
        elif name == "f":
            self.formulas += 1
            self._has_value = False
            # Only cells with formulas are looked into: a call for every text would double the time.
            self._parser.EndElementHandler = self._end
        elif name == "v" and self._parser.EndElementHandler:
            self._parser.CharacterDataHandler = self._value

    def _enter(self, attributes: dict[str, str]) -> None:
        place = PLACE.fullmatch(attributes.get("r", ""))
        if place:
            self._row, self._column = int(place[2]), _column_number(place[1])
        else:
            self._column += 1
        self._last_row = max(self._last_row, self._row)
        self._last_column = max(self._last_column, self._column)
        self._kind = attributes.get("t")
        if self._kind == "e":
            self._note_broken()

    def _value(self, _: str) -> None:
        self._has_value = True

    def _end(self, tag: str) -> None:
        if tag.rpartition(":")[2] == "c":
            self._parser.EndElementHandler = self._parser.CharacterDataHandler = None
            if not self._has_value and self._kind != "str":
                self._note_broken()

    def _note_broken(self) -> None:
        if len(self._broken) < MOST_BROKEN_CELLS:
            self._broken.setdefault(self._row, f"{_column_letters(self._column)}{self._row}")


def _refuse_entity(*_: object) -> None:
    raise UnreadableFile("A sheet of this workbook defines text of its own: it was not opened.")


@cache
def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _column_letters(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
