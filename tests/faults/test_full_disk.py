"""The disk is full: a sentence, nothing lost or damaged, and it goes on when there is room.

On a file system of its own in memory, with SQLite's file on it or a whole PostgreSQL.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

import pytest
from django.db import connection

from carter import ROOT
from carter.bench.office import Forms, Office, Request, sign_in
from carter.jobs.models import Job
from carter.web.unavailable import FULL
from tests.billing.test_killing import address_of_database
from tests.faults.cluster import moved_to_a_cluster
from tests.faults.installation import SERVE, serving
from tests.faults.looking import broken_rules
from tests.faults.small_disk import small_disk

pytestmark = pytest.mark.django_db(transaction=True)

LOOK = """
import json, sqlite3, sys
book = sqlite3.connect(sys.argv[1])
asked = "PRAGMA integrity_check", "SELECT name FROM jobs_job ORDER BY id"
print(json.dumps([book.execute(query).fetchall() for query in asked]))
"""
CARTER = (sys.executable, "-m", "carter")


@pytest.fixture
def disk(tmp_path):
    folder = tmp_path / "disk"
    folder.mkdir()
    with small_disk(folder, "16m") as disk:
        yield disk


@pytest.fixture
def book(ours, ada, live_server, disk, tmp_path):
    """Our book, copied onto the disk; how Ada's browser is signed in."""
    cookies = sign_in(ada)
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(tmp_path / "copy")) as copy:
            connection.connection.backup(copy)
        shutil.copyfile(tmp_path / "copy", disk.seen / "book.sqlite3")
    return cookies


def on(disk):
    """The settings of an installation whose book and folder are on the disk."""
    return {
        "PYTHONPATH": str(ROOT),
        "DATABASE_URL": f"sqlite:///{disk.folder / 'book.sqlite3'}",
        "TMPDIR": str(disk.folder),
    }


def carter(disk, *words):
    """A command of Carter on the disk."""
    environment = {**os.environ, **on(disk)}
    return subprocess.run(
        disk.within(*CARTER, *words), env=environment, capture_output=True, text=True, check=False
    )


def names_in(disk) -> list[str]:
    """Of the leads, as they lie on the disk, which must not be damaged."""
    words = (sys.executable, "-c", LOOK, str(disk.folder / "book.sqlite3"))
    found = subprocess.run(disk.within(*words), capture_output=True, text=True, check=True)
    said, names = json.loads(found.stdout)
    assert said == [["ok"]]
    return [name for (name,) in names]


def answered(office: Office, form: Request) -> tuple[int, str]:
    """The status and the page, whatever they are."""
    headers = {"Cookie": office.cookies, "Content-Type": "application/x-www-form-urlencoded"}
    office.connection.request("POST", form.path, urlencode(form.data), headers)
    answer = office.connection.getresponse()
    return answer.status, answer.read().decode()


def until_it_is_full(office: Office) -> tuple[list[str], str, str]:
    """Take leads until one is refused: those that were taken, it, and the page that says why.

    A few still fit into what SQLite has already.
    """
    taken: list[str] = []
    while True:
        name = f"Lead {len(taken)}"
        status, page = answered(office, office.filled("/leads/new/", name=name))
        if status != 302:
            assert status == 503
            return taken, name, page
        taken.append(name)


def test_a_full_disk_is_told_nothing_is_lost_and_it_goes_on_when_there_is_room(
    book, disk, tmp_path
):
    if connection.vendor != "sqlite":
        return  # Where the book lies on a disk of the database's.
    with serving(tmp_path, *disk.within(*SERVE), **on(disk)) as installation:
        office = Office(installation.port, book)
        office.send(Request("/leads/"))
        filler = disk.fill()
        taken, refused, page = until_it_is_full(office)

        assert FULL in page
        assert names_in(disk) == taken
        checked, kept = carter(disk, "check"), carter(disk, "backup", str(disk.folder / "b.zip"))
        assert (checked.returncode, checked.stdout[-12:]) == (0, "All agrees.\n")
        assert (kept.returncode, kept.stderr.count("\n")) == (1, 1), kept.stderr
        assert {path.name.partition("-")[0] for path in disk.seen.iterdir()} == {
            "book.sqlite3",
            "filler",
        }

        filler.unlink()
        form = Request("/leads/new/", Forms(page).form("/leads/new/"))
        assert answered(office, form)[0] == 302
        office.connection.close()
    assert names_in(disk) == [*taken, refused]
    assert carter(disk, "check").returncode == 0
    assert carter(disk, "backup", str(disk.folder / "b.zip")).returncode == 0


@pytest.mark.postgresql
def test_postgresql_on_a_full_disk_is_told_and_goes_on_when_there_is_room(
    transactional_db, monkeypatch, tmp_path, request
):
    with (
        TemporaryDirectory(prefix="carter-disk-") as name,
        small_disk(open_to_all(Path(name)), "128m") as disk,
        moved_to_a_cluster(address_of_database(), monkeypatch, disk),
    ):
        cookies = sign_in(request.getfixturevalue("ada"))
        with serving(tmp_path) as installation:
            office = Office(installation.port, cookies)
            office.send(Request("/leads/"))
            filler = disk.fill()
            taken, refused, page = until_it_is_full(office)
            assert FULL in page

            filler.unlink()
            form = Request("/leads/new/", Forms(page).form("/leads/new/"))
            assert answered(office, form)[0] == 302
            office.connection.close()

        names = list(Job.across_companies.order_by("id").values_list("name", flat=True))
        assert (names, broken_rules()) == ([*taken, refused], {})


def open_to_all(folder: Path) -> Path:
    """PostgreSQL does not run as root, and must come to where it lies."""
    folder.chmod(0o755)
    return folder
