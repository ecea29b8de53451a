"""Addresses, whichever columns they came in."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carter.transfer.understanding.places import Place, place_of, split


def place(street="", unit="", city="", state="", postcode="", whole=""):
    return place_of(street, unit, city, state, postcode, whole)[0]


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("379 River Street, Evanston, IL 60269", ("379 River Street", "Evanston", "IL", "60269")),
        ("7269 Sixth Avenue Cleveland 44178", ("7269 Sixth Avenue", "Cleveland", "", "44178")),
        ("12 Main St W Grand Rapids MI 49503", ("12 Main St W", "Grand Rapids", "MI", "49503")),
        (
            "8422 Spruce Pl Apt 509 Savannah 31454",
            ("8422 Spruce Pl Apt 509", "Savannah", "", "31454"),
        ),
        (
            "2182 Spruce St, Unit 437 Wilmington 19867",
            ("2182 Spruce St, Unit 437", "Wilmington", "", "19867"),
        ),
        ("22 Elm St, Reno, Nevada, USA", ("22 Elm St", "Reno", "Nevada", "")),
        ("900 Park Ct", ("900 Park Ct", "", "", "")),
        ("100 Park Ct New York NY 10001", ("100 Park Ct", "New York", "NY", "10001")),
        ("5 Oak Ave, Montreal, QC H2X 1Y4", ("5 Oak Ave", "Montreal", "QC", "H2X 1Y4")),
        ("PO Box 12, Reno, NV 89501", ("PO Box 12", "Reno", "NV", "89501")),
    ],
)
def test_a_whole_address_in_one_cell_is_taken_apart(line, parts):
    assert split(line) == Place(*parts)
    assert place(whole=line) == Place(*parts)


def test_a_city_and_postcode_run_into_the_street_are_set_apart():
    assert place("575 Lincoln Ct Naperville 60533") == Place(
        "575 Lincoln Ct", "Naperville", "", "60533"
    )


@pytest.mark.parametrize(
    ("cells", "parts"),
    [
        (("Unit 441", "Reno", ""), ("5 Oak Ln, Unit 441", "Reno", "", "")),
        (("Unit 357", "El", "Paso"), ("5 Oak Ln, Unit 357", "El Paso", "", "")),
        (("Apt. 26 Norfolk 23502", "", ""), ("5 Oak Ln, Apt. 26", "Norfolk", "", "23502")),
        (("Apt. 675", "", ""), ("5 Oak Ln, Apt. 675", "", "", "")),
        (("Apt. 675", "NV", "89501"), ("5 Oak Ln, Apt. 675", "", "NV", "89501")),
    ],
)
def test_an_apartment_in_the_citys_column_goes_back_to_the_street(cells, parts):
    city, state, postcode = cells

    assert place("5 Oak Ln", "", city, state, postcode) == Place(*parts)


def test_the_whole_address_completes_its_parts():
    whole = "3239 Dock Street, Unit 581, Irvine, CA 92669"

    assert place("3239 Dock Street", "", "Unit 581", "Irvine", "", whole) == Place(
        "3239 Dock Street, Unit 581", "Irvine", "CA", "92669"
    )


def test_a_whole_address_that_says_something_else_is_handed_back():
    assert place_of("12 Oak St", "", "Reno", "NV", "", "9 Elm St, Boise") == (
        Place("12 Oak St", "Reno", "NV", ""),
        "9 Elm St, Boise",
    )


@given(
    st.lists(
        st.sampled_from(
            ["12", "Oak", "St", "Apt", "5", "#7", "Reno", "NV", "89501", "Ct", "N", ",", "El"]
        ),
        max_size=9,
    )
)
def test_no_word_of_an_address_is_ever_lost(words):
    line = " ".join(words)

    assert sorted(re.findall(r"\w+", " ".join(split(line)))) == sorted(re.findall(r"\w+", line))
