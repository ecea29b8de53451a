"""Rules that the database holds of itself: `carter check`."""

from collections.abc import Iterator

from django.db import connection

from carter.customers.checking import Rule, rows


def damaged(company_id: int | None) -> Iterator[str]:
    """What the database's own checks find: damaged pages and indexes."""
    if connection.vendor == "postgresql":
        found = rows("SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid", None)
    else:
        found = [row for row in rows("PRAGMA quick_check", None) if row[0] != "ok"]
    yield from (str(row[0]) for row in found)


def dangling(company_id: int | None) -> Iterator[str]:
    """Rows that point at nothing, and constraints that were never made to hold."""
    if connection.vendor == "postgresql":
        query = "SELECT conname FROM pg_constraint WHERE NOT convalidated"
        yield from (name for (name,) in rows(query, None))
    else:
        yield from (f"{row[0]} {row[1]}" for row in rows("PRAGMA foreign_key_check", None))


RULES = (
    Rule("The database finds itself undamaged.", damaged),
    Rule("No row points at one that is not there.", dangling),
)
