"""Cells that only Carter's own export has: lists with one value a line, each with its label.

Work: (303) 555-0142
Home: 12 Oak St | Denver | CO | 80202
"""

import re

from django.db.models import TextChoices

from carter.customers.models import Address, Contact, Email, Phone
from carter.transfer.understanding.cells import Cells
from carter.transfer.understanding.fields import Field

Labels = dict[str, str]


def _labels(choices: type[TextChoices]) -> Labels:
    return {label.casefold(): str(value) for value, label in choices.choices}


PHONE_LABELS = _labels(Phone.Label)
EMAIL_LABELS = _labels(Email.Label)
ADDRESS_LABELS = _labels(Address.Label)
ROLES = _labels(Contact.Role)
BETWEEN_PARTS = " | "


def detail_line(label: str, text: str) -> str:
    """One value of a list, as exported."""
    return f"{label}: {text}"


def address_line(street: str, city: str, state: str, postcode: str) -> str:
    """One address of a list, as exported."""
    return BETWEEN_PARTS.join((street, city, state, postcode))


def own_details(cells: Cells, field: Field, labels: Labels) -> tuple[tuple[str, str], ...]:
    """The further phones, emails or contacts of a row with their labels."""
    default = next(iter(labels.values()))
    return tuple(
        (text.strip(), label_of(label, labels, default))
        for label, _, text in (line.partition(": ") for line in cells[field].splitlines())
        if text.strip()
    )


def contact_lines(cells: Cells) -> tuple[tuple[str, str], ...]:
    return own_details(cells, Field.CONTACTS, ROLES)


def address_lines(cells: Cells) -> tuple[tuple[str, str, str, str], ...]:
    """The further addresses of a row."""
    found = []
    for line in cells[Field.OTHER_ADDRESSES].splitlines():
        _, _, text = line.partition(": ")
        parts = [part.strip() for part in text.rsplit(BETWEEN_PARTS.strip(), 3)]
        if parts[0]:
            street, city, state, postcode = parts + [""] * (4 - len(parts))
            found.append((street, city, state, postcode))
    return tuple(found)


def label_of(text: str, labels: Labels, default: str) -> str:
    """The choice with that label; the default when there is none."""
    return labels.get(text.strip().casefold(), default) if text else default


def number_in(text: str) -> int | None:
    """1042 from C-1042."""
    found = re.search(r"(\d{1,18})\s*$", text)
    return int(found[1]) if found else None
