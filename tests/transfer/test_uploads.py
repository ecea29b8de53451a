"""The file of an import on more than one machine, each with a folder of its own."""

import hashlib
from importlib import import_module

import pytest
from django.apps import apps

from carter.transfer.batches import receive_file, start_import
from carter.transfer.reporting import report_table
from carter.transfer.uploads import PIECE, rows_of
from carter.transfer.working import work_on
from tests.transfer.importing import a_csv

COLUMNS = ("Record ID", "First Name", "Last Name", "Email", "Phone Number")
PEOPLE = a_csv(COLUMNS, ("50001", "Ann", "Lee", "ann@example.com", ""), ("50002", "", "", "", ""))


@pytest.fixture
def on_machine(settings, tmp_path):
    def go(name):
        settings.VAR = tmp_path / name

    return go


def test_a_file_that_came_to_one_machine_is_worked_on_by_others(ours, ada, on_machine):
    on_machine("web")
    batch = receive_file(company=ours, name="hub.csv", pieces=[PEOPLE], by=ada)
    on_machine("worker")
    assert work_on(batch).state == "checked"
    on_machine("another worker")
    start_import(batch.refreshed(), by=ada)
    assert work_on(batch.refreshed()).state == "imported"
    on_machine("another web")

    assert [row.line for row in rows_of(batch)] == [2, 3]
    assert [row[-2] for row in report_table(batch.refreshed()).rows] == ["Created", "Refused"]


def test_a_large_file_is_the_same_on_every_machine(ours, ada, on_machine):
    whole = b"Name\n" + b"".join(b"Bob %d\n" % number for number in range(200_000))
    assert PIECE < len(whole) < 2 * PIECE
    sent = [whole[start : start + 65_536] for start in range(0, len(whole), 65_536)]
    on_machine("web")
    batch = receive_file(company=ours, name="bobs.csv", pieces=sent, by=ada)
    on_machine("worker")

    assert sum(1 for _ in rows_of(batch)) == 200_000

    kept = batch.upload.read_bytes()
    assert kept == whole
    assert (batch.size, batch.sha256) == (len(whole), hashlib.sha256(whole).hexdigest())
    assert set(batch.upload.parent.iterdir()) == {batch.spool, batch.upload}


def test_a_file_from_before_is_kept_as_well(ours, ada, on_machine):
    on_machine("web")
    batch = receive_file(company=ours, name="hub.csv", pieces=[PEOPLE], by=ada)
    batch.pieces.all().delete()
    before = batch.upload.with_name(f"{batch.pk}.upload")
    before.parent.mkdir(parents=True)
    before.write_bytes(PEOPLE)
    earlier_uploads = import_module("carter.transfer.migrations.0004_earlier_uploads")

    earlier_uploads.keep(apps, None)
    on_machine("worker")

    assert [row.line for row in rows_of(batch)] == [2, 3]
