import pytest
from hypothesis import given
from hypothesis import strategies as st

from carter.customers.emails import (
    email_key,
    email_keys,
    email_parts,
    is_free_mail,
    is_plausible,
)


@pytest.mark.parametrize(
    "typed",
    [
        "bobsmith@gmail.com",
        "Bob.Smith+move@gmail.com",
        "BOB.SMITH@GMAIL.COM",
        "b.o.b.smith@googlemail.com",
        "<bob.smith@gmail.com>",
        "Bob Smith <bobsmith@gmail.com>.",
        "mailto:bobsmith@gmail.com",
        "bobsmith@gmial.com",
        "ｂｏｂｓｍｉｔｈ＠gmail.com",
        " bobsmith@gmail.com, ",
    ],
)
def test_every_way_of_writing_a_gmail_box_has_one_key(typed):
    assert email_key(typed) == "bobsmith@gmail.com"


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("Bob.Smith+quote@Acme.com.", "bob.smith@acme.com"),
        ("o'brien@acme.com", "o'brien@acme.com"),
        ("bob@example.com", "bob@example.com"),
        ("first@a.com; second@b.com", "first@a.com"),
    ],
)
def test_dots_count_elsewhere_but_plus_tags_do_not(typed, key):
    assert email_key(typed) == key


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "none",
        "N/A",
        "@",
        "bob@",
        "bob@localhost",
        "+tag@gmail.com",
        "none@none.com",
        "noemail@noemail.com",
        "test@test.com",
        "na@gmail.com",
        "n/a@gmail.com",
        "unknown@unknown.com",
        "no-reply@acme.com",
        "noemail@acme.com",
        "test@example.com",
    ],
)
def test_a_placeholder_is_no_mailbox(typed):
    assert email_key(typed) == ""


def test_a_field_may_hold_several_mailboxes():
    assert email_keys("a@b.com; C@d.org, a@b.com") == ["a@b.com", "c@d.org"]


def test_the_domain_stands_apart_from_the_user():
    assert email_parts("bob@acme.com") == ("bob", "acme.com")
    assert email_parts("") == ("", "")


def test_anybody_can_have_a_free_mailbox():
    assert [is_free_mail(domain) for domain in ("gmail.com", "acme.com")] == [True, False]


def test_a_form_takes_what_can_be_an_address():
    typed = ["bob@acme.com", " bob@acme.com ", "bob@@acme.com", "bob", "bob@acme", ""]
    assert [is_plausible(text) for text in typed] == [True, True, False, False, False, False]


EMAILISH = st.text(alphabet="abno.+-@'<>, gmailcomßİ＠", max_size=40)


@given(st.one_of(st.text(), EMAILISH, st.emails()))
def test_any_text_has_a_key_which_is_its_own_key(text):
    key = email_key(text)
    assert email_key(key) == key
    is_plausible(text)
