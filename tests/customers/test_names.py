import pytest
from hypothesis import given
from hypothesis import strategies as st

from carter.customers.names import (
    PersonName,
    company_key,
    fold,
    is_firm_name,
    is_junk_name,
    person_name,
    sound,
)

MARY_AND_JOHN = PersonName(
    first="mary", last="obrien", partner_first="john", partner_last="obrien", household=True
)


@pytest.mark.parametrize(
    "typed",
    ["Bob Smith", "BOB SMITH", "Smith, Bob", "Mr. Bob Smith", "bob.smith", "Bob Smith, MD"],
)
def test_every_way_of_writing_a_name_is_one_name(typed):
    assert person_name(typed) == PersonName(first="bob", last="smith")


@pytest.mark.parametrize(
    "typed",
    ["Bob Smith Jr.", "Bob Smith, Jr", "Smith Jr., Bob", "Smith, Jr., Bob", "Bob Smith II"],
)
def test_a_generation_stands_apart(typed):
    assert person_name(typed) == PersonName(first="bob", last="smith", generation="jr")


@pytest.mark.parametrize(
    "typed",
    ["Mary & John O'Brien", "O'Brien, Mary & John", "Mary O’Brien and John", "mary/john o'brien"],
)
def test_of_a_couple_the_first_named_is_the_person(typed):
    assert person_name(typed) == MARY_AND_JOHN


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Bob", PersonName(first="bob")),
        ("Mrs. Smith", PersonName(last="smith")),
        ("Smith, Bob A.", PersonName(first="bob", middle="a", last="smith")),
        ("J.R. Smith", PersonName(first="j", middle="r", last="smith")),
        ("Maria de la Cruz", PersonName(first="maria", last="de la cruz")),
        ("Ann Mc Donald", PersonName(first="ann", last="mcdonald")),
        ("Anne-Marie Núñez", PersonName(first="anne marie", last="nunez")),
        ("The Smith Family", PersonName(last="smith", household=True)),
        ("Mr. & Mrs. John Smith", PersonName(first="john", last="smith", household=True)),
        ('Robert "Bob" Smith', PersonName(first="robert", last="smith", nickname="bob")),
        ("Robert Smith (call his wife)", PersonName(first="robert", last="smith")),
        ("John Smith 303-555-0142", PersonName(first="john", last="smith")),
        ("Петр Петров", PersonName(first="петр", last="петров")),
        ("王小明", PersonName(first="王小明")),
        (
            "Mary Jones & John Smith",
            PersonName(
                first="mary",
                last="jones",
                partner_first="john",
                partner_last="smith",
                household=True,
            ),
        ),
    ],
)
def test_a_name_is_taken_apart(typed, name):
    assert person_name(typed) == name


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "Unknown",
        "Test Test",
        "No Name",
        "New Lead",
        "N/A",
        "12345",
        "customer",
        "?",
        "Walk-in",
        "bob@acme.com",
    ],
)
def test_nobody_has_no_name(typed):
    assert is_junk_name(typed)
    assert person_name(typed) == PersonName()


def test_a_name_that_only_looks_like_nobody_is_kept():
    assert not is_junk_name("John Guest")


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("  José   O'Brien-Núñez ", "jose obrien nunez"),
        ("Straße & Søn", "strasse son"),
        ("Петров", "петров"),
        ("नमस्ते", "नमस्ते"),
        ("김철수", "김철수"),
        ("Ｂｏｂ", "bob"),
    ],
)
def test_folding_keeps_every_script(typed, folded):
    assert fold(typed) == folded


def test_double_surnames_have_two_halves():
    assert person_name("Ana García-López").last_parts == ("garcia", "lopez")
    assert person_name("Ana van der Berg").last_parts == ("berg",)


def test_surnames_that_sound_alike_share_a_sound():
    assert sound("turner") == sound("trner") == "TRNR"
    assert sound("петров") == "петров"
    assert sound("") == ""


@pytest.mark.parametrize(
    "typed",
    ["Acme Logistics", "ACME LOGISTICS, L.L.C.", "The Acme Logistics Co.", "acme logistics inc"],
)
def test_a_company_is_known_without_its_legal_form(typed):
    assert company_key(typed) == "acme logistics"


def test_a_firm_is_told_from_a_person_by_its_legal_form():
    typed = ["Acme Logistics LLC", "Acme, Inc.", "Bob Smith", "Bob Smith Co", "LLC", ""]
    assert [is_firm_name(name) for name in typed] == [True, True, False, False, False, False]


def test_and_is_no_part_of_a_company_name():
    keys = [company_key(typed) for typed in ("Kim & Sons Corp", "Kim and Sons", "N/A", "Co")]
    assert keys == ["kim sons", "kim sons", "", "co"]


NAMEISH = st.text(alphabet="ab Jr.,&'\"()-/ÉßİŁ王Петр1٣", max_size=40)


@given(st.one_of(st.text(), NAMEISH))
def test_any_text_folds_to_what_folds_to_itself(text):
    folded = fold(text)
    assert fold(folded) == folded


@given(st.one_of(st.text(), NAMEISH))
def test_any_text_is_a_name_and_a_company(text):
    name = person_name(text)
    assert fold(f"{name.first} {name.middle} {name.last}") == " ".join(
        f"{name.first} {name.middle} {name.last}".split()
    )
    assert company_key(company_key(text)) == company_key(text)
    sound(name.last)
