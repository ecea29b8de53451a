"""A real installation in a folder of its own: migrated, served, examined, stopped.

That migrations make a database from nothing is shown where every test's database is made, and by
the demo.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.migrated import sqlite_file

CARTER = [sys.executable, "-m", "carter"]


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """As in production, on SQLite and a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return kept | {
        "CARTER_VAR": str(tmp_path_factory.mktemp("installation")),
        "CARTER_DEMO": "no",
        "CARTER_PORT": str(port),
        "CARTER_WORKERS": "1",
    }


def carter(environment, *words):
    return subprocess.run(
        [*CARTER, *words], env=environment, capture_output=True, text=True, check=False
    )


@contextmanager
def serving(environment):
    with subprocess.Popen([*CARTER, "serve", "--with-worker"], env=environment) as server:
        try:
            yield server
        finally:
            server.kill()


def fetch(environment, path):
    """The answer, as soon as there is one."""
    address = f"http://127.0.0.1:{environment['CARTER_PORT']}{path}"
    for _ in range(200):
        try:
            return urllib.request.urlopen(address, timeout=10)
        except urllib.error.URLError:
            time.sleep(0.1)
    raise AssertionError(f"{address} does not answer")


def test_an_installation_is_migrated_served_examined_and_stopped(environment):
    assert carter(environment, "doctor").returncode == 1
    refused = carter(environment, "serve")
    assert (refused.returncode, refused.stderr) == (
        1,
        "The database is not up to date: run `carter migrate`.\n",
    )

    shutil.copyfile(sqlite_file(), Path(environment["CARTER_VAR"]) / "carter.sqlite3")
    assert carter(environment, "migrate").returncode == 0

    with serving(environment) as server:
        assert fetch(environment, "/healthz").read() == b"ok\n"
        assert fetch(environment, "/readyz").read() == b"ready\n"
        second = carter(environment, "serve")
        assert second.returncode == 1
        assert second.stderr.startswith("Carter cannot listen on 127.0.0.1, port ")
        doctor = carter(environment, "doctor")
        assert doctor.returncode == 0, doctor.stdout
        assert "One is at work." in doctor.stdout
        server.terminate()
        assert server.wait(timeout=20) == 0
