import pytest

from carter.search.words import (
    email_words,
    firm_words,
    name_words,
    pair_starts,
    pair_words,
    phone_words,
    place_words,
    start_of,
)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Bob Smith", {"bob", "smith"}),
        ("Mary & John O’Brien", {"mary", "john", "obrien"}),
        ("The Smith Family", {"smith", "family"}),
        ("Zoë Müller-Lüdenscheidt", {"zoe", "muller", "ludenscheidt"}),
        ("山田太郎", {"山田太郎", "田太郎", "太郎", "郎"}),
        ("", set()),
    ],
)
def test_a_name_is_found_by_its_parts(name, words):
    assert {word for word in name_words(name) if "=" not in word} == words


def test_neighbours_in_a_name_stand_together_both_ways():
    assert {word for word in name_words("Ann & Bob Lee") if "=" in word} == {
        *("ann=bob", "bob=ann", "bob=lee", "lee=bob", "ann=lee", "lee=ann"),
    }


def test_two_words_of_a_rows_names_stand_together_by_their_first_letters():
    assert pair_words(["Ann & Bob Lee", "Bo Lee"]) == {
        *("+abnonb", "+alnene", "+abnon "),
        *("+bloebe", "+bboo b", "+bloe e"),
    }


def test_the_parts_of_a_mailbox_stand_together_with_the_names():
    assert pair_words(["Bob Lee"], ["scott.day@gmail.com"]) == {
        *("+bloebe", "+bsocbo", "+bdoaby", "+lseceo", "+dlaeye", "+dsacyo"),
    }
    assert pair_words(["Lee"], ["ann@acme.com"]) == pair_words(["Lee Ann Acme Com"])


@pytest.mark.parametrize("typed", ["ge wi", "wi geo", "geo wil", "wilson george", "georgie wi"])
def test_what_is_typed_of_two_words_begins_what_stands_for_them(typed):
    (word,) = pair_words(["George Wilson"])
    assert [start for start in pair_starts(*typed.split()) if word.startswith(start)]


def test_two_words_of_which_one_begins_the_other_are_looked_for_in_both_orders():
    assert pair_starts("jo", "john") == ["+jjoo"]
    assert pair_starts("john", "johns") == ["+jjoohh"]
    assert pair_starts("j", "jo") == ["+jj"]


def test_only_the_first_words_of_very_many_names_stand_together():
    assert len(pair_words([f"Ann{n} Lee{n}" for n in range(50)])) <= 780


def test_a_firm_is_also_found_by_its_name_in_one():
    assert firm_words("U-Haul, Inc.") - name_words("U-Haul, Inc.") == {"uhaul"}


@pytest.mark.parametrize(
    ("email", "words"),
    [
        (
            "Bob.Smith+move@gmail.com",
            {"bobsmith@gmail.com", "bob.smith+move@gmail.com", "bob", "smith", "move"},
        ),
        ("pat@acme.com", {"pat@acme.com", "pat", "acme", "com"}),
        ("none", set()),
    ],
)
def test_a_mailbox_is_found_whole_and_by_its_parts(email, words):
    assert email_words(email) == words


@pytest.mark.parametrize(
    ("phone", "words"),
    [
        ("(303) 555-0142 ext 4", {"3035550142", "5550142", "<2410555303"}),
        ("555-0142", {"5550142", "<2410555"}),
        ("+44 20 7123 4567", {"442071234567", "<765432170244"}),
        ("000-000-0000", {"0000000000", "0000000", "<0000000000"}),
        ("ask his wife", set()),
    ],
)
def test_a_phone_is_found_by_first_and_last_digits(phone, words):
    assert phone_words(phone, "US") == words


def test_an_address_has_words_of_its_own_in_their_short_form():
    assert place_words("4821 North Elm Street, Denver, CO 80206") == {
        "/4821",
        "/n",
        "/elm",
        "/st",
        "/denver",
        "/co",
        "/80206",
    }


@pytest.mark.parametrize(
    ("word", "start"),
    [
        ("smith", "s"),
        ("3m", "3"),
        ("/elm", "/"),
        ("bob=lee", "="),
        ("+bloebe", "+"),
        ("山田", "~"),
        ("_x@y.zz", "~"),
    ],
)
def test_words_are_sorted_under_their_first_character(word, start):
    assert start_of(word) == start
