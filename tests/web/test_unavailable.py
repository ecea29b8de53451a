"""The database or the disk cannot take it now: a sentence, and a form that can be sent again."""

import errno
import sqlite3
from contextlib import closing, contextmanager

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from carter.bench.office import Forms, Refused
from carter.jobs.models import Job
from carter.urls import handler500
from carter.web.middleware.company import public
from carter.web.unavailable import AWAY, BUSY, DISK, FULL, why_unavailable

TYPED = {"csrfmiddlewaretoken": "t", "once": "o", "name": "Bob <b>", "services": ["packing", "x"]}


def by_sqlite(code: int) -> OperationalError:
    return caused(OperationalError, sqlite3.OperationalError("said so"), sqlite_errorcode=code)


def caused(kind, cause, **attributes):
    """As Django raises what a driver raised."""
    for name, value in attributes.items():
        setattr(cause, name, value)
    trouble = kind(str(cause))
    trouble.__cause__ = cause
    return trouble


@public
def without_room(request: HttpRequest) -> HttpResponse:
    raise by_sqlite(sqlite3.SQLITE_FULL)


urlpatterns = [path("full/", without_room)]
__all__ = ["handler500", "urlpatterns"]


@pytest.fixture
def visitor():
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("trouble", "why"),
    [
        (by_sqlite(sqlite3.SQLITE_BUSY), BUSY),
        (by_sqlite(sqlite3.SQLITE_BUSY_SNAPSHOT), BUSY),
        (by_sqlite(sqlite3.SQLITE_FULL), FULL),
        (by_sqlite(sqlite3.SQLITE_IOERR_WRITE), DISK),
        (caused(OperationalError, psycopg.OperationalError("refused")), AWAY),
        (caused(InterfaceError, psycopg.InterfaceError("the connection is closed")), AWAY),
        (caused(OperationalError, psycopg.errors.AdminShutdown("bye")), AWAY),
        (caused(OperationalError, psycopg.errors.CannotConnectNow("starting up")), AWAY),
        (caused(OperationalError, psycopg.errors.DiskFull("no space")), FULL),
        (caused(OperationalError, psycopg.errors.TooManyConnections("no")), BUSY),
        (OSError(errno.ENOSPC, "No space left on device"), FULL),
        # Mistakes of Carter's own.
        (by_sqlite(sqlite3.SQLITE_ERROR), ""),
        (caused(OperationalError, psycopg.errors.UndefinedTable("no such table")), ""),
        (OSError(errno.ENOENT, "No such file"), ""),
        (ZeroDivisionError(), ""),
        (None, ""),
    ],
)
def test_what_is_no_mistake_of_carters_is_said(trouble, why):
    assert why_unavailable(trouble) == why


@pytest.mark.urls(__name__)
def test_a_page_can_be_asked_for_again(visitor):
    answer = visitor.get("/full/?a=1")

    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert FULL in answer.content.decode()
    assert 'href="/full/?a=1"' in answer.content.decode()


@pytest.mark.urls(__name__)
def test_a_form_stands_on_the_page_to_be_sent_again(visitor):
    page = visitor.post("/full/?a=1", TYPED).content.decode()

    assert Forms(page).form("/full/?a=1") == [
        ("csrfmiddlewaretoken", "t"),
        ("once", "o"),
        ("name", "Bob <b>"),
        ("services", "packing"),
        ("services", "x"),
    ]


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    "more", [{"password": "boxes"}, {"file": SimpleUploadedFile("a.csv", b"Name\nAnn\n")}]
)
def test_neither_a_password_nor_a_file_is_put_on_a_page(visitor, more):
    page = visitor.post("/full/", TYPED | more).content.decode()

    assert "Go back, where what you typed still is" in page
    with pytest.raises(Refused):
        Forms(page).form("/full/")


@pytest.mark.urls(__name__)
def test_a_part_of_a_page_is_left_as_it_is_and_the_words_are_shown_above(visitor):
    answer = visitor.post("/full/", TYPED, headers={"HX-Request": "true"})

    shown = {name: answer[name] for name in ("HX-Retarget", "HX-Reselect", "HX-Reswap")}
    assert shown == {
        "HX-Retarget": "#trouble",
        "HX-Reselect": "#words",
        "HX-Reswap": "innerHTML",
    }
    assert '<div id="words">' in answer.content.decode()


@contextmanager
def somebody_writing():
    """Another program in the middle of a transaction."""
    with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")


@pytest.mark.django_db(transaction=True)
def test_a_book_that_is_written_to_for_long_is_told_and_then_takes_the_form(
    ours, ada, client_of, live_server
):
    if connection.vendor != "sqlite":
        return  # Where one does not wait for another who writes something else.
    client = client_of(ada)
    client.raise_request_exception = False
    form = dict(Forms(client.get("/leads/new/").content.decode()).form("/leads/new/"))
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 100")

    with somebody_writing():
        answer = client.post("/leads/new/", form | {"name": "Bob <b>"})
        assert answer.status_code == 503
        assert BUSY in answer.content.decode()
        assert client.get("/leads/").status_code == 200
    assert Job.across_companies.count() == 0

    again = Forms(answer.content.decode()).form("/leads/new/")
    answers = [client.post("/leads/new/", dict(again)).status_code for _ in range(2)]
    assert (answers, Job.across_companies.count()) == ([302, 302], 1)
