"""What the database knows of its rows, by which it chooses the way to find them."""

from django.db import connection, transaction

ROWS_A_SAMPLE = 400


def gather_statistics() -> None:
    """Let the database look at a sample of every table: after many rows came, or once in a while.

    Without, SQLite guesses. In a book of 100,000 customers a search took it 500 ms instead of 30;
    to look takes it 20 ms.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA analysis_limit = {ROWS_A_SAMPLE}")
            # Another connection reads what is gathered only when it opens or when a table changes:
            # when this one is made anew.
            cursor.execute("DROP TABLE IF EXISTS sqlite_stat1")
        cursor.execute("ANALYZE")


def renew_statistics() -> None:
    """Gather them again, unless the database does so by itself, as PostgreSQL does."""
    if connection.vendor == "sqlite":
        gather_statistics()
