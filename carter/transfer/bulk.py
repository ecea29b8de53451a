"""Inserting many rows whose keys nobody needs to know.

An import writes seven rows for each row of a file. Django's `bulk_create` builds an object for
every row and an expression for every value, which took two thirds of the whole import's time;
here a row is a dictionary, each column has one function that prepares its values, and the driver
does the rest.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.db import connection, models

from carter.companies.tenancy import CompanyOwned

Values = Mapping[str, Any]
Prepare = Callable[[Any], Any]


def insert_many(model: type[CompanyOwned], rows: Sequence[Values]) -> None:
    """Insert rows, each given by its columns' attributes (`customer_id`); others take defaults.

    All rows name the same columns. `save()` would refuse a row that points at another company's
    row; here whoever makes the rows has to see to it.
    """
    if not rows:
        return
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    columns = [(field.attname, _preparation(field)) for field in fields]
    defaults = {
        field.attname: field.get_default() for field in fields if field.attname not in rows[0]
    }
    with connection.cursor() as cursor:
        cursor.executemany(
            _statement(model, fields),
            [_prepared(row, defaults, columns) for row in rows],
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


def _prepared(
    row: Values, defaults: Values, columns: Sequence[tuple[str, Prepare | None]]
) -> list[Any]:
    return [
        prepare(value) if prepare else value
        for name, prepare in columns
        for value in (row[name] if name in row else defaults[name],)
    ]
