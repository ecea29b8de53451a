import pytest
from hypothesis import given
from hypothesis import strategies as st

from carter.customers.phones import phone_key, phone_keys, written

COUNTRIES = st.sampled_from(["US", "CA", "GB", "DE", "MX", "IT", "AR", ""])
PHONEISH = st.text(alphabet="0123456789+()-. x#/,;extorEXT１２٣\u202a\u2011ABCFLOWERS", max_size=40)


@pytest.mark.parametrize(
    "typed",
    [
        "(303) 555-0142",
        "+1 303.555.0142 ext 4",
        "3035550142",
        "13035550142",
        "1 (303) 555-0142",
        "303/555-0142",
        "tel:+1-303-555-0142;ext=5",
        "303-555-0142 home",
        "home: 303 555 0142",
        "（３０３）５５５－０１４２",
        "\u202a(303) 555\u20110142\u202c",
        "٣٠٣ ٥٥٥ ٠١٤٢",
    ],
)
def test_every_way_of_writing_a_number_has_one_key(typed):
    assert phone_key(typed, "US") == "3035550142"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "none",
        "N/A",
        "call me",
        "000-000-0000",
        "1111111111",
        "9999999999",
        "5555555555",
        "555-555-5555",
        "303-555-5555",
        "1234567890",
        "(123) 456-7890",
        "0123456789",
        "9876543210",
        "555-123-4567",
        "303 unknown",
        "12",
        "303555",
        "ext 4",
    ],
)
def test_a_placeholder_is_no_number(typed):
    assert phone_key(typed, "US") == ""


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("303-555-0142 ext 4", [("3035550142", "4")]),
        ("303-555-0142x4", [("3035550142", "4")]),
        ("(303)555-0142 #12", [("3035550142", "12")]),
        ("303-555-0142, extension: 900", [("3035550142", "900")]),
        ("303-555-0142 x777 home", [("3035550142", "777")]),
        ("303-555-0142 / 303-555-0143", [("3035550142", ""), ("3035550143", "")]),
        ("3035550142 or 970 555 0199 x2", [("3035550142", ""), ("9705550199", "2")]),
        ("303-555-0142, 3035550142", [("3035550142", "")]),
        ("none, 303-555-0142", [("3035550142", "")]),
        ("+1 303 555 0142, +44 20 7123 4567", [("3035550142", ""), ("+442071234567", "")]),
    ],
)
def test_a_field_may_hold_several_numbers_with_extensions(typed, numbers):
    assert phone_keys(typed, "US") == numbers


@pytest.mark.parametrize(
    "typed",
    ["+44 20 7123 4567", "011 44 20 7123 4567", "442071234567", "+44 (0)20 7123 4567"],
)
def test_a_foreign_number_keeps_its_country_code(typed):
    assert phone_key(typed, "US") == "+442071234567"


def test_a_number_is_national_in_its_own_country():
    assert phone_key("020 7123 4567", "GB") == "2071234567"
    assert phone_key("+44 20 7123 4567", "GB") == "2071234567"
    assert phone_key("0113 496 0000", "GB") == "1134960000"
    assert phone_key("(303) 555-0142", "CA") == "3035550142"
    assert phone_key("+1 303 555 0142", "GB") == "+13035550142"


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("1-800-FLOWERS", "8003569377"),
        ("1-800-GOT-JUNK", "8004685865"),
        ("800-MATTRESS", "8006288737"),
        ("303-555-MOVE", "3035556683"),
        ("CALL NOW", ""),
        ("800-1FLOWER", ""),
    ],
)
def test_letters_count_only_when_they_dial_a_number(typed, key):
    assert phone_key(typed, "US") == key


def test_a_local_number_without_area_code_is_kept_short():
    assert phone_key("555-0142", "US") == "5550142"


@given(st.one_of(st.text(), PHONEISH), COUNTRIES)
def test_any_text_has_a_key_which_is_its_own_key(text, country):
    key = phone_key(text, country)
    assert phone_key(key, country) == key


def test_a_key_is_written_as_people_of_the_country_do():
    assert written("3035550142", "US") == "(303) 555-0142"
    assert written("+442079460958", "US") == "+44 20 7946 0958"
    assert [written(key, "US") for key in ("5550142", "", "abc")] == ["555-0142", "", "abc"]
