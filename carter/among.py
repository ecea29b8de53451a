"""Any of many values, given or answered as one: a question has one text however many they are.

A database plans a question anew for every other number of values in it, and what asks PostgreSQL
reads a text with more than fifty places anew each time.
"""

import json
from collections.abc import Iterable
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Field, Lookup

Value = TypeVar("Value")

ANY = {
    "postgresql": "{column} = ANY({place})",
    "sqlite": "{column} IN (SELECT value FROM json_each({place}))",
}
PAIRS = {
    "postgresql": "SELECT pair->>0 AS {first}, pair->>1 AS {second}"
    " FROM json_array_elements({place}::json) AS pair",
    "sqlite": "SELECT json_extract(value, '$[0]') AS {first},"
    " json_extract(value, '$[1]') AS {second} FROM json_each({place})",
}
LISTED = {"postgresql": "STRING_AGG({column}::text, ',')", "sqlite": "GROUP_CONCAT({column})"}

RECKONED_WITH = 10
"""PostgreSQL plans for so many where it does not know how many come. For fewer it would think a
plan of their own worth its while each time, which takes it longer than to answer."""


def among(column: str) -> str:
    """The condition that a column has one of the values that are given in its one place."""
    return ANY[connection.vendor].format(column=column, place="%s")


def many(values: Iterable[Any]) -> Any:
    """Numbers or texts as they are given in that place."""
    found = list(values)
    return array(filled_up(found)) if connection.vendor == "postgresql" else json.dumps(found)


def pairs(first: str, second: str) -> str:
    """A question whose answer are the pairs of texts that are given in its one place."""
    return PAIRS[connection.vendor].format(first=first, second=second, place="%s")


def many_pairs(values: Iterable[tuple[str, str]]) -> str:
    """Pairs as they are given in that place."""
    return json.dumps(list(values))


def listed(column: str) -> str:
    """The numbers of a group as one text, which `numbers_in()` takes apart."""
    return LISTED[connection.vendor].format(column=column)


def numbers_in(text: str | None) -> list[int]:
    """Those numbers; none where there is no text."""
    return list(map(int, text.split(","))) if text else []


def filled_up(values: list[Value]) -> list[Value]:
    """At least as many as PostgreSQL reckons with, the last of them again and again."""
    return values + values[-1:] * (RECKONED_WITH - len(values))


def array(values: Iterable[int | str]) -> str:
    """An array as PostgreSQL writes it: psycopg would go through a list value by value."""
    return f"{{{','.join(map(_element, values))}}}"


def _element(value: int | str) -> str:
    if isinstance(value, int):
        return str(value)
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


@Field.register_lookup
class Among(Lookup[bool]):
    """The same for querysets: `filter(pk__among=Given("keys"))`, or with `many()` of values."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        column, given = self.process_lhs(compiler, connection)
        place, values = self.process_rhs(compiler, connection)
        return ANY[connection.vendor].format(column=column, place=place), [*given, *values]

    def get_db_prep_lookup(self, value: Any, connection: Any) -> Any:
        return "%s", [value]
