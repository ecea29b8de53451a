"""Recognising a file by its column names, and proposing what the columns of others hold."""

import hashlib
import re
from collections.abc import Sequence

from carter.customers.emails import email_key
from carter.customers.phones import phone_key
from carter.transfer.understanding.columns import COLUMNS, FIELD_BY_NAME, LEAD_SIGNS, TELLTALE
from carter.transfer.understanding.fields import SEVERAL, Field, Holds, Shape

F = Field


def squeezed(name: str) -> str:
    """A column name as it is compared: "Phone Number", phone_number and PhoneNumber are one."""
    return re.sub(r"[\W_]", "", name.casefold())


def recognise(columns: Sequence[str]) -> Shape:
    """Whose program wrote a file with these column names; OTHER when nobody's we know."""
    names = {squeezed(column) for column in columns}
    for shape, telltales in TELLTALE.items():
        if any(telltale <= names for telltale in telltales):
            return shape
    return Shape.OTHER


def is_header(cells: Sequence[str]) -> bool:
    """Whether a row reads like column names: a shape we know, or mostly words we know."""
    known = sum(squeezed(cell) in FIELD_BY_NAME for cell in cells)
    return recognise(cells) != Shape.OTHER or known >= max(2, len(cells) / 2)


def is_ours(cells: Sequence[str]) -> bool:
    return recognise(cells) == Shape.CARTER


def signature(columns: Sequence[str]) -> str:
    """The same for two files with the same columns in the same order."""
    return hashlib.sha256("\n".join(map(squeezed, columns)).encode()).hexdigest()[:32]


def mapping_of(shape: str, columns: Sequence[str], samples: Sequence[Sequence[str]]) -> list[Field]:
    """What each column holds: by the shape, else proposed from its name and some of its cells.

    A column nobody knows is kept in the notes, so that nothing is lost by default.
    """
    if shape == Shape.OTHER:
        return _proposed(columns, samples)
    known = COLUMNS[Shape(shape)]
    unknown = F.SKIP if shape == Shape.CARTER else F.NOTE
    return _once([known.get(squeezed(column), unknown) for column in columns])


def holds_of(shape: str, mapping: Sequence[str]) -> Holds:
    """Whether the rows are customers or leads."""
    if shape == Shape.LEADS or (shape == Shape.OTHER and LEAD_SIGNS.intersection(mapping)):
        return Holds.LEADS
    return Holds.CUSTOMERS


def _proposed(columns: Sequence[str], samples: Sequence[Sequence[str]]) -> list[Field]:
    proposed: list[Field] = []
    for place, column in enumerate(columns):
        field = FIELD_BY_NAME.get(re.sub(r"\d+$", "", squeezed(column)) or squeezed(column))
        field = FIELD_BY_NAME.get(squeezed(column), field)
        values = [row[place] for row in samples if place < len(row) and row[place]]
        taken = field in proposed and field not in SEVERAL
        proposed.append(_by_content(values) if field is None or taken else field)
    if F.CITY in proposed and F.ADDRESS in proposed and F.STREET not in proposed:
        proposed[proposed.index(F.ADDRESS)] = F.STREET
    return _once(proposed)


def _by_content(values: Sequence[str]) -> Field:
    if not values:
        return F.NOTE
    most = len(values) * 0.8
    if sum(bool(email_key(value)) for value in values) >= most:
        return F.EMAIL
    if sum(_looks_like_phone(value) for value in values) >= most:
        return F.PHONE
    return F.NOTE


def _looks_like_phone(value: str) -> bool:
    return len(re.sub(r"\D", "", value)) >= 10 and bool(phone_key(value, "US"))


def _once(fields: list[Field]) -> list[Field]:
    """A second column for what only one can hold is kept in the notes."""
    seen: set[Field] = set()
    for place, field in enumerate(fields):
        if field in seen and field not in SEVERAL:
            fields[place] = F.NOTE
        seen.add(field)
    return fields
