import json
import os
import threading
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction

from carter.backup.archive import CannotBackUp, read_manifest
from carter.backup.keeping import back_up, restore
from carter.billing.ledger import log_charge
from carter.commands import check
from carter.companies.models import Company, CompanyLogo
from carter.customers.models import Customer
from carter.printing.letterheads import change_logo
from tests.backup.programs import programs_of_the_server  # noqa: F401 a fixture
from tests.builders import a_customer, a_lead
from tests.printing.pictures import SVG

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place(tmp_path, live_server):
    """Where the backup goes. Asking for `live_server` makes SQLite keep its database in a file."""
    return tmp_path / "kept" / "book.zip"


def everything() -> dict[str, list]:
    """What the companies and their customers say, row by row."""
    return {
        "companies": list(Company.objects.order_by("id").values()),
        "customers": list(Customer.across_companies.order_by("id").values()),
        "logos": [bytes(each.data) for each in CompanyLogo.across_companies.all()],
    }


def broken_rules() -> list[str]:
    """What `carter check` would name."""
    return [rule.says for rule in check.RULES if rule.broken_by()[0]]


def empty() -> None:
    """As on a machine that has never seen the book."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE companies_company SET name = 'Gone'")


def test_what_was_kept_is_put_back(ours, theirs, ada, place):
    a_customer(ours, "Ann Lee", phone="303 555 0142")
    a_lead(theirs, "王小明")
    change_logo(ours, SVG, by=ada)
    before = everything()

    manifest = back_up(place)
    empty()
    a_customer(theirs, "Later Lee")
    restored = restore(place, replace=True)

    assert everything() == before
    assert restored == manifest
    assert (manifest.companies, manifest.engine) == (
        ["Ada’s Movers", "Strange Movers"],
        connection.vendor,
    )
    assert manifest.counts["customers_customer"] == 2
    assert list(place.parent.iterdir()) == [place]
    assert place.stat().st_mode & 0o077 == 0


def test_what_is_written_afterwards_works(ours, place):
    back_up(place)
    restore(place, replace=True)

    customer = a_customer(Company.objects.get(pk=ours.pk), "Ann Lee")

    assert customer.number == 1
    with connection.cursor() as cursor:
        cursor.execute("UPDATE customers_customer SET name = 'Ann'")


def test_a_book_is_not_replaced_without_a_word(ours, place):
    back_up(place)
    a_customer(ours, "Ann Lee")

    with pytest.raises(CannotBackUp, match=r"holds the book of Ada’s Movers. Add --replace"):
        restore(place, replace=False)

    assert Customer.across_companies.count() == 1


def test_an_empty_installation_takes_it_without_being_told(place):
    back_up(place)

    assert restore(place, replace=False).companies == []


def test_a_book_goes_into_an_empty_installation_and_agrees(ours, place):
    lead = a_lead(ours, "王小明")
    log_charge(customer=lead.customer, job=lead, kind="labour", amount_cents=100, by=None)
    before = everything()
    back_up(place)
    call_command("flush", interactive=False, verbosity=0)
    assert not Company.objects.exists()

    restore(place, replace=False)

    assert (everything(), broken_rules()) == (before, [])


def test_a_backup_made_while_people_write_is_of_one_moment(ours, place):
    stop = threading.Event()

    def write():
        try:
            while not stop.is_set():
                with transaction.atomic():
                    for name in ("Ann", "Bob"):
                        a_customer(Company.objects.get(pk=ours.pk), name)
        finally:
            connections.close_all()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        kept = [back_up(place.with_name(f"{number}.zip")) for number in range(3)]
    finally:
        stop.set()
        writer.join()

    counted = [each.counts["customers_customer"] for each in kept]
    assert [count % 2 for count in counted] == [0, 0, 0]
    assert counted[0] < counted[2]
    for number, count in enumerate(counted):
        restore(place.with_name(f"{number}.zip"), replace=True)
        assert (Customer.across_companies.count(), broken_rules()) == (count, [])


def rewritten(place, **changes) -> None:
    """The file with another manifest, or another database, in it."""
    with ZipFile(place) as file:
        said = json.loads(file.read("manifest.json"))
        database = file.read(f"database.{said['engine']}")
    database = changes.pop("database", database)
    with ZipFile(place, "w", ZIP_DEFLATED) as file:
        file.writestr("manifest.json", json.dumps(said | changes))
        file.writestr(f"database.{said['engine']}", database)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"database": b"SQLite format 3\0 or not"}, "not the one that was put in"),
        ({"format": 2, "carter": "9.1"}, r"newer Carter \(9.1\)"),
        ({"migrations": ["customers.0999_beyond"]}, "another version of Carter"),
    ],
)
def test_a_file_that_is_not_right_changes_nothing(ours, place, changes, why):
    back_up(place)
    rewritten(place, **changes)
    before = everything()

    with pytest.raises(CannotBackUp, match=why):
        restore(place, replace=True)

    assert everything() == before


def test_a_backup_of_the_other_database_is_refused(ours, place):
    back_up(place)
    other = "postgresql" if connection.vendor == "sqlite" else "sqlite"
    rewritten(place, engine=other)

    with pytest.raises(CannotBackUp, match="this installation uses"):
        restore(place, replace=True)


@pytest.mark.parametrize("content", [b"", b"PK\3\4 nonsense", b"Name,Phone\nAnn,1\n"])
def test_another_file_is_no_backup(ours, place, content):
    place.parent.mkdir()
    place.write_bytes(content)

    with pytest.raises(CannotBackUp, match="not a backup of Carter, or is damaged"):
        restore(place, replace=True)


@pytest.mark.parametrize("part", [0.1, 0.5, 0.99])
def test_part_of_a_backup_is_no_backup(ours, place, part):
    back_up(place)
    whole = place.read_bytes()
    place.write_bytes(whole[: int(len(whole) * part)])

    with pytest.raises(CannotBackUp, match="damaged"):
        restore(place, replace=True)


def test_a_file_that_is_not_there_is_told(place):
    with pytest.raises(CannotBackUp, match="There is no file"):
        read_manifest(place)


def test_an_older_backup_stays_until_the_new_one_is_whole(ours, place, monkeypatch):
    back_up(place)
    whole = place.read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        back_up(place)

    assert place.read_bytes() == whole
    assert list(place.parent.iterdir()) == [place]


def test_an_unfit_pg_dump_is_told(ours, place, monkeypatch, tmp_path):
    if connection.vendor == "sqlite":
        return
    monkeypatch.setattr("carter.backup.postgresql.DEBIAN", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CannotBackUp, match=r"pg_dump is missing. Install PostgreSQL’s client"):
        back_up(place)

    (tmp_path / "pg_dump").write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.1'\n")
    (tmp_path / "pg_dump").chmod(0o755)
    with pytest.raises(CannotBackUp, match="is of version 9, older than the server"):
        back_up(place)
