"""Who holds a key, how many do, and who is looked at first."""

import pytest

from carter.matching.holders import MOST_COMPARED, Holders, counts_of, holders_of, nearest
from carter.matching.keying import refresh_keys
from carter.matching.keys import CAP
from carter.matching.models import Key, LastWord
from carter.matching.said import Said
from tests.builders import a_customer

ODD = [
    *('a"b', "a\\b", "it's", "a%sb", "{a,b}", "[1]", "null", "12", "$[0]", " a ", "\t\n"),
    *("é", "e\u0301", "王小明", "😀", "a\u2028b", "\x01"),
]


@pytest.fixture
def bob(ours):
    return a_customer(ours, "Bob Smith")


def test_whatever_a_value_is_written_with_its_holder_is_found(ours, theirs, bob):
    stranger = a_customer(theirs, "Bob Smith")
    for value in ODD:
        Key.across_companies.create(company=ours, kind="phone", value=value, customer=bob)
        Key.across_companies.create(company=theirs, kind="phone", value=value, customer=stranger)
        LastWord.across_companies.create(company=ours, kind="phone", value=value, said=Said.DESK)

    found = holders_of(ours, {("phone", value) for value in [*ODD, "nobody's"]})

    assert found == {("phone", value): Holders((bob.pk,), Said.DESK) for value in ODD}


def test_a_crowd_is_read_no_further_than_shows_it_and_counted_when_asked(ours):
    for number in range(CAP + 4):
        a_customer(ours, f"Tenant{number} Number{number}", phone="(303) 555-0142")
    refresh_keys(ours)
    phone = ("phone", "3035550142")

    holders = holders_of(ours, [phone])

    assert (len(holders[phone].records), holders[phone].findable) == (CAP + 1, ())
    assert counts_of(ours, holders) == {phone: CAP + 4}


def test_who_shares_the_rarest_keys_is_looked_at_first_and_of_equals_the_newest():
    name, phone = ("name", "bob smith"), ("phone", "3035550142")
    holders = {name: Holders(tuple(range(1, 51))), phone: Holders((7, 99))}

    assert nearest([name, phone], holders)[:5] == [7, 99, 50, 49, 48]


def test_no_more_are_looked_at_than_is_worth_it():
    keys = {
        (kind, "x"): Holders(tuple(range(start, start + 50)))
        for start, kind in ((1, "name"), (51, "sound"))
    }

    assert nearest(keys, keys) == list(range(100, 100 - MOST_COMPARED, -1))
