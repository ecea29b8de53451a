import pytest
from hypothesis import given
from hypothesis import strategies as st

from carter.customers.addresses import PostalAddress, address_words, postal_address, street_key

MAIN = PostalAddress(
    number="123",
    street="n main st",
    unit="4b",
    city="springfield",
    state="IL",
    postcode="62704",
)


@pytest.mark.parametrize(
    "typed",
    [
        "123 North Main Street, Apt 4B, Springfield, IL 62704",
        "123 N. Main St. #4B, Springfield, Illinois 62704-1234",
        "123 N MAIN ST UNIT 4B, SPRINGFIELD IL 62704, USA",
        "123 n main st, suite 4b, Springfield, IL, 62704",
    ],
)
def test_every_way_of_writing_an_address_is_one_address(typed):
    assert postal_address(typed) == MAIN


def test_a_split_address_is_the_same_as_one_line():
    assert postal_address("123 North Main Street", "Apt 4B", "Springfield", "IL", "62704") == MAIN


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("", PostalAddress()),
        ("3102 Fourth Dr", PostalAddress("3102", "4th dr")),
        ("5 Hill Park Ct", PostalAddress("5", "hl park ct")),
        (
            "5 Park Ct, Hartford CT",
            PostalAddress("5", "park ct", city="hartford", state="CT"),
        ),
        (
            "8539 Highland Ln Durham 27712",
            PostalAddress("8539", "highland ln", city="durham", postcode="27712"),
        ),
        (
            "3843 Court Court Tucson 85770",
            PostalAddress("3843", "ct ct", city="tucson", postcode="85770"),
        ),
        (
            "100 King St W, Toronto, ON M5H 1J9, Canada",
            PostalAddress("100", "king st w", "", "toronto", "ON", "m5h 1j9"),
        ),
        (
            "45-12 21st St, Queens, NY 11101",
            PostalAddress("45-12", "21st st", "", "queens", "NY", "11101"),
        ),
        (
            "P.O. Box 12, Reno NV 89501",
            PostalAddress("12", "po box", "", "reno", "NV", "89501"),
        ),
        ("Hauptstraße 5", PostalAddress("5", "hauptstrasse")),
        ("1234 Broadway, Denver", PostalAddress("1234", "broadway", city="denver")),
    ],
)
def test_an_address_is_taken_apart(typed, address):
    assert postal_address(typed) == address


def test_a_building_needs_a_number_and_a_street():
    keys = [street_key(typed) for typed in ("12 Oak Ave", "Oak Ave", "Denver, CO", "")]
    assert keys == ["12 oak ave", "", "", ""]


def test_the_same_street_in_another_place_is_another_building():
    typed = ("12 Oak Ave, Denver, CO 80202", "12 Oak Avenue 80202", "12 Oak Ave 62704")
    assert [street_key(text) for text in typed] == [
        "12 oak ave 80202",
        "12 oak ave 80202",
        "12 oak ave 62704",
    ]


def test_suffix_and_direction_can_be_left_out():
    assert postal_address("123 North Main Street").bare_street == "main"
    assert postal_address("3 Court Court").bare_street == "ct ct"


def test_an_address_is_found_by_its_words_long_or_short():
    assert address_words("123 North Main Street, Apt 4") == ["123", "n", "main", "st", "apt", "4"]


ADDRESSISH = st.text(alphabet="0123 abc,.#-NSEWstreetaptIL6ß٣", max_size=60)


@given(st.one_of(st.text(), ADDRESSISH), st.one_of(st.text(), ADDRESSISH))
def test_any_text_is_an_address_and_words(text, city):
    postal_address(text, city, city, city, text)
    words = address_words(text)
    assert address_words(" ".join(words)) == words


@given(
    st.integers(1, 99999),
    st.sampled_from(["", "N ", "southwest "]),
    st.sampled_from(["Main", "First", "Oak Ridge", "Saint Charles", "Núñez"]),
    st.sampled_from(["Street", "Ave.", "blvd", "CT"]),
)
def test_a_building_written_by_its_key_is_the_same_building(number, direction, name, suffix):
    key = street_key(f"{number} {direction}{name} {suffix}")
    assert street_key(key) == key
