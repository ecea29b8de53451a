"""What is in a database, in numbers, so that a copy can be compared with it."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection
from django.utils import timezone

from carter import version
from carter.backup.archive import Manifest

PASSING = frozenset({"cache", "django_session", "usersessions_usersession"})
"""Written by everybody who looks at a page; nobody misses a row of them."""
TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()",
}

Ask = Callable[[str], Iterable[tuple[Any, ...]]]
"""Runs a query on the database or on a copy of it, and gives the rows."""


def manifest_of(ask: Ask) -> Manifest:
    return Manifest(
        carter=version(),
        engine=connection.vendor,
        made_at=timezone.now().isoformat(timespec="seconds"),
        companies=[name for (name,) in ask("SELECT name FROM companies_company ORDER BY id")],
        migrations=applied_migrations(ask),
        counts=counts(ask, _tables(ask)),
    )


def applied_migrations(ask: Ask) -> list[str]:
    rows = ask("SELECT app, name FROM django_migrations ORDER BY id")
    return [f"{app}.{name}" for app, name in rows]


def counts(ask: Ask, tables: Iterable[str]) -> dict[str, int]:
    """How many rows each table has."""
    quote = connection.ops.quote_name
    return {
        table: next(iter(ask(f"SELECT COUNT(*) FROM {quote(table)}")))[0]  # noqa: S608 our own tables
        for table in tables
    }


def asking(rows: Any) -> Ask:
    """By a cursor of Django's, or a connection of sqlite3."""

    def ask(query: str) -> Iterable[tuple[Any, ...]]:
        answered = rows.execute(query)
        return list((answered or rows).fetchall())

    return ask


def _tables(ask: Ask) -> list[str]:
    return sorted({name for (name,) in ask(TABLES[connection.vendor])} - PASSING)
