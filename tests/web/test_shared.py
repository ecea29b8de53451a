"""The list of shared phones and emails, and the last word a person has on each."""

import pytest
from django.urls import reverse

from carter.companies.rights import Role
from carter.matching.models import SharedIdentifier
from carter.matching.said import Said
from carter.matching.sharing import say
from tests.builders import a_customer, a_member

LIST = "/duplicates/shared/"


@pytest.fixture
def desk(ada, client_of):
    return client_of(ada)


@pytest.fixture
def filled(ours):
    for name in ("Bob Smith", "Mary Jones", "Zoe Quill", "Max Stone"):
        a_customer(ours, name, phone="(303) 555-0142")
    for name in ("Ann", "Ted", "Lou"):
        a_customer(ours, f"{name} Lee", email="the.lees@comcast.net")
    return ours


def shown(desk, **asked):
    return [str(row) for row in desk.get(LIST, asked).context["page"].rows]


def test_what_most_customers_have_comes_first_with_who_and_why(filled, desk):
    answer = desk.get(LIST)

    assert [str(row) for row in answer.context["page"].rows] == [
        "(303) 555-0142",
        "the.lees@comcast.net",
    ]
    page = answer.content.decode()
    for words in ("4 different last names", "one last name", "Bob Smith", "Lou Lee"):
        assert words in page


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"kind": "email"}, ["the.lees@comcast.net"]),
        ({"whose": "household"}, ["the.lees@comcast.net"]),
        ({"whose": "desk"}, ["(303) 555-0142"]),
        ({"q": "(303) 555"}, ["(303) 555-0142"]),
        ({"q": "LEES@"}, ["the.lees@comcast.net"]),
        ({"q": "nothing"}, []),
        ({"word": "yes"}, []),
        ({"kind": "\x00"}, ["(303) 555-0142", "the.lees@comcast.net"]),
    ],
)
def test_the_list_can_be_narrowed(asked, expected, filled, desk):
    assert shown(desk, **asked) == expected


def test_a_last_word_is_seen_where_carters_was(filled, desk):
    desk.get(LIST)
    shared = SharedIdentifier.across_companies.get(kind="phone")

    answer = desk.post(reverse("shared_word", args=[shared.pk]), {"said": "junk"}, follow=True)

    assert "(303) 555-0142 is noted as: Junk." in answer.content.decode()
    assert shown(desk, whose="junk", word="yes") == ["(303) 555-0142"]
    assert shown(desk, whose="desk") == []

    answer = desk.post(reverse("shared_word", args=[shared.pk]), {"said": "carter"}, follow=True)
    page = answer.content.decode()
    assert "(303) 555-0142 is what Carter takes it for again." in page
    assert "Ada Owner" in page
    assert shown(desk, whose="desk", word="no") == ["(303) 555-0142"]


def test_a_made_up_word_is_asked_again(filled, desk):
    desk.get(LIST)
    shared = SharedIdentifier.across_companies.first()

    for said, told in (("banana", "Choose whose it is."), ("carter", "Nobody’s word stands")):
        address = reverse("shared_word", args=[shared.pk])
        assert told in desk.post(address, {"said": said}, follow=True).content.decode()


def test_everybody_who_has_it_is_listed(filled, desk):
    desk.get(LIST)
    shared = SharedIdentifier.across_companies.get(kind="phone")

    rows = desk.get(shared.get_absolute_url()).context["page"].rows

    assert [row.name for row in rows] == ["Bob Smith", "Mary Jones", "Max Stone", "Zoe Quill"]


def test_who_may_not_change_customers_sees_it_and_says_nothing(filled, client_of, ada):
    reader = client_of(a_member(filled, Role.READ_ONLY))
    reader.get(LIST)
    shared = SharedIdentifier.across_companies.first()
    say(shared, Said.DESK, by=ada)

    page = reader.get(shared.get_absolute_url()).content.decode()
    assert ["Whose is it?" in page, "What was said" in page] == [False, True]
    answer = reader.post(reverse("shared_word", args=[shared.pk]), {"said": "junk"})
    assert answer.status_code == 403


def test_an_empty_book_says_so(ours, desk):
    assert "They show up here by themselves." in desk.get(LIST).content.decode()
    assert "Try fewer filters." in desk.get(LIST, {"kind": "phone"}).content.decode()
