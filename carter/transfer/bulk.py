"""Inserting many rows whose keys nobody needs to know.

An import writes seven rows for each row of a file. Django's `bulk_create` builds an expression for
every value of every row, which took two thirds of the whole import's time; here each column has
one function that prepares its values, and the driver does the rest.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Any

from django.db import connection, models

from carter.companies.tenancy import CompanyOwned, refuse_strangers

Prepare = Callable[[Any], Any]


def insert_many(rows: Sequence[CompanyOwned]) -> None:
    """Insert rows of one model, guarded like `save()`. Their `pk` stays empty."""
    if not rows:
        return
    refuse_strangers(list(rows))
    model = type(rows[0])
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    values = attrgetter(*(field.attname for field in fields))
    prepared = [(place, _preparation(field)) for place, field in enumerate(fields)]
    to_prepare = [(place, prepare) for place, prepare in prepared if prepare]
    with connection.cursor() as cursor:
        cursor.executemany(
            _statement(model, fields), [_prepared(values(row), to_prepare) for row in rows]
        )


def _statement(model: type[CompanyOwned], fields: Sequence["models.Field[Any, Any]"]) -> str:
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    places = ", ".join("%s" for _ in fields)
    return f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places})"  # noqa: S608 - names of ours


def _preparation(field: "models.Field[Any, Any]") -> Prepare | None:
    """How the driver wants the column's values; None for those it takes as they are."""

    def prepare(value: Any) -> Any:
        return field.get_db_prep_save(value, connection)

    if isinstance(field, models.DateField):
        # An import writes one and the same moment on all its rows.
        return lru_cache(maxsize=64)(prepare)
    return prepare if isinstance(field, models.JSONField) else None


def _prepared(values: tuple[Any, ...], to_prepare: list[tuple[int, Prepare]]) -> list[Any]:
    row = list(values)
    for place, prepare in to_prepare:
        row[place] = prepare(row[place])
    return row
