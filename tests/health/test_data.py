import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from carter.health import data
from carter.health.finding import Verdict, broken, fine
from carter.health.readiness import waiting_migrations, why_not_ready
from tests.outbox.builders import a_letter

pytestmark = pytest.mark.django_db


@pytest.fixture
def one_migration_behind():
    MigrationRecorder.Migration.objects.filter(app="sessions").delete()


def test_a_database_that_answers_is_named():
    finding = data.reachable()

    assert finding.verdict is Verdict.FINE
    assert finding.words.startswith(connection.display_name)


def test_a_database_that_is_up_to_date_is_ready():
    assert waiting_migrations() == []
    assert why_not_ready() == ""
    assert data.migrations().verdict is Verdict.FINE


def test_a_database_that_is_behind_is_not_ready(one_migration_behind):
    assert waiting_migrations() == ["sessions.0001_initial"]
    assert why_not_ready() == "The database is not up to date: run `carter migrate`."
    assert data.migrations() == broken("Migrations", "1 to be applied: run `carter migrate`.")


def test_a_cache_without_its_table_is_to_be_fixed():
    assert data.shared_memory().verdict is Verdict.FINE

    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {cache._table}")

    assert data.shared_memory().verdict is Verdict.BROKEN


@pytest.fixture
def unsafe(transactional_db):
    """A database that trusts the disk; the tests' PostgreSQL always does (fsync is off)."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous = OFF")
        yield
        cursor.execute("PRAGMA synchronous = FULL")


@pytest.mark.django_db(transaction=True)
def test_a_database_that_may_lose_what_was_confirmed_is_to_be_fixed(unsafe):
    finding = data.safety()

    assert finding.verdict is Verdict.BROKEN
    assert finding.words.endswith("what was confirmed may be lost in a power cut.")


def test_the_clock_agrees_with_the_database():
    assert data.clock().verdict is Verdict.FINE


def test_a_clock_that_differs_from_the_database_is_to_be_fixed(time_machine, tmp_path, monkeypatch):
    if connection.vendor == "sqlite":
        (tmp_path / "book.sqlite3").touch()
        monkeypatch.setitem(settings.DATABASES["default"], "NAME", tmp_path / "book.sqlite3")
    time_machine.move_to("2020-02-01T12:00:00Z")

    assert data.clock().verdict is Verdict.BROKEN


def test_letters_that_did_not_leave_are_told(ours):
    letter = a_letter(ours)
    assert data.letters() == fine("Letters", "None waits for long.")

    letter.at -= 2 * data.LATEST_LETTER
    letter.save()
    assert data.letters().words == "1 have waited for hours: look at Settings › Mail."

    a_letter(ours, state="unsure")
    assert data.letters().words == "1 failed or are unsure: look at Settings › Mail."
