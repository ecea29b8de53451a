"""A person's last word on a shared phone or mailbox goes before what Carter would conclude."""

import pytest

from carter.matching.engine import match
from carter.matching.record import Record
from carter.matching.said import Said
from carter.matching.scoring import Book
from carter.matching.verdicts import Verdict

PHONE, EMAIL = ("phone", "3035550142"), ("email", "movers77@acme.com")
BOB, ROBERT = (
    Record.typed(names=[name], phones=["303 555 0142"]) for name in ("Bob Smith", "Robert Smith")
)
MARY = Record.typed(names=["Mary Jones"], phones=["303 555 0142"])


def book(said=None, holders=2, key=PHONE):
    return Book(10_000, {key: holders}, said={key: said} if said else {})


def reasons(found):
    return [reason.words for reason in found.evidence]


def test_a_junk_number_is_as_good_as_blank():
    blank = Record.typed(names=["Bob Smith"])
    assert match(BOB, ROBERT, book(Said.JUNK)) == match(blank, ROBERT, book())
    assert match(BOB, ROBERT, book(Said.JUNK)).verdict == Verdict.NAMESAKE


def test_only_what_is_said_to_be_junk_is_left_out():
    two = Record.typed(names=["Bob Smith"], phones=["303 555 0142", "970 555 0199"])
    found = match(two, two, book(Said.JUNK))
    assert found == match(*[Record.typed(names=["Bob Smith"], phones=["970 555 0199"])] * 2, book())
    assert found.verdict == Verdict.SURE


def test_a_desks_number_is_worth_what_a_crowds_is():
    said, crowd = match(BOB, MARY, book(Said.DESK)), match(BOB, MARY, book(holders=16))
    assert (said.probability, said.verdict) == (crowd.probability, Verdict.DESK)
    assert "same phone number, which is known to be a desk's" in reasons(said)


def test_a_households_number_tells_the_family_and_not_the_person():
    anna = Record.typed(names=["Anna Smith"], phones=["303 555 0142"])
    found = match(BOB, anna, book(Said.HOUSEHOLD, holders=40))
    assert found.verdict == Verdict.HOUSEHOLD
    assert "same phone number, which is known to be a household's" in reasons(found)
    said, unsaid = (match(BOB, ROBERT, book(word)) for word in (Said.HOUSEHOLD, None))
    assert said.probability < unsaid.probability


def test_ones_own_number_counts_in_full_however_many_hold_it():
    said, few = match(BOB, ROBERT, book(Said.PERSONAL, holders=40)), match(BOB, ROBERT, book())
    assert (said.probability, said.verdict) == (few.probability, Verdict.SURE)
    assert "same phone number, which is known to be one customer's own" in reasons(said)
    assert match(BOB, ROBERT, book(holders=40)).probability < few.probability


def test_a_mailbox_is_spoken_of_like_a_number():
    one = Record.typed(names=["Bob Smith"], emails=["movers77@acme.com"])
    other = Record.typed(names=["Robert Smith"], emails=["movers77@acme.com"])
    plain, said = (match(one, other, book(word, key=EMAIL)) for word in (None, Said.DESK))
    assert said.probability < plain.probability


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((Said.DESK, Said.PERSONAL), Said.PERSONAL),
        ((Said.DESK, None), None),
        ((Said.DESK, Said.HOUSEHOLD), Said.HOUSEHOLD),
    ],
)
def test_of_several_shared_numbers_the_one_that_tells_most_counts(words, told):
    said = {("phone", str(place)): word for place, word in enumerate(words) if word}
    assert Book(10_000, said=said).said_of([("phone", "0"), ("phone", "1")]) == told
