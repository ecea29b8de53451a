"""Comparing a whole book: every pair as the engine judges it by itself, whatever the book holds."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carter.matching.batch.comparing import Limits, compare_all
from carter.matching.batch.crew import CannotCompare
from carter.matching.batch.weighing import reach_each_other
from carter.matching.engine import judge
from carter.matching.keys import CAP, keys_of
from carter.matching.record import Record
from carter.matching.said import Said
from carter.matching.scoring import Book
from carter.matching.verdicts import Judged, Verdict
from tests.matching.book import a_book

HERE = Limits(processes=0)
ROWS = 23_000  # They share keys in a little more than 100,000 pairs.


def a_record(name="", phone="", email="", address="", company=""):
    return Record.typed(
        names=[name],
        phones=[phone],
        emails=[email],
        addresses=[address],
        companies=[company],
        commercial=bool(company),
    )


def one_by_one(records: dict[str, Record], book: Book) -> Iterator[Judged[str]]:
    """Every pair that shares a key that finds, judged as for one lead: no filter, no DuckDB."""
    places = {name: place for place, name in enumerate(records)}
    holders: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name, record in records.items():
        for key in keys_of(record):
            holders[key].append(name)
    few = (names for names in holders.values() if len(names) <= CAP)
    pairs = {pair for names in few for pair in combinations(names, 2)}
    for one, other in sorted(pairs, key=lambda pair: (places[pair[0]], places[pair[1]])):
        yield Judged(one, other, *judge(records[one], records[other], book))


def counted(records: dict[str, Record]) -> Book:
    holders = Counter(key for record in records.values() for key in keys_of(record))
    return Book(len(records), holders)


def telling(pairs):
    return [pair for pair in pairs if pair.verdict not in {Verdict.NONE, Verdict.NAMESAKE}]


def test_a_hundred_thousand_pairs_are_judged_as_one_by_one():
    records, _ = a_book(ROWS, seed=5)
    alone = list(one_by_one(records, counted(records)))
    together = list(compare_all(records.items()))

    assert len(alone) > 100_000
    assert telling(together) == telling(alone)
    assert set(together) <= set(alone)


def test_who_holds_a_key_counts():
    records, _ = a_book(2_000, seed=5)
    together = list(compare_all(records.items(), limits=HERE))

    assert telling(together) == telling(one_by_one(records, counted(records)))
    assert telling(together) != telling(one_by_one(records, Book(len(records))))


def test_processes_change_nothing():
    records, _ = a_book(2_500, seed=6)

    assert list(compare_all(records.items())) == list(compare_all(records.items(), limits=HERE))


def test_names_may_be_numbers_and_keep_their_order():
    book = [
        (7, a_record("Bob Smith", "303 555 0142")),
        (3, a_record("Ann Gray", "303 555 0199")),
        (5, a_record("Robert Smith", "303.555.0142")),
    ]
    (pair,) = compare_all(book)

    assert (pair.one, pair.other, pair.verdict) == (7, 5, Verdict.SURE)


def test_nobody_and_one_alone_give_no_pair():
    assert list(compare_all([])) == []
    assert list(compare_all([("a", a_record("Bob Smith", "303 555 0142"))])) == []


def test_what_people_said_counts():
    book = [(1, a_record("Bob Smith", "303 555 0142")), (2, a_record("Bob Smith", "303 555 0142"))]
    junk = Book(0, said={("phone", "3035550142"): Said.JUNK})

    assert [pair.verdict for pair in compare_all(book)] == [Verdict.SURE]
    assert list(compare_all(book, book=junk)) == []


@pytest.mark.parametrize(("copies", "pairs"), [(2, 1), (10, 45), (CAP, 1225), (60, 59)])
def test_equal_records_are_one_customer_entered_again_and_not_a_crowd(copies, pairs):
    bob = a_record("Bob Smith", "303 555 0142", "bob.smith@gmail.com")
    found = list(compare_all(enumerate([bob] * copies)))

    assert (len(found), {pair.verdict for pair in found}) == (pairs, {Verdict.SURE})
    assert all(pair.one < pair.other for pair in found)


def test_many_equal_records_are_found_from_another_of_the_same_customer():
    bob = a_record("Bob Smith", "303 555 0142", "bob.smith@gmail.com")
    book = [*enumerate([bob] * 3), (9, a_record("Robert Smith", "303 555 0142"))]
    found = [(pair.one, pair.other) for pair in compare_all(book)]

    assert found == [(0, 1), (0, 2), (0, 9), (1, 2), (1, 9), (2, 9)]


def test_equal_records_that_do_not_say_who_they_are_are_no_pair():
    for nobody in (a_record(phone="303 555 0142"), a_record("Bob Smith"), Record()):
        assert telling(compare_all(enumerate([nobody] * 60))) == []


def test_one_phone_on_every_row_makes_nobody_the_same():
    records, _ = a_book(1_500, seed=8)
    phone = a_record(phone="303 555 0142").phones
    book = [
        (name, Record(record.names, record.companies, phone, commercial=record.commercial))
        for name, record in records.items()
    ]
    assert [pair for pair in compare_all(book, limits=HERE) if pair.verdict.is_flag] == []


def test_memory_or_room_that_does_not_suffice_is_told_in_a_sentence(tmp_path):
    records, _ = a_book(600, seed=9)

    with pytest.raises(CannotCompare, match=r"The pairs cannot be found\. Out of Memory Error"):
        list(compare_all(records.items(), limits=Limits(memory="300KB")))
    with pytest.raises(CannotCompare, match=r"No temporary file can be kept: No such file"):
        list(compare_all(records.items(), limits=Limits(folder=str(tmp_path / "nowhere"))))


def test_how_far_it_is_is_told():
    records, _ = a_book(1_200, seed=9)
    told = []
    list(compare_all(records.items(), limits=HERE, progress=lambda *step: told.append(step)))

    reading = [step for step in told if step[0] == "Reading"]
    assert reading == [("Reading", 1_000, 0), ("Reading", len(records), 0)]
    assert told[-1][0] == "Comparing"
    assert told[-1][1] == told[-1][2] > 0


NAMES = st.sampled_from(["Bob Smith", "Robert Smith Jr.", "Mary Smith", "Smith, Bob", "Bo Smyth"])
PHONES = st.sampled_from(["", "3035550142", "3035550124", "5550142", "303555142", "7205550142 x1"])
MAILBOXES = """
    bsmith@gmail.com bsmth@gmail.com bsmith@acme.com info@acme.com x12@acme.com x12@acne.com
    smithfamily@aol.com robert.smith.77@aol.com robret.smith.77@aol.com
"""
EMAILS = st.sampled_from(["", *MAILBOXES.split()])
STREETS = st.sampled_from(["", "12 Oak St", "12 Oak Avenue Apt 4", "12 N Oak", "12 Elm St, 80202"])
FIRMS = st.sampled_from(["", "", "Acme", "Acme Movers LLC"])
RECORDS = st.builds(a_record, NAMES, PHONES, EMAILS, STREETS, FIRMS)


@settings(max_examples=300)
@given(RECORDS, RECORDS)
def test_who_does_not_reach_another_is_at_most_a_namesake(ours, theirs):
    if not reach_each_other(ours, theirs):
        _, verdict = judge(ours, theirs, Book(0))
        assert verdict in {Verdict.NONE, Verdict.NAMESAKE}
