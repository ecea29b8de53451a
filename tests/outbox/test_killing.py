"""Workers killed in the middle of a letter: never two letters, and none is silently lost."""

import os
import subprocess
import sys
from collections import Counter

import pytest
from django.db import connection
from django.utils import timezone

from carter.outbox.models import LEASE, Letter
from carter.outbox.sending import send_due_letters
from tests.outbox.builders import a_letter
from tests.outbox.mailserver import Sink, serving

pytestmark = pytest.mark.django_db(transaction=True)

KILLS = int(os.environ.get("CARTER_TEST_KILLS", "4"))


def address_of_database() -> str:
    """For another process. Asking for `live_server` makes SQLite keep its database in a file."""
    said = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{said['NAME']}"
    user = f"{said['USER']}:{said['PASSWORD']}".rstrip(":")
    return f"postgres://{user}@{said['HOST']}:{said['PORT']}/{said['NAME']}"


@pytest.fixture
def start_worker(live_server, tmp_path):
    """Starts `carter worker --once`, which sends by the mail server at the port."""

    def start(port: int) -> "subprocess.Popen[bytes]":
        environment = {
            **os.environ,
            "DATABASE_URL": address_of_database(),
            "CARTER_VAR": str(tmp_path),
            "CARTER_MAIL_URL": f"smtp://127.0.0.1:{port}",
        }
        words = [sys.executable, "-m", "carter", "worker", "--once"]
        return subprocess.Popen(words, env=environment, stderr=subprocess.DEVNULL)

    return start


def let_the_lease_end() -> None:
    Letter.across_companies.filter(taken_at__isnull=False).update(
        taken_at=timezone.now() - 2 * LEASE
    )


def test_no_letter_is_lost_or_sent_twice_when_workers_are_killed(ours, start_worker):
    letters = [a_letter(ours) for _ in range(KILLS + 2)]
    arrived: Counter[str] = Counter()
    for kill in range(KILLS):
        sink = Sink()
        sink.stops_at = ("RCPT", "DATA")[kill % 2]
        with serving(sink) as port:
            worker = start_worker(port)
            assert sink.reached.wait(60)
            worker.kill()
            worker.wait()
        arrived.update(mail["Message-ID"] for mail in sink.letters)
        let_the_lease_end()

    sink = Sink()
    with serving(sink) as port:
        assert start_worker(port).wait() == 0
    arrived.update(mail["Message-ID"] for mail in sink.letters)

    states = {letter.message_id: letter.refreshed().state for letter in letters}
    assert Counter(states.values()) == {"sent": KILLS // 2 + 2, "unsure": KILLS // 2}
    assert set(arrived.values()) == {1}
    assert set(arrived) >= {key for key, state in states.items() if state == "sent"}


def test_had_the_hand_over_not_been_noted_two_would_arrive(ours, settings):
    """The control: what the note right before the text leaves is good for."""
    letter, sink = a_letter(ours), Sink()
    with serving(sink) as port:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        for state in ("waiting", "taken"):
            letter.state, letter.taken_at = state, timezone.now() - 2 * LEASE
            letter.save(update_fields=["state", "taken_at"])
            send_due_letters()

    assert [mail["Message-ID"] for mail in sink.letters] == [letter.message_id] * 2
