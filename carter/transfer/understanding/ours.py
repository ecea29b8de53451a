"""Cells that only Carter's own export has: lists with one value a line, each with its label.

Work: (303) 555-0142
Home: 12 Oak St | Denver | CO | 80202
"""

import re

from django.db.models import TextChoices

from carter.customers.models import Contact, Email, Phone
from carter.transfer.understanding.cells import Cells
from carter.transfer.understanding.fields import Field

LABELS: dict[Field, type[TextChoices]] = {
    Field.OTHER_PHONES: Phone.Label,
    Field.OTHER_EMAILS: Email.Label,
    Field.CONTACTS: Contact.Role,
}
BETWEEN_PARTS = " | "


def detail_line(label: str, text: str) -> str:
    """One value of a list, as exported."""
    return f"{label}: {text}"


def address_line(street: str, city: str, state: str, postcode: str) -> str:
    """One address of a list, as exported."""
    return BETWEEN_PARTS.join((street, city, state, postcode))


def own_details(cells: Cells, field: Field) -> tuple[tuple[str, str], ...]:
    """The further phones, emails or contacts of a row with their labels."""
    choices = LABELS[field]
    default = choices.values[0]
    return tuple(
        (text.strip(), label_of(label, choices, default))
        for label, _, text in (line.partition(": ") for line in cells[field].splitlines())
        if text.strip()
    )


def contact_lines(cells: Cells) -> tuple[tuple[str, str], ...]:
    return own_details(cells, Field.CONTACTS)


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


def label_of(text: str, choices: type[TextChoices], default: str) -> str:
    """The choice with that label; the default when there is none."""
    by_label = {label.casefold(): str(value) for value, label in choices.choices}
    return by_label.get(text.strip().casefold(), default)


def number_in(text: str) -> int | None:
    """1042 from C-1042."""
    found = re.search(r"(\d{1,18})\s*$", text)
    return int(found[1]) if found else None
