"""Databases with every migration applied: made once, copied after that.

To apply them all takes ten seconds, to copy what came of it a tenth of a second. What is kept is
named after the migrations, so nothing outdated is ever taken, and Django still asks each copy
whether anything is left to apply. `./run test` begins with nothing kept, and so does a throwaway
PostgreSQL: each run applies them for real.
"""

import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import django
import psycopg
from django.apps import apps
from psycopg.sql import SQL, Identifier

from carter import ROOT
from tests import environment

KEPT = Path(os.environ.get("CARTER_TEST_DATABASES") or ROOT / ".pytest_cache" / "databases")
ROOM = 500_000_000
WHAT_MAKES_A_DATABASE = ("migrations/*.py", "models.py", "models/*.py")
# A migration makes many short-lived classes, and looking for garbage takes a third of the time.
MIGRATE = """
import gc, sys
gc.disable()
from carter.cli import main
sys.exit(main(["django", "migrate", "--verbosity=0"]))
"""


def sqlite_file() -> Path:
    """An SQLite database to be copied."""
    kept = KEPT / f"{name()}.sqlite3"
    with one_at_a_time():
        if not kept.exists():
            make_sqlite_file(kept)
    return kept


def postgresql_template() -> str:
    """The name of a database on the tests' server to be copied."""
    template = f"test_migrated_{name()}"
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute("SELECT pg_advisory_lock(hashtext('migrated'))")
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template]).rowcount:
            make_postgresql_template(server, template)
    return template


def name() -> str:
    """Another one for other migrations, other models or another Django."""
    digest = hashlib.sha256(f"{django.VERSION} {sqlite3.sqlite_version_info}".encode())
    for app in apps.get_app_configs():
        for pattern in WHAT_MAKES_A_DATABASE:
            for file in sorted(Path(app.path).glob(pattern)):
                digest.update(f"{app.label} {file.name}".encode() + file.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def one_at_a_time() -> Iterator[None]:
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def quick_folder() -> Path | None:
    """Where files lie in memory, if the machine has such a place and room in it."""
    memory = Path("/dev/shm")
    return memory if memory.is_dir() and shutil.disk_usage(memory).free > ROOM else None


def make_sqlite_file(kept: Path) -> None:
    for outdated in KEPT.glob("*.sqlite3*"):
        outdated.unlink()
    whole = KEPT / "whole.sqlite3"
    with TemporaryDirectory(prefix="carter-tests-", dir=quick_folder()) as folder:
        draft = f"{folder}/draft.sqlite3"
        migrate(f"sqlite:///{draft}")
        with closing(sqlite3.connect(draft)) as database:
            database.execute("VACUUM INTO ?", [str(whole)])
    whole.rename(kept)


def make_postgresql_template(server: psycopg.Connection, template: str) -> None:
    draft = f"{template}_draft"
    server.execute(SQL("DROP DATABASE IF EXISTS {}").format(Identifier(draft)))
    server.execute(SQL("CREATE DATABASE {}").format(Identifier(draft)))
    migrate(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{draft}").geturl())
    server.execute(
        SQL("ALTER DATABASE {} RENAME TO {}").format(Identifier(draft), Identifier(template))
    )


def migrate(url: str) -> None:
    settings = {"DATABASE_URL": url, "PYTHONPATH": str(ROOT), "CARTER_VAR": environment.FOLDER.name}
    subprocess.run(
        [sys.executable, "-c", MIGRATE], cwd=ROOT, env={**os.environ, **settings}, check=True
    )


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "carter.settings"
    django.setup()
    sys.stdout.write(f"{sqlite_file().name}\n")
