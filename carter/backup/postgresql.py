"""PostgreSQL's own programs copy the database; which of them, and with what words."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from carter.backup.archive import CannotBackUp, Manifest
from carter.backup.contents import asking, counts, manifest_of

DEBIAN = Path("/usr/lib/postgresql")
EMPTIED = """
SET lock_timeout = '10s';
DROP SCHEMA IF EXISTS public CASCADE;
CREATE SCHEMA public;
"""


def copy_out(copy: Path) -> Manifest:
    """Dump the database as it is at one moment, at which its rows are counted too."""
    program = program_for("pg_dump")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
        manifest = manifest_of(asking(cursor))
        words = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
        _run(program, *words, f"--file={copy}")
    return manifest


def copy_in(copy: Path, manifest: Manifest) -> None:
    """Replace the database by the copy in one transaction: all of it, or nothing is changed."""
    restore, psql = program_for("pg_restore"), program_for("psql")
    prologue, script = copy.with_suffix(".prologue"), copy.with_suffix(".sql")
    prologue.write_text(EMPTIED, encoding="ascii")
    _run(restore, "--no-owner", "--no-privileges", f"--file={script}", copy)
    connection.close()
    words = ["--single-transaction", "--set=ON_ERROR_STOP=1", "--quiet", "--no-psqlrc"]
    _run(psql, *words, f"--file={prologue}", f"--file={script}")
    with connection.cursor() as cursor:
        if counts(asking(cursor), manifest.counts) != manifest.counts:
            raise CannotBackUp(
                "The database does not hold what the backup says. Put it back again."
            )


def program_for(name: str) -> Path:
    """The newest of these programs that knows the server. Raises CannotBackUp."""
    server = _server_version()
    found = {path: _version_of(path) for path in _candidates(name)}
    if not found:
        raise CannotBackUp(
            f"The program {name} is missing. Install PostgreSQL’s client programs, version "
            f"{server} or newer (on Debian: apt install postgresql-client)."
        )
    path, newest = max(found.items(), key=lambda each: each[1])
    if newest < server:
        raise CannotBackUp(
            f"{path} is of version {newest}, older than the server ({server}). Install "
            f"PostgreSQL’s client programs, version {server} or newer."
        )
    return path


def _candidates(name: str) -> Iterator[Path]:
    """On the path, and where Debian keeps those of every version."""
    if on_path := shutil.which(name):
        yield Path(on_path)
    yield from DEBIAN.glob(f"*/bin/{name}")


def _server_version() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        return int(cursor.fetchone()[0]) // 10_000


def _version_of(program: Path) -> int:
    """15 for `pg_dump (PostgreSQL) 15.18`; 0 when it does not say."""
    said = subprocess.run(  # noqa: S603 a program of PostgreSQL
        [program, "--version"], capture_output=True, text=True, check=False
    )
    number = re.search(r"\) (\d+)", said.stdout)
    return int(number[1]) if number else 0


def _run(program: Path, *words: str | Path) -> None:
    """Run one of the programs on our database.

    The password goes by the environment: a command's words can be read by all on the machine.
    """
    done = subprocess.run(  # noqa: S603 words of our own, and paths as they are
        [program, *words],
        env={**os.environ, **_where()},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        reason = done.stderr.strip().splitlines()[-1:] or ["it does not say why"]
        raise CannotBackUp(
            f"{program.name} failed: {reason[0]}. Nothing was changed. Should `carter serve` or "
            "`carter worker` run, stop them first."
        )


def _where() -> dict[str, str]:
    """The database for PostgreSQL's programs, by their environment variables."""
    said = settings.DATABASES["default"] | connection.settings_dict
    known = {
        "PGHOST": said["HOST"],
        "PGPORT": said["PORT"],
        "PGUSER": said["USER"],
        "PGPASSWORD": said["PASSWORD"],
        "PGDATABASE": said["NAME"],
        "PGSSLMODE": said["OPTIONS"].get("sslmode"),
    }
    return {name: str(value) for name, value in known.items() if value}
