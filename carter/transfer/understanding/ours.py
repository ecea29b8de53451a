"""Cells that only Carter's own export has: lists with one value a line, each with its label.

Work: (303) 555-0142
Home: 12 Oak St | Denver | CO | 80202
"""

import re

from django.db.models import TextChoices

from carter.customers.models import Address, Contact, Email, Phone
from carter.transfer.understanding.cells import Cells
from carter.transfer.understanding.fields import Field
from carter.transfer.understanding.people import Labelled
from carter.transfer.understanding.places import Place

Labels = dict[str, str]
ADDRESS_FIELDS = (Field.STREET, Field.CITY, Field.STATE, Field.POSTCODE)


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


def own_phones(cells: Cells) -> Labelled:
    """Every phone of a customer, exactly as exported."""
    return _main(cells, Field.PHONE, Field.PHONE_LABEL, PHONE_LABELS) + _lines(
        cells, Field.OTHER_PHONES, PHONE_LABELS
    )


def own_emails(cells: Cells) -> Labelled:
    return _main(cells, Field.EMAIL, Field.EMAIL_LABEL, EMAIL_LABELS) + _lines(
        cells, Field.OTHER_EMAILS, EMAIL_LABELS
    )


def own_contacts(cells: Cells) -> Labelled:
    return _lines(cells, Field.CONTACTS, ROLES)


def own_addresses(cells: Cells) -> tuple[tuple[Place, ...], tuple[str, ...]]:
    """Every address of a customer, and the label of each."""
    main = Place(*(cells[field] for field in ADDRESS_FIELDS))
    found = [(main, cells[Field.ADDRESS_LABEL])] if any(main) else []
    for line in cells[Field.OTHER_ADDRESSES].splitlines():
        label, _, text = line.partition(": ")
        parts = [part.strip() for part in text.rsplit(BETWEEN_PARTS.strip(), 3)]
        if any(parts):
            found.append((Place(*parts), label))
    places = tuple(place for place, _ in found)
    return places, tuple(label_of(label, ADDRESS_LABELS) for _, label in found)


def own_tags(cells: Cells) -> tuple[str, ...]:
    return tuple(filter(None, cells[Field.TAGS].splitlines()))


def label_of(text: str, labels: Labels) -> str:
    """The choice with that label; the first of them when there is none."""
    return labels.get(text.strip().casefold()) or next(iter(labels.values()))


def number_in(text: str) -> int | None:
    """1042 from C-1042."""
    found = re.search(r"(\d{1,18})\s*$", text)
    return int(found[1]) if found else None


def _main(cells: Cells, field: Field, label: Field, labels: Labels) -> Labelled:
    text = cells[field]
    return ((text, label_of(cells[label], labels)),) if text else ()


def _lines(cells: Cells, field: Field, labels: Labels) -> Labelled:
    pairs = (line.partition(": ") for line in cells[field].splitlines())
    return tuple((text, label_of(label, labels)) for label, _, text in pairs if text.strip())
