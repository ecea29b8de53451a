"""`carter import`, `carter export` and `carter measure-import` at a terminal."""

import csv
import shutil
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connections

from carter.cli import main
from carter.companies.rights import Role
from carter.customers.models import Customer
from carter.transfer import throwaway
from carter.transfer.models import ImportBatch
from tests.builders import a_customer, a_member
from tests.migrated import sqlite_file

SAMPLES = Path(__file__).parents[1] / "data" / "imports"
HUBSPOT = "Record ID,First Name,Last Name,Email,Phone Number\n"


@pytest.fixture
def contacts(tmp_path):
    path = tmp_path / "contacts.csv"
    path.write_text(f"{HUBSPOT}1,Bob,Smith,bob@example.com,303-555-0142\n2,,,,\n")
    return path


def test_a_file_is_tried_out_and_imported(ours, contacts, capsys):
    status = main(["import", str(contacts), "--yes"])

    assert status == 0
    assert capsys.readouterr().out == (
        "contacts.csv: HubSpot contacts, CSV with commas, UTF-8\n"
        "Ready to import: 2 rows\n"
        "  Created          1\n"
        "  Attached         0\n"
        "  Skipped          0\n"
        "  Refused          1\n"
        "  Row 3 refused: The row names nobody: it has no name, no phone and no email.\n"
        "Imported: 2 rows\n"
        "  Created          1\n"
        "  Attached         0\n"
        "  Skipped          0\n"
        "  Refused          1\n"
        "  Row 3 refused: The row names nobody: it has no name, no phone and no email.\n"
        f"To take it back: carter import --undo {ours.imports.get().pk}\n"
    )
    assert ours.customers.get().name == "Bob Smith"


@pytest.mark.parametrize("words", [["--dry-run"], []])
def test_nothing_is_imported_without_a_yes(ours, contacts, words):
    assert main(["import", str(contacts), *words]) == 0
    assert not ours.customers.exists()


def test_what_is_done_is_signed_by_the_member_it_is_done_as(ours, ada, contacts):
    main(["import", str(contacts), "--yes", "--as", ada.user.email])

    assert ours.customers.get().events.get().by == ada


def test_an_import_is_taken_back(ours, contacts, capsys):
    main(["import", str(contacts), "--yes"])
    capsys.readouterr()

    status = main(["import", "--undo", str(ours.imports.get().pk)])

    assert (status, capsys.readouterr().out) == (0, "contacts.csv: 1 rows undone.\n")
    assert not ours.customers.current().exists()


def test_an_interrupted_import_goes_on(ours, contacts):
    main(["import", str(contacts), "--yes"])
    ours.imports.update(state=ImportBatch.State.IMPORTING, trouble="It was stopped.")

    assert main(["import", "--resume", str(ours.imports.get().pk)]) == 0
    assert ours.imports.get().state == "imported"


def test_columns_of_an_unknown_file_are_said_and_remembered(ours, tmp_path, capsys):
    path = tmp_path / "list.csv"
    path.write_text("Wer,Handy\nBob Smith,303-555-0142\n")

    assert main(["import", str(path), "--yes"]) == 1
    captured = capsys.readouterr()
    assert captured.out.endswith("  Wer = note\n  Handy = mobile\n")
    assert captured.err == "Say what the columns hold with --column, or on screen.\n"

    assert main(["import", str(path), "--yes", "--column", "Wer=name"]) == 0
    assert main(["import", str(path), "--yes"]) == 0
    assert ours.customers.get().name == "Bob Smith"


def test_the_report_holds_every_row_with_its_reason(ours, contacts, tmp_path):
    main(["import", str(contacts), "--dry-run", "--report", str(tmp_path / "report.csv")])

    with (tmp_path / "report.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["First Name"], row["carter_row"], row["carter_outcome"]) for row in rows] == [
        ("Bob", "2", "Created"),
        ("", "3", "Refused"),
    ]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["missing.csv"], "missing.csv cannot be read: No such file or directory.\n"),
        ([], "Say which file to import. `carter import --help` shows how.\n"),
        (["--undo", "99"], "There is no import 99.\n"),
        (["--undo", "1", "--company", "Nobody"], "Say whose book with --company NAME. "),
        (["--undo", "1", "--as", "x@example.com"], "Nobody with the address x@example.com works "),
    ],
)
def test_what_cannot_be_done_gets_a_sentence(ours, capsys, words, sentence):
    assert main(["import", *words]) == 1
    assert capsys.readouterr().err.startswith(sentence)


def test_a_file_that_is_no_table_gets_a_sentence(ours, tmp_path, capsys):
    path = tmp_path / "contacts.csv"
    path.write_bytes(b"%PDF-1.7")

    assert main(["import", str(path), "--yes"]) == 1
    assert capsys.readouterr().err == "This is a PDF, not a table. Save it as CSV or XLSX first.\n"


def test_a_member_without_the_right_imports_nothing(ours, contacts, capsys):
    sam = a_member(ours, Role.SALES)

    assert main(["import", str(contacts), "--yes", "--as", sam.user.email]) == 1
    assert capsys.readouterr().err.startswith("Your role may not import.")


def test_whose_book_must_be_said_when_there_are_two(ours, theirs, contacts):
    assert main(["import", str(contacts), "--yes"]) == 1
    assert main(["import", str(contacts), "--yes", "--company", theirs.name.upper()]) == 0
    assert Customer.across_companies.get().company == theirs


@pytest.mark.parametrize(
    ("what", "name"), [("customers", "all.csv"), ("jobs", "all.xlsx"), ("customers", "all.XLSX")]
)
def test_a_book_is_exported(ours, tmp_path, capsys, what, name):
    a_customer(ours, "Bob Smith")

    status = main(["export", what, str(tmp_path / name)])

    assert (status, capsys.readouterr().out) == (
        0,
        f"Ada’s Movers: {what} written to {tmp_path / name}.\n",
    )
    assert (tmp_path / name).stat().st_size > 100


@pytest.mark.parametrize(
    ("file", "status"), [("all.pdf", 2), ("no such folder/all.csv", 1), (".csv", 2)]
)
def test_an_export_that_cannot_be_written_says_so(ours, tmp_path, capsys, file, status):
    assert main(["export", "customers", str(tmp_path / file)]) == status
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.fixture
def migrated_already(monkeypatch):
    """A book of its own begins as a copy, in which Django finds nothing left to migrate."""

    def copied(command, **options):
        shutil.copyfile(sqlite_file(), connections["default"].settings_dict["NAME"])
        call_command(command, **options)

    monkeypatch.setattr(throwaway, "call_command", copied)


def test_the_samples_are_measured_in_a_book_of_their_own(ours, capsys, migrated_already):
    assert main(["measure-import", str(SAMPLES)]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "hubspot-contacts.csv: HubSpot contacts, 540 created"
    assert lines[4] == "900 leads; 364 belong to a known customer."
    assert lines[6].startswith("Leads: precision ")
    assert float(lines[6].split()[2].rstrip(",")) >= 0.98
    assert float(lines[6].split()[4]) >= 0.75
    assert not ours.customers.exists()


def test_a_folder_without_a_truth_cannot_be_measured(ours, tmp_path, capsys):
    assert main(["measure-import", str(tmp_path)]) == 1
    assert capsys.readouterr().out == f"{tmp_path} needs CSV files and a truth.csv.\n"
