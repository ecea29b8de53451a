"""`carter bench` from beginning to end, on a book of a few hundred."""

import json
import os
import shutil
import subprocess
import sys

from carter import ROOT
from carter.bench.operations import OPERATIONS
from tests.migrated import sqlite_file


def bench(var, *words):
    environment = {**os.environ, "CARTER_VAR": str(var), "DATABASE_URL": ""}
    return subprocess.run(
        [sys.executable, "-m", "carter", "bench", "--customers", "300", *words],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_every_operation_is_done_and_measured_over_http_and_then_for_a_while(tmp_path):
    shutil.copyfile(sqlite_file(), tmp_path / "bench-300.sqlite3")
    saved = tmp_path / "run.json"

    done = bench(tmp_path, "--times", "2", "--runs", "1", "--save", str(saved))

    assert done.returncode == 0, done.stderr
    report = json.loads(saved.read_text())
    assert {operation.name for operation in OPERATIONS} <= set(report["operations"])
    assert all(figure["queries"] for figure in report["operations"].values())
    assert "8 clients, mixed work" in done.stdout

    soaked = bench(tmp_path, "--soak", "0.1")
    assert [line[:1] for line in soaked.stdout.splitlines()[:5]] == ["q", "1", "2", "3", "4"]
    assert " failed, first: " not in soaked.stdout
