import time
from argparse import Namespace
from datetime import timedelta
from threading import Event, Thread

import pytest
import structlog
from django.contrib.sessions.models import Session
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from structlog.testing import capture_logs

from carter import cli
from carter.commands import worker
from carter.commands.worker import Chore, attempt, run, work_until
from tests.builders import a_customer, a_lead


def a_session(key, *, expires_in):
    return Session.objects.create(
        session_key=key, session_data="", expire_date=timezone.now() + timedelta(hours=expires_in)
    )


@pytest.mark.django_db
def test_expired_sign_ins_are_forgotten():
    a_session("expired", expires_in=-1)
    a_session("current", expires_in=1)

    assert cli.main(["worker", "--once"]) == 0

    assert list(Session.objects.values_list("session_key", flat=True)) == ["current"]


def test_keys_and_words_that_are_due_are_made(ours, theirs):
    for company in (ours, theirs):
        a_customer(company, phone="303-555-0142")
        a_lead(company)

    assert run(Namespace(once=True)) == 0

    for company in (ours, theirs):
        assert not company.customers.awaiting_keys().exists()
        assert not company.customers.awaiting_words().exists()
        assert not company.jobs.filter(words_due=True).exists()


@pytest.mark.django_db
def test_a_worker_does_not_start_on_a_database_that_is_behind(capsys):
    MigrationRecorder.Migration.objects.filter(app="sessions").delete()

    assert run(Namespace(once=True)) == 1

    assert capsys.readouterr().err == "The database is not up to date: run `carter migrate`.\n"


@pytest.mark.django_db(transaction=True)
def test_a_chore_that_fails_is_written_down_and_does_not_stop_the_others(
    settings, tmp_path, monkeypatch
):
    settings.VAR = tmp_path
    # A logger keeps the configuration of its first use: what another test may have replaced.
    monkeypatch.setattr(worker, "log", structlog.get_logger())
    stop, done = Event(), []

    def break_down():
        done.append("broke down")
        raise ConnectionError("gone")

    def finish():
        done.append("finished")
        stop.set()

    with capture_logs() as lines:
        work_until(stop, (Chore(break_down, 60), Chore(finish, 60)))

    assert done == ["broke down", "finished"]
    assert [line["event"] for line in lines] == [
        "worker started",
        "chore failed",
        "chore done",
        "worker alive",
        "worker stopped",
    ]
    assert lines[1]["chore"] == "break down"


@pytest.mark.django_db(transaction=True)
def test_a_chore_waits_for_its_time(settings, tmp_path, monkeypatch):
    monkeypatch.setattr("carter.commands.worker.PAUSE_SECONDS", 0.001)
    settings.VAR = tmp_path
    stop, done = Event(), []

    def often():
        done.append("often")
        if done.count("often") == 3:
            stop.set()

    work_until(stop, (Chore(often, 0), Chore(lambda: done.append("seldom"), 3600)))

    assert done == ["often", "seldom", "often", "often"]


@pytest.mark.django_db(transaction=True)
def test_a_worker_does_not_pause_while_a_chore_is_due(settings, tmp_path):
    settings.VAR = tmp_path
    stop, done, began = Event(), [], time.monotonic()

    def much():
        done.append("a part")
        if len(done) == 3:
            stop.set()

    work_until(stop, (Chore(much, 0), Chore(lambda: None, 3600)))

    assert time.monotonic() - began < worker.PAUSE_SECONDS


def test_a_worker_shows_life_and_stops_when_told(settings, tmp_path):
    settings.VAR = tmp_path
    stop = Event()
    thread = Thread(target=work_until, args=[stop, ()])
    thread.start()
    while not (tmp_path / "worker-alive").exists():
        time.sleep(0.01)

    stop.set()
    thread.join(timeout=5)

    assert not thread.is_alive()


def test_a_chore_tells_whether_it_was_done():
    assert attempt(Chore(lambda: None, 60)) is True
