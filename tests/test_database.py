from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.utils import ConnectionHandler

from carter.database import database, databases


def test_without_an_address_the_database_is_a_file_in_carters_folder():
    described = database(url="", folder=Path("/srv/carter"), pool=4)

    assert described["NAME"] == "/srv/carter/carter.sqlite3"
    assert described["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "PRAGMA journal_mode = WAL" in described["OPTIONS"]["init_command"]
    assert "PRAGMA synchronous = FULL" in described["OPTIONS"]["init_command"]


def test_an_sqlite_file_elsewhere_is_as_safe():
    elsewhere = database(url="sqlite:////data/book.sqlite3", folder=Path("/srv"), pool=4)

    assert elsewhere == database(url="", folder=Path("/srv"), pool=4) | {
        "NAME": "/data/book.sqlite3"
    }


USUAL = {
    "application_name": "carter",
    "options": "-c jit=off",
    "server_side_binding": True,
    "prepare_threshold": 5,
}


@pytest.mark.parametrize(
    ("pool", "options"),
    [
        (
            6,
            {
                **USUAL,
                "pool": {"min_size": 1, "max_size": 6, "timeout": 5, "reconnect_timeout": 5},
            },
        ),
        (0, USUAL),
    ],
)
def test_postgresql_keeps_a_pool_of_connections(pool, options):
    described = database(url="postgres://me:pw@db:5433/book", folder=Path("/srv"), pool=pool)

    assert described["ENGINE"] == "carter.postgresql"
    assert (described["HOST"], described["PORT"], described["NAME"]) == ("db", 5433, "book")
    assert described["OPTIONS"] == options
    assert described["CONN_MAX_AGE"] == 0


def both(replica_url, *, url="postgres://me:pw@db/book", pooler=False):
    return databases(url=url, replica_url=replica_url, folder=Path("/srv"), pool=4, pooler=pooler)


def test_without_a_replica_there_is_one_database():
    assert set(both("")) == {"default"}


def test_a_replica_is_given_up_on_quickly_and_never_pooled():
    described = both("postgres://me:pw@replica/book")["replica"]

    assert described["HOST"] == "replica"
    assert described["OPTIONS"] == {
        **USUAL,
        "connect_timeout": 2,
        "tcp_user_timeout": 5_000,
    }
    assert described["CONN_MAX_AGE"] is None


@pytest.mark.parametrize("url", ["", "sqlite:////srv/book.sqlite3"])
def test_sqlite_has_no_replica(url):
    with pytest.raises(ImproperlyConfigured, match="is for a PostgreSQL named by DATABASE_URL"):
        both("postgres://me@replica/book", url=url)


def test_a_pooler_is_asked_for_nothing_that_outlives_a_transaction():
    for described in both("postgres://me:pw@replica/book", pooler=True).values():
        assert "options" not in described["OPTIONS"]
        assert described["OPTIONS"]["prepare_threshold"] is None
        assert "server_side_binding" not in described["OPTIONS"]
        assert described["DISABLE_SERVER_SIDE_CURSORS"]
    assert not both("")["default"]["DISABLE_SERVER_SIDE_CURSORS"]


def test_a_password_with_special_signs_is_understood():
    described = database(url="postgres://me:p%40ss%2Fword@db/book", folder=Path("/srv"), pool=0)

    assert described["PASSWORD"] == "p@ss/word"


def test_the_tests_run_on_the_database_as_it_is_configured(db):
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA synchronous")
            assert cursor.fetchone() == (2,)
        else:
            cursor.execute("SHOW application_name")
            assert cursor.fetchone() == ("carter",)


def test_another_kind_of_database_is_refused_in_words():
    with pytest.raises(ImproperlyConfigured, match="must begin with postgres://"):
        database(url="mysql://me@db/book", folder=Path("/srv"), pool=4)


@pytest.mark.django_db
def test_many_who_read_and_then_write_at_once_all_succeed(tmp_path):
    """With SQLite's ordinary transactions most of them would fail: "database is locked"."""
    connections = ConnectionHandler({"default": database(url="", folder=tmp_path, pool=0)})

    def ask(question):
        with connections["default"].cursor() as cursor:
            return cursor.execute(question).fetchone()

    def count_on(times):
        for _ in range(times):
            # What `transaction.atomic` does, for a connection that Django does not know of.
            connections["default"].set_autocommit(
                False, force_begin_transaction_with_broken_autocommit=True
            )
            (count,) = ask("SELECT count FROM counter")
            ask(f"UPDATE counter SET count = {count + 1}")
            connections["default"].commit()
            connections["default"].set_autocommit(True)
        connections.close_all()

    ask("CREATE TABLE counter AS SELECT 0 AS count")
    with ThreadPoolExecutor(max_workers=8) as people:
        for done in [people.submit(count_on, 5) for _ in range(8)]:
            done.result()

    assert ask("SELECT count FROM counter") == (40,)
    connections.close_all()


@pytest.mark.postgresql
@pytest.mark.django_db
def test_small_and_large_numbers_are_of_one_type_so_that_a_statement_is_planned_once():
    numbers = [0, -1, 2**15, -(2**15), 2**31 - 1]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT " + ", ".join(["pg_typeof(%s)::text, %s"] * len(numbers)),
            [n for n in numbers for _ in "ab"],
        )
        row = cursor.fetchone()

    assert set(row[::2]) == {"integer"}
    assert list(row[1::2]) == numbers


@pytest.mark.postgresql
@pytest.mark.django_db
def test_a_number_too_large_for_an_integer_goes_as_it_is():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_typeof(%s)::text, %s", [2**31, 2**31])

        assert cursor.fetchone() == ("bigint", 2**31)
