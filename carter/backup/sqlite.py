"""The embedded database: SQLite copies itself, also while people write (its backup API)."""

import sqlite3
from contextlib import closing
from pathlib import Path

from django.db import DatabaseError, connection

from carter.backup.archive import CannotBackUp, Manifest
from carter.backup.contents import asking, counts, manifest_of


def copy_out(copy: Path) -> Manifest:
    """Copy the database as it is at one moment, and examine the copy."""
    connection.ensure_connection()
    try:
        with closing(sqlite3.connect(copy)) as out:
            connection.connection.backup(out)
            # One file, without a log beside it.
            out.execute("PRAGMA journal_mode = DELETE")
            _examine(out)
            return manifest_of(asking(out))
    except sqlite3.Error as trouble:
        raise CannotBackUp(f"The database cannot be copied ({trouble}).") from trouble


def copy_in(copy: Path, manifest: Manifest) -> None:
    """Replace the database by the copy, all at once; who has it open sees the new one."""
    with closing(sqlite3.connect(copy)) as source:
        _examine(source)
        if counts(asking(source), manifest.counts) != manifest.counts:
            raise CannotBackUp("The backup does not hold what it says. Nothing was changed.")
        try:
            connection.ensure_connection()
            source.backup(connection.connection)
        except (DatabaseError, sqlite3.Error) as trouble:
            raise CannotBackUp(
                f"{connection.settings_dict['NAME']} cannot be replaced ({trouble}). Stop `carter "
                "serve` and `carter worker`; if it is damaged, move it away first."
            ) from trouble
    connection.close()


def _examine(database: sqlite3.Connection) -> None:
    (said,) = database.execute("PRAGMA integrity_check(1)").fetchone()
    if said != "ok":
        raise CannotBackUp(f"The database is damaged: {said}.")
