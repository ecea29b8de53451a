"""The SQL with which a PostgreSQL book of many companies can be divided by company.

Django's keys are single columns. In a divided book each has the company beside it: the database
itself then refuses a row that points at another company's, and an engine such as Citus can keep
each company's rows together on a machine (docs/decisions/0072-divided-by-company.md).
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.apps import apps
from django.db import connection

from carter.companies.models import Company, User
from carter.companies.tenancy import CompanyOwned

COMPANY = "company_id"
FOR_ALL = [model._meta.db_table for model in (User, Company)]
"""Tables of no company that companies' tables point at: every machine has them whole."""

FOREIGN_KEYS = """
    SELECT conrelid::regclass::text, conname, confrelid::regclass::text,
        ARRAY(SELECT attname::text FROM unnest(conkey) WITH ORDINALITY AS key (number, place)
            JOIN pg_attribute ON attrelid = conrelid AND attnum = number ORDER BY place),
        ARRAY(SELECT attname::text FROM unnest(confkey) WITH ORDINALITY AS key (number, place)
            JOIN pg_attribute ON attrelid = confrelid AND attnum = number ORDER BY place)
    FROM pg_constraint
    WHERE contype = 'f'
        AND conrelid::regclass::text = ANY(%s) AND confrelid::regclass::text = ANY(%s)
    ORDER BY 1, 2
"""
UNIQUE_KEYS = """
    SELECT indrelid::regclass::text, indexrelid::regclass::text,
        CASE WHEN indisprimary THEN 'PRIMARY KEY' ELSE 'UNIQUE' END,
        ARRAY(SELECT attname::text
            FROM unnest(indkey::int2[]) WITH ORDINALITY AS key (number, place)
            JOIN pg_attribute ON attrelid = indrelid AND attnum = number ORDER BY place)
    FROM pg_index WHERE indisunique AND indrelid::regclass::text = ANY(%s)
    ORDER BY 1, 2
"""


class ForeignKey(NamedTuple):
    """A key of one company-owned table in another."""

    table: str
    name: str
    other: str
    columns: list[str]
    other_columns: list[str]

    def dropped(self) -> str:
        return f"ALTER TABLE {self.table} DROP CONSTRAINT {self.name}"

    def made(self) -> str:
        here, there = _listed(_divided(self.columns)), _listed(_divided(self.other_columns))
        return (
            f"ALTER TABLE {self.table} ADD CONSTRAINT {self.name} FOREIGN KEY {here}"
            f" REFERENCES {self.other} {there} DEFERRABLE INITIALLY DEFERRED"
        )


class UniqueKey(NamedTuple):
    """A primary or other unique key of a company-owned table."""

    table: str
    name: str
    kind: str
    columns: list[str]

    def remade(self) -> str:
        """With the company last: a row is then found by its own key as fast as before."""
        key = f"{self.kind} {_listed(_divided(self.columns))}"
        return (
            f"ALTER TABLE {self.table} DROP CONSTRAINT {self.name},"
            f" ADD CONSTRAINT {self.name} {key}"
        )


def statements(*, with_citus: bool = True) -> Iterator[str]:
    """What is still to be done, in order; nothing when the book is divisible already.

    Foreign keys come last: Citus divides tables that point at each other in a circle only
    while they do not.
    """
    foreign = [key for key in foreign_keys() if COMPANY not in key.columns]
    yield from (key.dropped() for key in foreign)
    yield from (key.remade() for key in unique_keys() if COMPANY not in key.columns)
    if with_citus:
        yield from division()
    yield from (key.made() for key in foreign)


def division() -> Iterator[str]:
    """The calls that divide the book among the machines of a Citus cluster."""
    yield "CREATE EXTENSION IF NOT EXISTS citus"
    yield from (f"SELECT create_reference_table('{table}')" for table in FOR_ALL)
    first, *others = owned_tables()
    yield f"SELECT create_distributed_table('{first}', '{COMPANY}')"
    for table in others:
        yield f"SELECT create_distributed_table('{table}', '{COMPANY}', colocate_with => '{first}')"


def owned_tables() -> list[str]:
    """The tables of which each row is one company's."""
    models = (model for model in apps.get_models() if issubclass(model, CompanyOwned))
    return sorted(model._meta.db_table for model in models)


def foreign_keys() -> list[ForeignKey]:
    """Of company-owned tables in company-owned tables, as the database has them now."""
    tables = owned_tables()
    return [ForeignKey(*row) for row in _asked(FOREIGN_KEYS, tables, tables)]


def unique_keys() -> list[UniqueKey]:
    """Of company-owned tables, as the database has them now."""
    return [UniqueKey(*row) for row in _asked(UNIQUE_KEYS, owned_tables())]


def _asked(question: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return list(cursor.fetchall())


def _divided(columns: list[str]) -> list[str]:
    return [*columns, COMPANY]


def _listed(columns: list[str]) -> str:
    return f"({', '.join(columns)})"
