"""The work on a batch: taken up by one worker, interrupted at any moment, gone on with."""

from datetime import timedelta

import pytest
from django.utils import timezone

from carter.transfer import deciding, steps
from carter.transfer.batches import CannotImport, receive_file, resume, start_import, start_undo
from carter.transfer.models import ALIVE_FOR
from carter.transfer.working import do_due_imports, work_on
from tests.transfer.importing import a_csv, a_dry_run, an_import

HUBSPOT = ("Record ID", "First Name", "Last Name", "Email", "Phone Number")


def people(count: int) -> bytes:
    rows = (
        (str(50_000 + number), f"Name{number}", "Smith", f"n{number}@example.com", "")
        for number in range(count)
    )
    return a_csv(HUBSPOT, *rows)


def stopping_at(batch):
    """As if the machine stopped when so many rows were done."""

    def watch(current) -> None:
        if current.rows_done == batch:
            raise SystemExit

    return watch


@pytest.fixture
def small_chunks(monkeypatch):
    monkeypatch.setattr(steps, "CHUNK", 3)


def test_due_work_is_done_once_by_whoever_takes_it_up(ours, ada):
    batch = receive_file(company=ours, name="hub.csv", pieces=[people(2)], by=ada)

    do_due_imports()
    start_import(batch, by=ada)
    do_due_imports()
    do_due_imports()

    assert (batch.refreshed().state, ours.customers.count()) == ("imported", 2)


def test_a_batch_that_somebody_works_on_is_left_to_them(ours, ada):
    batch = receive_file(company=ours, name="hub.csv", pieces=[people(2)], by=ada)
    steps.give_sign(batch)

    do_due_imports()

    assert batch.refreshed().state == "reading"


def test_progress_is_told_after_every_chunk(ours, ada, small_chunks):
    told = []
    batch = start_import(a_dry_run(ours, people(7)), by=ada)

    work_on(batch, lambda current: told.append((current.rows_done, current.percent)))

    assert told == [(3, 42), (6, 85), (7, 100)]


def test_an_import_that_was_killed_goes_on_where_it_stopped(ours, ada, small_chunks):
    batch = start_import(a_dry_run(ours, people(8)), by=ada)
    with pytest.raises(SystemExit):
        work_on(batch, stopping_at(6))
    killed = batch.refreshed()
    assert (killed.rows_done, ours.customers.count(), killed.is_interrupted) == (6, 6, False)

    killed.alive_at = timezone.now() - ALIVE_FOR - timedelta(seconds=1)
    killed.save()
    assert killed.is_interrupted
    work_on(resume(killed, by=ada))

    done = killed.refreshed()
    assert (done.state, done.counts, done.rows_done) == ("imported", {"created": 8}, 8)
    assert list(ours.customers.order_by("number").values_list("number", flat=True)) == [
        1, 2, 3, 4, 5, 6, 7, 8,
    ]  # fmt: skip
    assert list(done.rows.values_list("line", flat=True)) == [2, 3, 4, 5, 6, 7, 8, 9]


def test_a_row_repeated_across_an_interruption_is_still_seen(ours, ada, small_chunks):
    content = people(4) + people(1).split(b"\r\n", 1)[1]
    batch = start_import(a_dry_run(ours, content), by=ada)
    with pytest.raises(SystemExit):
        work_on(batch, stopping_at(3))

    batch.refreshed().company.imports.update(trouble="stopped")
    done = work_on(resume(batch.refreshed(), by=ada))

    assert done.rows.last().reason == "The same as row 2."


def test_an_import_interrupted_half_way_can_be_undone(ours, ada, small_chunks):
    batch = start_import(a_dry_run(ours, people(8)), by=ada)
    with pytest.raises(SystemExit):
        work_on(batch, stopping_at(6))
    ours.imports.update(trouble="stopped")

    undone = work_on(start_undo(batch.refreshed(), by=ada))

    assert (undone.state, ours.customers.current().count()) == ("undone", 0)


def test_an_undo_that_was_killed_goes_on_where_it_stopped(ours, ada, monkeypatch):
    batch = an_import(ours, people(8), by=ada)
    monkeypatch.setattr("carter.transfer.undoing.CHUNK", 3)
    start_undo(batch, by=ada)
    with pytest.raises(SystemExit):
        work_on(batch.refreshed(), stopping_at(6))
    assert ours.customers.current().count() == 2

    ours.imports.update(trouble="stopped")
    done = work_on(resume(batch.refreshed(), by=ada))

    assert (done.state, ours.customers.current().count()) == ("undone", 0)


def test_a_failure_is_written_on_the_batch_and_loses_nothing(ours, ada, small_chunks, monkeypatch):
    batch = start_import(a_dry_run(ours, people(8)), by=ada)
    understand = deciding.understand

    def failing(row, *rest):
        if row.line == 8:
            raise RuntimeError("disk on fire")
        return understand(row, *rest)

    monkeypatch.setattr(deciding, "understand", failing)
    failed = work_on(batch).refreshed()
    assert (failed.is_interrupted, failed.trouble, ours.customers.count()) == (
        True,
        "Something went wrong after row 6. Nothing done so far is lost.",
        6,
    )
    do_due_imports()
    assert ours.customers.count() == 6

    monkeypatch.setattr(deciding, "understand", understand)
    work_on(resume(failed, by=ada))

    assert (failed.refreshed().state, ours.customers.count()) == ("imported", 8)


def test_work_that_goes_well_is_not_resumed(ours, ada):
    with pytest.raises(CannotImport, match=r"^people.csv was not interrupted\.$"):
        resume(an_import(ours, people(1)), by=ada)
