import pytest
from django.db import transaction

from carter.companies.rights import NotAllowed, Role
from carter.outbox.models import Letter
from carter.outbox.posting import (
    CannotDecide,
    CannotPost,
    Enclosure,
    let_it_be,
    send_again,
)
from tests.builders import a_member
from tests.outbox.builders import a_letter


def test_a_letter_waits_with_what_is_attached(ours, ada):
    letter = a_letter(ours, enclosures=[Enclosure("INV-204.pdf", "application/pdf", b"%PDF")])

    kept = Letter.across_companies.get()
    assert (kept, kept.state, kept.to, kept.cc) == (letter, "waiting", ["ann@example.com"], [])
    assert [(each.name, bytes(each.data)) for each in kept.attachments.all()] == [
        ("INV-204.pdf", b"%PDF")
    ]


def test_a_letter_of_a_deed_that_failed_was_never_written(ours):
    @transaction.atomic
    def deed():
        a_letter(ours)
        raise CannotPost("The disk is full.")

    with pytest.raises(CannotPost):
        deed()

    assert not Letter.across_companies.exists()


def test_one_key_is_one_letter_of_its_company(ours, theirs):
    first = a_letter(ours, key="invoice 7")

    assert a_letter(ours, key="invoice 7", subject="Again") == first
    assert a_letter(theirs, key="invoice 7") != first
    assert a_letter(ours) != a_letter(ours)
    assert ours.letters.count() == 3


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"to": []}, "to whom"),
        ({"to": ["ann@"]}, "“ann@” is not an email address"),
        ({"to": ["ann@example.com\nBcc: eve@example.com"]}, "is not an email address"),
        ({"cc": ["nobody"]}, "“nobody” is not an email address"),
        ({"to": [f"a{n}@example.com" for n in range(21)]}, "20 addresses at most"),
        ({"enclosures": [Enclosure("x", "text/plain", b"x" * 15_000_001)]}, "larger than 15 MB"),
    ],
)
def test_what_cannot_be_mailed_is_refused_in_words(ours, said, why):
    with pytest.raises(CannotPost, match=why):
        a_letter(ours, **said)

    assert not ours.letters.exists()


def test_a_subject_is_one_line(ours):
    assert a_letter(ours, subject="Invoice\r\nBcc: eve@example.com").subject == (
        "Invoice Bcc: eve@example.com"
    )


@pytest.mark.parametrize("state", ["failed", "unsure"])
def test_a_person_sends_it_again_or_lets_it_be(ours, ada, state):
    again, done = (a_letter(ours, state=state, tries=3, trouble="No") for _ in range(2))

    again, done = send_again(again, by=ada), let_it_be(done, by=ada)

    assert (again.state, again.trouble, again.first_try) == ("waiting", "", 3)
    assert done.state == "let-be"
    assert [event.what.split(" ")[0] for event in ours.settings_events.all()] == ["let", "sent"]


@pytest.mark.parametrize("state", ["waiting", "taken", "handing-over", "sent", "let-be"])
@pytest.mark.parametrize("deed", [send_again, let_it_be])
def test_nothing_else_is_for_a_person_to_decide(ours, ada, state, deed):
    letter = a_letter(ours, state=state)

    with pytest.raises(CannotDecide, match="Nothing was done"):
        deed(letter, by=ada)

    assert letter.refreshed().state == state


def test_deciding_takes_the_right_to_take_payments(ours):
    letter = a_letter(ours, state="failed")

    with pytest.raises(NotAllowed):
        send_again(letter, by=a_member(ours, Role.DISPATCHER))
