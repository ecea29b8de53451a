"""The cases in which matching has to be careful, and those that come in as nobody should type."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carter.matching.engine import judge, match
from carter.matching.in_memory import BookInMemory
from carter.matching.keys import keys_of
from carter.matching.record import Record
from carter.matching.scoring import Book
from carter.matching.verdicts import Verdict

PHONE, EMAIL, HOME = "(303) 555-0142", "bsmith77@gmail.com", "12 Oak Street, Denver, CO 80202"
BOOK = Book(10_000)

GIVEN = "Anna Ben Carl Dora Emil Fay Gus Hal Ida Jon Kay Leo Mia Ned Olga Pia Quinn Rolf Sam Tess"
FAMILY = """
    Ashcombe Birchby Croftman Dunham Elmfield Fairland Goldwood Hartstone Ingham Kingsley
    Langford Millshaw Norwick Oakhurst Palmer Radworth Stanton Thornbury Underhill Whitcombe
"""


def person(name="", phone="", email="", home="", **typed):
    return Record.typed(names=[name], phones=[phone], emails=[email], addresses=[home], **typed)


def verdicts(records):
    book = BookInMemory({f"{number:05}": record for number, record in enumerate(records)})
    return [pair.verdict for pair in book.judged()]


def flags(records):
    return sum(verdict.is_flag for verdict in verdicts(records))


def tenants(phones):
    people = zip(GIVEN.split(), FAMILY.split(), phones, strict=True)
    return [
        person(f"{given} {family}", phone, f"{given}{unit}@umlauf{unit}.net", f"{HOME} Apt {unit}")
        for unit, (given, family, phone) in enumerate(people)
    ]


def test_twenty_tenants_with_one_managers_phone_are_twenty_customers():
    found = verdicts(tenants([PHONE] * 20))
    assert (len(found), set(found)) == (190, {Verdict.NONE})
    one, other, *_ = tenants([PHONE] * 20)
    in_a_large_book = Book(10_000, {("phone", "3035550142"): 20, ("street", "12 oak st"): 20})
    assert match(one, other, in_a_large_book).verdict == Verdict.DESK


def test_a_tenant_who_comes_again_is_found_among_them():
    again = person("Benjamin Birchby", PHONE, "", f"{HOME} Apt 1")
    assert flags([*tenants([PHONE] * 20), again]) == 1


def test_tenants_of_like_names_are_not_taken_for_one_by_the_managers_phone():
    people = ["Anna Smith", "Ann Smithe", "Anne Smits", "Hanna Smith", "Ana Schmidt"]
    alike = [
        person(name, PHONE, "", f"{HOME} Apt {unit}9") for unit, name in enumerate(people, start=1)
    ]
    assert Verdict.SURE not in verdicts([*tenants([PHONE] * 20), *alike])


def test_a_hundred_john_smiths_are_a_hundred():
    smiths = [
        person(
            "John Smith",
            f"303 2{number:02} 7{number:03}",
            f"js{number}x@gmail.com",
            f"{number + 1} Elm St",
        )
        for number in range(100)
    ]
    assert flags(smiths) == 0
    few = verdicts(smiths[:20])
    assert set(few) == {Verdict.NAMESAKE}


@pytest.mark.parametrize(
    ("father", "son"), [("Sr.", "Jr."), ("", "Jr."), ("", "III"), ("Jr.", "III"), ("Sr", "2nd")]
)
@pytest.mark.parametrize("shared", [{"phone": PHONE}, {"phone": PHONE, "home": HOME}])
def test_father_and_son_who_share_all_but_the_generation_are_a_household(father, son, shared):
    found = match(
        person(f"John Smith {father}", **shared), person(f"John Smith {son}", **shared), BOOK
    )
    assert found.verdict == Verdict.HOUSEHOLD


@pytest.mark.parametrize("both", [{}, {"phone": PHONE}, {"phone": PHONE, "home": HOME}])
def test_father_and_son_with_one_mailbox_are_never_sure(both):
    father, son = (person(f"John Smith{age}", email=EMAIL, **both) for age in ("", " Jr."))
    assert match(father, son, BOOK).verdict != Verdict.SURE
    told_apart = match(person("John Smith Sr", email=EMAIL, **both), son, BOOK)
    assert told_apart.verdict == Verdict.HOUSEHOLD


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Smith Robert", "Robert Smith"),
        ("Smith, Robert", "Robert Smith"),
        ("Maria García-López", "Maria Garcia"),
        ("Maria Garcia Lopez", "Maria Lopez"),
        ("Garcia Lopez, Maria", "Maria García"),
        ("Ana de la Cruz", "Ana Delacruz"),
        ("Sean O'Brien", "Sean OBrien"),
        ("Peggy Smith", "Margaret Smith"),
        ("王 小明", "王 小明"),
        ("Иван Петров", "ИВАН ПЕТРОВ"),
        ("محمد علي", "محمد علي"),
    ],
)
def test_one_name_written_two_ways_with_one_number_is_sure(one, other):
    assert match(person(one, PHONE), person(other, PHONE), BOOK).verdict == Verdict.SURE


def test_a_change_of_surname_with_number_and_mailbox_is_sure_and_with_an_address_nothing():
    before, after = "Mary Jones", "Mary Gray"
    found = match(person(before, PHONE, EMAIL), person(after, PHONE, EMAIL), BOOK)
    assert found.verdict == Verdict.SURE
    assert not match(person(before, home=HOME), person(after, home=HOME), BOOK).verdict.is_flag


@pytest.mark.parametrize(
    ("other", "verdict"),
    [
        (person("Bob Smith", "555-0142"), Verdict.SURE),
        (person("Mary Gray", "555-0142"), Verdict.NONE),
        (person("", PHONE), Verdict.LIKELY),
        (person("", "", EMAIL), Verdict.LIKELY),
        (person(), Verdict.NONE),
    ],
)
def test_records_with_little_in_them(other, verdict):
    assert match(other, person("Robert Smith", PHONE, EMAIL), BOOK).verdict == verdict


SCRIPTS = """
    王小明|山田 太郎|やまだ たろう|김민준|Иван Петров|Γιώργος Παπαδόπουλος|محمد علي|דוד לוי|राम कुमार
    สมชาย ใจดี|Նարեկ Սարգսյան|ქეთევან გელაშვილი
""".strip().replace("\n", "|")
SCRIPTS = [name.strip() for name in SCRIPTS.split("|")]


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_name_of_another_script_is_filed_under_itself(name):
    keys = keys_of(person(name))
    others = [keys_of(person(other)) for other in SCRIPTS if other != name]
    assert len(keys) == (3 if " " in name else 1)
    assert all(value.strip() for _, value in keys)
    assert not any(keys & held for held in others)


def test_different_names_of_another_script_are_different_people():
    pairs = combinations([name for name in SCRIPTS if " " in name], 2)
    records = [[person(name, PHONE) for name in pair] for pair in pairs]
    assert not any(match(*both, Book(10_000)).verdict.is_flag for both in records)


ODD = ["", " ", "\x00", "\u202e\u200b", "😀😀", "😀 Smith", "x" * 10_000, "O'" * 5_000, "\n\t,;&/"]


@pytest.mark.parametrize(
    "typed", [*ODD, "@" * 300, "1" * 10_000, "a@b." * 500, "&".join("ab" * 999)]
)
def test_whatever_is_typed_is_answered(typed):
    record = Record.typed(
        names=[typed], companies=[typed], phones=[typed], emails=[typed], addresses=[typed]
    )
    bob = person("Bob Smith", PHONE, EMAIL, HOME)
    assert not match(record, bob, BOOK).verdict.is_flag
    assert Record.restored(record.stored()) == record
    assert all(len(value) <= 120 for _, value in keys_of(record))


@given(st.text(), st.text(), st.text(), st.text())
def test_nothing_that_can_be_typed_breaks_matching(name, phone, email, home):
    record = person(name, phone, email, home, companies=[home], commercial=len(name) % 2 == 1)
    bob = person("Bob Smith", PHONE, EMAIL, HOME)
    assert judge(record, bob, BOOK) == judge(bob, record, BOOK)
    assert 0 <= judge(record, record, BOOK)[0] <= 1


def test_equal_records_are_sure_and_a_number_on_every_row_says_nothing():
    copies = verdicts([person("Bob Smith", PHONE, EMAIL, HOME)] * 5)
    assert copies == [Verdict.SURE] * 10
    everybody = tenants([PHONE] * 20)
    assert flags(everybody) == flags(tenants([""] * 20)) == 0
