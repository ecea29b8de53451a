from datetime import timedelta

import pytest
from django.core import mail as locmem
from django.utils import timezone

from carter.outbox import mailserver
from carter.outbox.models import LEASE, Letter
from carter.outbox.posting import Enclosure, send_again
from carter.outbox.sending import PAUSES, send_due_letters
from tests.outbox.builders import a_letter
from tests.outbox.mailserver import Sink, serving

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sink(settings):
    sink = Sink()
    with serving(sink) as port:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.DEFAULT_FROM_EMAIL = "Carter <post@carter.example>"
        yield sink


def states():
    return [letter.state for letter in Letter.across_companies.order_by("id")]


def make_due():
    Letter.across_companies.filter(state="waiting").update(due_at=timezone.now())


def test_a_letter_arrives_as_it_was_written(ours, sink):
    ours.email = "office@maple.example"
    ours.save()
    letter = a_letter(
        ours,
        to=["ann@example.com", "bob@bücher.example"],
        cc=["cy@example.com"],
        subject="Invoice № 204 – Grüße",
        text=".a line with a dot\n..two\nUmzug für Ann\n",
        html="<p>Umzug</p>",
        enclosures=[Enclosure("INV-204.pdf", "application/pdf", bytes(range(256)) * 40)],
    )

    send_due_letters()

    [mail] = sink.letters
    assert mail["Message-ID"] == letter.message_id
    assert mail["Subject"] == "Invoice № 204 – Grüße"
    [sender] = mail["From"].addresses
    assert (sender.display_name, sender.addr_spec) == ("Ada’s Movers", "post@carter.example")
    assert mail["Reply-To"] == "office@maple.example"
    assert (mail["To"], mail["Cc"]) == (
        "ann@example.com, bob@xn--bcher-kva.example",
        "cy@example.com",
    )
    assert mail.get_body(("plain",)).get_content().split("\r\n") == letter.text.split("\n")
    assert mail.get_body(("html",)).get_content().strip() == "<p>Umzug</p>"
    [pdf] = mail.iter_attachments()
    assert (pdf.get_filename(), pdf.get_content()) == ("INV-204.pdf", bytes(range(256)) * 40)
    assert letter.refreshed().state == "sent"
    assert letter.refreshed().sent_at is not None


def test_a_letter_is_sent_once_however_often_the_worker_looks(ours, sink):
    for _ in range(3):
        a_letter(ours)

    for _ in range(4):
        send_due_letters()

    assert len({mail["Message-ID"] for mail in sink.letters}) == len(sink.letters) == 3


def test_a_server_that_is_away_is_asked_again_later_and_then_gets_one(ours, settings, sink):
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    first, second = a_letter(ours), a_letter(ours)

    send_due_letters()

    first = first.refreshed()
    assert (first.state, second.refreshed().tries) == ("waiting", 0)
    assert "does not answer" in first.trouble
    assert first.due_at > timezone.now() + timedelta(seconds=50)
    settings.EMAIL_PORT = port
    make_due()
    send_due_letters()
    assert (states(), len(sink.letters)) == (["sent", "sent"], 2)


def test_trying_ends_after_two_days_and_a_person_is_told(ours, settings, sink):
    settings.EMAIL_PORT = 1
    letter = a_letter(ours)
    for _ in range(len(PAUSES)):
        make_due()
        send_due_letters()
        assert letter.refreshed().state == "waiting"

    make_due()
    send_due_letters()

    assert letter.refreshed().state == "failed"
    assert "It was tried 10 times" in letter.refreshed().trouble
    send_again(letter, by=None)
    send_due_letters()
    assert (letter.refreshed().state, letter.refreshed().tries) == ("waiting", 11)


@pytest.mark.parametrize(
    ("where", "answer", "state", "words"),
    [
        ("ann@example.com", "550 no such user", "failed", "refuses ann@example.com (550"),
        ("cy@example.com", "550 no such user", "failed", "refuses cy@example.com (550"),
        ("ann@example.com", "451 greylisted", "waiting", "does not take ann@example.com now"),
        ("DATA", "554 looks like spam", "failed", "refuses the letter (554 looks like spam)"),
        ("DATA", "452 disk full", "waiting", "does not take the letter now (452 disk full)"),
    ],
)
def test_what_the_server_refuses_goes_to_nobody_and_is_told(
    ours, sink, where, answer, state, words
):
    letter = a_letter(ours, cc=["cy@example.com"])
    sink.answers[where] = answer

    send_due_letters()

    assert (sink.letters, letter.refreshed().state) == ([], state)
    assert words in letter.refreshed().trouble
    sink.answers.clear()
    make_due()
    send_due_letters()
    assert len(sink.letters) == (1 if state == "waiting" else 0)


def test_a_refused_letter_keeps_nobody_elses_waiting(ours, sink):
    a_letter(ours, to=["gone@example.com"])
    a_letter(ours)
    sink.answers["gone@example.com"] = "550 no such user"

    send_due_letters()

    assert (states(), len(sink.letters)) == (["failed", "sent"], 1)


def test_a_server_that_hangs_up_early_has_nothing(ours, sink):
    letter = a_letter(ours)
    sink.hangs_up_at = "RCPT"

    send_due_letters()

    assert letter.refreshed().state == "waiting"
    assert "hung up" in letter.refreshed().trouble


def test_a_server_that_hangs_up_without_an_answer_may_have_it(ours, sink):
    letter = a_letter(ours)
    sink.hangs_up_at = "ANSWER"

    send_due_letters()
    send_due_letters()

    assert (letter.refreshed().state, len(sink.letters)) == ("unsure", 1)
    assert "may or may not have arrived" in letter.refreshed().trouble
    sink.hangs_up_at = ""
    send_again(letter, by=None)
    send_due_letters()
    assert (letter.refreshed().state, len(sink.letters)) == ("sent", 2)
    assert {mail["Message-ID"] for mail in sink.letters} == {letter.message_id}


def test_a_server_too_slow_to_answer_may_have_it(ours, sink, monkeypatch):
    monkeypatch.setattr(mailserver, "PATIENCE_SECONDS", 0.2)
    letter = a_letter(ours)
    sink.stops_at = "DATA"

    send_due_letters()

    assert letter.refreshed().state == "unsure"


@pytest.mark.parametrize(("left_as", "becomes"), [("taken", "sent"), ("handing-over", "unsure")])
def test_a_letter_whose_worker_died_is_sent_or_asked_about(ours, sink, left_as, becomes):
    letter = a_letter(ours, state=left_as, tries=1)
    letter.taken_at = timezone.now() - LEASE + timedelta(minutes=1)
    letter.save()
    send_due_letters()
    assert letter.refreshed().state == left_as

    letter.taken_at = timezone.now() - LEASE - timedelta(seconds=1)
    letter.save()
    send_due_letters()

    assert letter.refreshed().state == becomes
    assert len(sink.letters) == (1 if becomes == "sent" else 0)


def test_a_worker_that_lost_its_letter_sends_nothing(ours, sink):
    letter = a_letter(ours)

    mailserver.hand_over(letter, before_it_leaves=lambda: False)

    assert sink.letters == []


def test_without_a_mail_server_letters_are_kept(ours, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    letter = a_letter(ours)

    send_due_letters()

    assert letter.refreshed().state == "sent"
    assert [mail.subject for mail in locmem.outbox] == ["Invoice INV-204"]
