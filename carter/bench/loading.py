"""Writing very many rows: what the database checks and sorts for each is put aside until the end.

An index that is built at the end is sorted once; kept up row by row it would be read and written
all over.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, models

from carter.bench.tables import VARYING, Row, columns_of, constants_of

TABLES = [model._meta.db_table for model in VARYING]


@contextmanager
def aside() -> Iterator[None]:
    """Put aside the tables' indexes, triggers and foreign keys, and bring them back."""
    put_aside, bring_back = _of_sqlite() if connection.vendor == "sqlite" else _of_postgresql()
    _run(put_aside)
    yield
    _run(bring_back)


def write(model: type[models.Model], rows: Sequence[Row], company_id: int) -> None:
    """Append rows to a table, in one go."""
    columns, constants = columns_of(model), constants_of(model, company_id)
    names = ", ".join(f'"{column}"' for column in columns)
    into = f"{model._meta.db_table} ({names})"
    if connection.vendor == "sqlite":
        _insert(into, len(columns) - len(constants), constants, rows)
    else:
        _copy(into, constants, rows)


def advance_sequences() -> None:
    """Let PostgreSQL count on from the keys that were written."""
    if connection.vendor == "postgresql":
        _run([ADVANCE.format(table=model._meta.db_table) for model in VARYING if _counts(model)])


ADVANCE = """
    SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT MAX(id) FROM {table}))
"""


def _counts(model: type[models.Model]) -> bool:
    return isinstance(model._meta.pk, models.AutoField)


def _insert(into: str, varying: int, constants: Row, rows: Sequence[Row]) -> None:
    """By the driver itself: Django's own cursor looks at every value."""
    places = ", ".join(["?"] * varying + [_literal(value) for value in constants])
    connection.ensure_connection()
    driver: Any = connection.connection
    driver.executemany(f"INSERT INTO {into} VALUES ({places})", rows)


def _literal(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, int):
        return str(int(value))
    return "'" + str(value).replace("'", "''") + "'"


def _copy(into: str, constants: Row, rows: Sequence[Row]) -> None:
    fixed = tuple(value if value is None else _text(value) for value in constants)
    with connection.cursor() as cursor, cursor.copy(f"COPY {into} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row + fixed)


def _text(value: Any) -> str:
    return str(int(value)) if isinstance(value, bool) else str(getattr(value, "obj", value))


def _run(statements: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _of_sqlite() -> tuple[list[str], list[str]]:
    """What puts aside, and what brings back."""
    names = ", ".join(f"'{table}'" for table in TABLES)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"
            f" AND type IN ('index', 'trigger') AND tbl_name IN ({names})"
        )
        found = cursor.fetchall()
    drop = [f'DROP {kind.upper()} "{name}"' for kind, name, _ in found]
    make = [sql for _, _, sql in found]
    if connection.in_atomic_block:  # Where SQLite would not hear of it.
        return drop, make
    return [*IN_HASTE, *drop], [*make, *AS_USUAL]


IN_HASTE = (
    "PRAGMA foreign_keys = OFF",
    "PRAGMA journal_mode = OFF",
    "PRAGMA synchronous = OFF",
    "PRAGMA temp_store = FILE",
    "PRAGMA threads = 2",
)
"""Whoever makes a book makes it anew if the power fails; an index is sorted by two, on disk."""
AS_USUAL = (
    "PRAGMA threads = 0",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA synchronous = FULL",
    "PRAGMA journal_mode = WAL",
    "PRAGMA foreign_keys = ON",
)

FOREIGN_KEYS = """
    SELECT 'ALTER TABLE ' || conrelid::regclass || ' DROP CONSTRAINT ' || quote_ident(conname),
        'ALTER TABLE ' || conrelid::regclass || ' ADD CONSTRAINT ' || quote_ident(conname) || ' '
            || pg_get_constraintdef(oid)
    FROM pg_constraint WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s)
"""
INDEXES = """
    SELECT 'DROP INDEX ' || quote_ident(indexname), indexdef FROM pg_indexes
    WHERE schemaname = current_schema() AND tablename = ANY(%s) AND indexname NOT IN
        (SELECT conname FROM pg_constraint WHERE contype IN ('p', 'u', 'x'))
"""


def _of_postgresql() -> tuple[list[str], list[str]]:
    """The same; foreign keys come back last, when the indexes they look into are there."""
    found = []
    with connection.cursor() as cursor:
        for query in (FOREIGN_KEYS, INDEXES):
            cursor.execute(query, [TABLES])
            found += cursor.fetchall()
    off = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in TABLES]
    on = [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in TABLES]
    # What a transaction around it has still to check would be in the way.
    at_once = "SET CONSTRAINTS ALL IMMEDIATE"
    return [at_once, *(drop for drop, _ in found), *off], [
        *(make for _, make in reversed(found)),
        *on,
    ]
