"""A run over the whole book: one at a time, taken up after a crash, never a list half made."""

from datetime import timedelta

import pytest
from django.utils import timezone

from carter import cli
from carter.companies.rights import NotAllowed, Role
from carter.matching import whole_book
from carter.matching.batch.crew import CannotCompare
from carter.matching.comparing import are_due, compare_due
from carter.matching.duplicates import groups_left
from carter.matching.whole_book import (
    ALIVE_FOR,
    AlreadyComparing,
    compare_books,
    start_comparing,
    work_on,
)
from tests.builders import a_customer, a_member


@pytest.fixture
def book(ours):
    for name in ("Bob Smith", "Robert Smith", "Mary Smith"):
        a_customer(ours, name, phone="303 555 0142")
    return ours


def test_the_worker_does_what_was_asked_for_once(book, ada):
    run = start_comparing(book, by=ada)

    compare_books()
    compare_books()

    run = run.refreshed()
    assert (run.state, run.counts, run.by, are_due(book)) == (
        "finished",
        {"sure": 1, "household": 2},
        ada,
        0,
    )
    assert dict(groups_left(book)) == {"sure": 1, "household": 1}
    assert book.book_runs.count() == 1


def test_the_worker_compares_what_changed_without_being_asked(book):
    compare_books()

    assert (groups_left(book).total(), book.book_runs.count()) == (2, 0)


def test_the_worker_takes_the_whole_book_when_very_much_is_due(book, monkeypatch):
    monkeypatch.setattr(whole_book, "MANY", 2)

    compare_books()

    assert [(run.state, run.by) for run in book.book_runs.all()] == [("finished", None)]


def test_the_book_is_compared_once_at_a_time(book, ada):
    start_comparing(book, by=ada)

    with pytest.raises(AlreadyComparing):
        start_comparing(book, by=ada)


def test_whoever_may_not_change_customers_may_not_start_it(book):
    with pytest.raises(NotAllowed):
        start_comparing(book, by=a_member(book, Role.READ_ONLY))


def test_a_run_that_somebody_works_on_is_left_to_them_until_they_are_silent(book):
    run = start_comparing(book, by=None)
    run.alive_at = timezone.now()
    run.save()
    compare_books()
    assert run.refreshed().state == "waiting"

    run.alive_at -= ALIVE_FOR + timedelta(seconds=1)
    run.save()
    compare_books()
    assert run.refreshed().state == "finished"


def test_a_worker_whose_run_was_taken_over_stops_and_writes_nothing(book):
    run = start_comparing(book, by=None)

    def taken_over(current):
        book.book_runs.update(alive_at=timezone.now())

    work_on(run, taken_over)

    assert run.refreshed().is_working
    assert not book.possible_duplicates.exists()


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (CannotCompare("The disk is full."), "The disk is full."),
        (ValueError(), "Something went wrong."),
    ],
)
def test_a_failure_is_written_down_and_everybody_is_due_again(book, monkeypatch, error, words):
    compare_due(book)
    before = groups_left(book)

    def failing(_):
        raise error

    monkeypatch.setattr(whole_book, "compare_all_with", failing)
    monkeypatch.setattr(whole_book, "MANY", 2)
    failed = work_on(start_comparing(book, by=None)).refreshed()
    assert (failed.state, failed.trouble, are_due(book)) == ("failed", words, 3)
    assert groups_left(book) == before

    compare_books()
    assert (book.book_runs.count(), are_due(book)) == (1, 0)


def test_the_command_compares_the_book_and_says_what_is_left(book, capsys):
    assert cli.main(["match", "book"]) == 0

    assert [line.split() for line in capsys.readouterr().out.splitlines()] == [
        ["Ada’s", "Movers:", "2", "groups", "to", "look", "at"],
        ["Surely", "the", "same", "1"],
        ["Likely", "the", "same", "0"],
        ["Same", "household", "1"],
        ["Shared", "desk", "0"],
    ]


def test_the_command_says_when_the_book_is_being_compared(book, capsys):
    start_comparing(book, by=None)

    assert cli.main(["match", "book"]) == 1

    assert capsys.readouterr().err == "The whole book is being compared already.\n"


def test_an_engine_that_is_not_there_is_told(book, settings):
    settings.MATCH_ENGINE = "abacus"

    failed = work_on(start_comparing(book, by=None)).refreshed()

    assert failed.trouble == "There is no engine “abacus”, but duckdb and spark."
