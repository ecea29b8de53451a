"""The cast: our company with its owner Ada, and another company with a stranger."""

import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from typing import Any

import hypothesis
import pytest
import pytest_django
import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.backends.sqlite3.base import DatabaseOperations
from django.test import Client
from zeal.constants import initialize_app_registry
from zeal.patch import patch

from carter.companies.models import Company, Member
from carter.distributing import statements
from carter.gateway.connecting import change_account
from tests import migrated
from tests.builders import a_company, the_owner
from tests.gateway.directing import KEY, WEBHOOK_SECRET, StandIn, a_stand_in


def pytest_configure() -> None:
    # A logger that remembers how it was set up cannot be listened to by a later test.
    structlog.configure(cache_logger_on_first_use=False)
    # How long an example takes says how busy the machine is.
    hypothesis.settings.register_profile("carter", deadline=None)
    hypothesis.settings.load_profile("carter")
    # Passwords in tests protect nobody; the real hash takes a third of a second each.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Each test client would look through all static files before its first question.
    settings.WHITENOISE_AUTOREFRESH = True
    # A page that asks the database once for every row of a list fails its test.
    initialize_app_registry()
    patch()
    settings.ZEAL_NPLUSONE_THRESHOLD = 3  # Two are a pair; from three on it is a loop.
    settings.MIDDLEWARE = ["zeal.middleware.zeal_middleware", *settings.MIDDLEWARE]
    # Signing in looks one and the same row up several times, inside allauth. Every query starts
    # from the company; a page may start several, as for each column of a board.
    settings.ZEAL_ALLOWLIST = [
        {"model": "companies.Company"},
        {"model": "account.*"},
        {"model": "mfa.*"},
        {"model": "sessions.*"},
        {"model": "usersessions.*"},
        # Whether it is settled now is asked of each invoice and each part of a payment by itself.
        {"model": "billing.Invoice", "field": "get()"},
        {"model": "billing.PaymentPart", "field": "get()"},
    ]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave races to PostgreSQL, and to SQLite what asks no database: once is enough for it.

    SQLite has one writer at a time, and hides races. What starts a program of its own gives it an
    SQLite of its own.
    """
    unwanted = is_a_race if is_sqlite() else asks_no_database
    config.hook.pytest_deselected(items=[item for item in items if unwanted(item)])
    items[:] = [item for item in items if not unwanted(item)]


def pytest_collection_finish() -> None:
    """Look for garbage only in what tests make, not in all that is loaded by now."""
    gc.collect()
    gc.freeze()


def is_a_race(item: pytest.Item) -> bool:
    return item.get_closest_marker("postgresql") is not None


def asks_no_database(item: pytest.Item) -> bool:
    fixtures = {"db", "transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
    return not fixtures and item.get_closest_marker("django_db") is None


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
) -> Iterator[None]:
    """Begin with a copy of a database that is migrated already.

    SQLite keeps it in a file, as an installation does: a live server's threads would share the one
    connection of a database in memory, and its transactions. The file lies in memory where that can
    be had: no test waits for a disk, and a killed process loses no more there than on one.
    """
    test = settings.DATABASES["default"]["TEST"]
    if not is_sqlite():
        test["TEMPLATE"] = migrated.postgresql_template()
        yield
        return
    with tempfile.TemporaryDirectory(prefix="carter-tests-", dir=migrated.quick_folder()) as folder:
        test["NAME"] = f"{folder}/carter.sqlite3"
        shutil.copyfile(migrated.sqlite_file(), test["NAME"])
        yield


@pytest.fixture(scope="session")
def django_db_keepdb(request: pytest.FixtureRequest) -> bool:
    """Django takes SQLite's copy as it finds it; PostgreSQL's it makes itself."""
    return is_sqlite() or bool(request.config.getoption("reuse_db"))


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker
) -> None:
    """With CARTER_TEST_DIVIDED: on the keys of a PostgreSQL book that is divided by company."""
    if os.environ.get("CARTER_TEST_DIVIDED"):
        with django_db_blocker.unblock(), transaction.atomic(), connection.cursor() as cursor:
            for statement in statements(with_citus=False):
                cursor.execute(statement)


def is_sqlite() -> bool:
    return bool(settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"))


@pytest.fixture(scope="session", autouse=True)
def emptied_between_tests() -> Iterator[None]:
    """Let a test database be emptied although what was posted is kept for ever.

    PostgreSQL truncates, which fires no trigger; SQLite deletes row by row.
    """
    flush = DatabaseOperations.sql_flush

    def without_triggers(self, *args, **kwargs):
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
        dropped = [f"DROP TRIGGER {name}" for name, _ in triggers]
        return [*dropped, *flush(self, *args, **kwargs), *(sql for _, sql in triggers)]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(DatabaseOperations, "sql_flush", without_triggers)
        yield


@pytest.fixture
def ours(db: None) -> Company:
    return a_company("Ada’s Movers", owner="Ada Owner")


@pytest.fixture
def theirs(db: None) -> Company:
    return a_company("Strange Movers", owner="Stella Stranger")


@pytest.fixture
def ada(ours: Company) -> Member:
    return the_owner(ours)


@pytest.fixture
def stranger(theirs: Company) -> Member:
    return the_owner(theirs)


@pytest.fixture(scope="session")
def stand_in_process() -> Iterator[StandIn]:
    """A payment gateway for tests, in a process of its own."""
    with a_stand_in() as stand_in:
        yield stand_in


@pytest.fixture
def gateway(stand_in_process: StandIn, settings: Any) -> StandIn:
    """It, with nothing in it yet, and asked by Carter."""
    settings.STRIPE_URL = stand_in_process.url
    stand_in_process.reset()
    return stand_in_process


@pytest.fixture
def connected(ours: Company, ada: Member, gateway: StandIn) -> Company:
    """Our company, whose gateway it is."""
    change_account(ours, secret_key=KEY, webhook_secret=WEBHOOK_SECRET, has_auto_pay=True, by=ada)
    return ours


@pytest.fixture(scope="session")
def client_of() -> Callable[[Member], Client]:
    """The browser of somebody who is signed in."""

    def of(member: Member) -> Client:
        client = Client()
        client.force_login(member.user)
        return client

    return of
