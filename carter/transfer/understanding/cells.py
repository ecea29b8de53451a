"""The cells of one row, asked for by what they mean."""

import hashlib
from collections.abc import Iterator, Sequence

from carter.customers.models import Address, Customer, Email, ExternalId, Note, Phone
from carter.jobs.models import Job
from carter.transfer.understanding.fields import Field
from carter.transfer.understanding.room import room
from carter.transfer.understanding.said import RowRefused

F = Field


LONGEST = {
    **dict.fromkeys((F.NAME, F.FIRST_NAME, F.LAST_NAME, F.COMPANY_NAME), room(Customer, "name")),
    **dict.fromkeys((F.PHONE, F.MOBILE, F.HOME_PHONE, F.WORK_PHONE, F.FAX), room(Phone, "text")),
    **dict.fromkeys((F.EMAIL, F.WORK_EMAIL), room(Email, "text")),
    **dict.fromkeys((F.ADDRESS, F.STREET, F.UNIT), room(Address, "street")),
    **dict.fromkeys((F.DESTINATION, F.DESTINATION_STREET, F.DESTINATION_UNIT), 300),
    **dict.fromkeys((F.CITY, F.DESTINATION_CITY), room(Address, "city")),
    **dict.fromkeys((F.STATE, F.DESTINATION_STATE), room(Address, "state")),
    **dict.fromkeys((F.POSTCODE, F.DESTINATION_POSTCODE), room(Address, "postcode")),
    F.LEAD_SOURCE: room(Job, "lead_source"),
    F.BILL_TO: room(Customer, "bill_to"),
    F.DO_NOT_SERVICE_REASON: room(Customer, "do_not_service_reason"),
    F.EXTERNAL_ID: room(ExternalId, "value"),
}
LONGEST_NOTE = room(Note, "text")
SEVERAL_LINES = frozenset(
    {F.NOTES, F.NOTE, F.BILL_TO, F.CONTACTS}
    | {F.OTHER_PHONES, F.OTHER_EMAILS, F.OTHER_ADDRESSES, F.TAGS}
)
FORMULA_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"})


class Columns:
    """Which column holds what, worked out once for a file."""

    def __init__(self, columns: Sequence[str], mapping: Sequence[str]) -> None:
        self.names = list(columns)
        self.places: dict[Field, list[int]] = {}
        for place, field in enumerate(mapping):
            self.places.setdefault(Field(field), []).append(place)
        self.width = len(self.names)
        self._limits = [
            (place, LONGEST[field])
            for field, places in self.places.items()
            if field in LONGEST
            for place in places
        ]

    def has(self, *fields: Field) -> bool:
        return any(field in self.places for field in fields)

    def check(self, cells: Sequence[str]) -> None:
        """Refuse a row with a cell that Carter has no room for, or that is an error."""
        for place, limit in self._limits:
            if len(cells[place]) > limit:
                raise RowRefused(
                    f"“{self.names[place]}” has {len(cells[place]):,} characters; "
                    f"{limit:,} is the most."
                )
        if FORMULA_ERRORS.intersection(cells):
            place = next(place for place, cell in enumerate(cells) if cell in FORMULA_ERRORS)
            raise RowRefused(f"“{self.names[place]}” holds {cells[place]}: a formula that failed.")


class Cells:
    """One row's cells by what they mean."""

    def __init__(self, columns: Columns, cells: list[str]) -> None:
        short = columns.width - len(cells)
        self._cells = cells + [""] * short if short > 0 else cells
        self._columns = columns
        columns.check(self._cells)

    def __getitem__(self, field: Field) -> str:
        """The first filled cell of that meaning, on one line unless it may have several."""
        for place in self._columns.places.get(field, ()):
            if text := self._cells[place]:
                return text if field in SEVERAL_LINES else _line(text)
        return ""

    def all(self, field: Field) -> list[str]:
        """Every filled cell of that meaning."""
        return [text for _, text in self.named(field)]

    def named(self, field: Field) -> Iterator[tuple[str, str]]:
        """Every filled cell of that meaning with its column's name."""
        for place in self._columns.places.get(field, ()):
            text = self._cells[place]
            if text:
                yield self._columns.names[place], text if field in SEVERAL_LINES else _line(text)

    @property
    def formulas(self) -> list[str]:
        """The columns whose cell is a formula that no spreadsheet has worked out."""
        pairs = zip(self._columns.names, self._cells, strict=False)
        return [name for name, cell in pairs if cell[:1] == "="]

    @property
    def fingerprint(self) -> str:
        """The same for two rows that say the same under the same column names."""
        said = (
            f"{name}\x1f{cell}"
            for name, cell in zip(self._columns.names, self._cells, strict=False)
            if cell
        )
        return "row " + hashlib.sha256("\x1e".join(said).encode()).hexdigest()[:32]


def _line(text: str) -> str:
    return " ".join(text.split()) if "\n" in text or "  " in text else text
