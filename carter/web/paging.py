"""A row's place in the order of a list, by which the next page goes on from it.

To skip the rows before a page the database would read them all; from a row on, it reads by index.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import F, Model, OrderBy, Q, QuerySet

Row = TypeVar("Row", bound=Model)
NOTHING = Q(pk__in=[])


@dataclass(frozen=True)
class Key:
    """One thing that rows are ordered by: an attribute of theirs, and which way it goes.

    Of one that `ends_with_none`, rows without a value come last whichever way.
    """

    name: str
    is_descending: bool
    ends_with_none: bool

    def order(self, *, is_back: bool) -> OrderBy:
        nulls = {"nulls_first" if is_back else "nulls_last": True} if self.ends_with_none else {}
        return OrderBy(F(self.name), descending=self.is_descending != is_back, **nulls)

    def beyond(self, value: Any, *, is_back: bool) -> Q:
        """What comes after this value, or before it."""
        if value is None:
            is_found = self.ends_with_none and is_back
            return Q(**{f"{self.name}__isnull": False}) if is_found else NOTHING
        side = "lt" if self.is_descending != is_back else "gt"
        further = Q(**{f"{self.name}__{side}": value})
        if self.ends_with_none and not is_back:
            further |= Q(**{f"{self.name}__isnull": True})
        return further

    def at(self, value: Any) -> Q:
        return Q(**{f"{self.name}__isnull": True} if value is None else {self.name: value})


@dataclass(frozen=True)
class Places(Generic[Row]):
    """The rows of a list with what they are ordered by."""

    rows: QuerySet[Row]
    keys: Sequence[Key]

    def of(self, row: Row) -> str:
        """The place of one of the rows, as an address names it."""
        return json.dumps([getattr(row, key.name) for key in self.keys], default=str)

    def beyond(self, place: str, *, is_back: bool) -> QuerySet[Row] | None:
        """The rows after a place, the nearest first, or those before it; None without a place."""
        values = self._read(place)
        if values is None:
            return None
        found = self.rows.filter(self._further(values, is_back=is_back))
        return found.order_by(*(key.order(is_back=is_back) for key in self.keys))

    def _further(self, values: Sequence[Any], *, is_back: bool) -> Q:
        """Beyond in the first key; or equal in it, and beyond in the next; and so on."""
        further, equal = NOTHING, Q()
        for key, value in zip(self.keys, values, strict=True):
            further |= equal & key.beyond(value, is_back=is_back)
            equal &= key.at(value)
        # Said once more of the first key alone, by which an index is read from the place on.
        first, value = self.keys[0], values[0]
        return further & (first.beyond(value, is_back=is_back) | first.at(value))

    def _read(self, place: str) -> list[Any] | None:
        try:
            values = json.loads(place) if place else None
            if not isinstance(values, list) or len(values) != len(self.keys):
                return None
            return [self._typed(key, value) for key, value in zip(self.keys, values, strict=True)]
        except (ValueError, TypeError, ValidationError, RecursionError):
            return None

    def _typed(self, key: Key, value: Any) -> Any:
        """The value as the database compares it. Raises ValidationError when it cannot be one."""
        field = self.rows.query.resolve_ref(key.name).output_field
        return None if value is None else field.to_python(value)


def places_in(rows: QuerySet[Row]) -> Places[Row]:
    """The places of rows, by the order they are in: attributes, or expressions by themselves."""
    ordered = rows.query.order_by or rows.model._meta.ordering or ("pk",)
    keys: list[Key] = []
    for number, order in enumerate(ordered):
        key, rows = _key(rows, order, f"place_{number}")
        keys.append(key)
    return Places(rows, keys)


def _key(rows: QuerySet[Row], order: Any, new_name: str) -> tuple[Key, QuerySet[Row]]:
    if isinstance(order, str):
        order = OrderBy(F(order.removeprefix("-")), descending=order.startswith("-"))
    by = order if isinstance(order, OrderBy) else OrderBy(order)
    ends_with_none, source = bool(by.nulls_last), by.expression
    if (name := _attribute(rows, source)) is None:
        name, rows = new_name, rows.annotate(**{new_name: source})
    return Key(name, by.descending, ends_with_none), rows


def _attribute(rows: QuerySet[Row], source: Any) -> str | None:
    """The rows' own attribute that it is, if it is one."""
    if not isinstance(source, F):
        return None
    name: str = vars(source)["name"]
    if name == "pk" or name in rows.query.annotations:
        return name
    if "__" in name:
        return None
    field: Any = rows.model._meta.get_field(name)
    return str(field.attname)
