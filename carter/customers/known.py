"""What is known of records besides their own rows: keys and words are made of it.

One query for all kinds of details: whole models, a query for each kind, would take most of the time
whenever somebody is added or changed.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from carter.customers.models import Address, Contact, Customer, Email, FormerName, Phone


@dataclass(frozen=True, slots=True)
class Known:
    """The details that were made for a record, also those that stand no more, oldest first.

    Contacts are names with their role, phones what was typed with its label, addresses one line.
    """

    contacts: list[tuple[str, str]] = field(default_factory=list)
    former_names: list[str] = field(default_factory=list)
    phones: list[tuple[str, str]] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)

    def add(self, model: type[Any], values: Sequence[str]) -> None:
        """Add a row's columns, as `COLUMNS` names them; what is over is left."""
        first, second, *_ = values
        if model is Contact:
            self.contacts.append((first, second))
        elif model is FormerName:
            self.former_names.append(first)
        elif model is Phone:
            self.phones.append((first, second))
        elif model is Email:
            self.emails.append(first)
        else:
            self.addresses.append(", ".join(filter(None, values)))


def known_of(records: Sequence[Customer]) -> dict[int, Known]:
    """By record: what is known of it, from the rows made for it. A merge changes nothing of it."""
    found: dict[int, Known] = defaultdict(Known)
    keys = [record.pk for record in records]
    models = list(COLUMNS)
    with connection.cursor() as cursor:
        places = ", ".join(["%s"] * len(keys))
        cursor.execute(DETAILS.replace("(keys)", f"({places})"), keys * len(models))
        for born_to, _, place, *values in cursor.fetchall():
            found[born_to].add(models[place], values)
    return found


COLUMNS: dict[type[Any], tuple[str, ...]] = {
    Contact: ("name", "role"),
    FormerName: ("name",),
    Phone: ("text", "label"),
    Email: ("text",),
    Address: ("street", "city", "state", "postcode"),
}


def _filled_up(names: Sequence[str]) -> str:
    """Columns of a kind of detail, filled up to as many as the kind with most has."""
    most = max(map(len, COLUMNS.values()))
    return ", ".join([*names, *["''"] * (most - len(names))])


DETAILS = " UNION ALL ".join(
    f"SELECT born_to_id, id, {place}, {_filled_up(columns)} FROM {model._meta.db_table}"  # noqa: S608
    " WHERE born_to_id IN (keys)"
    for place, (model, columns) in enumerate(COLUMNS.items())
)
DETAILS += " ORDER BY 2"
