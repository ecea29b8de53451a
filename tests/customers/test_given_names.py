from hypothesis import given
from hypothesis import strategies as st

from carter.customers.given_names import canons, is_short_for, is_usual, short_names


def test_bob_is_short_for_robert():
    assert is_short_for("bob", "robert")
    assert not is_short_for("robert", "bob")
    assert not is_short_for("bob", "mary")


def test_names_heard_every_week_are_known_though_the_public_list_lacks_them():
    pairs = ("katie katherine", "beto roberto", "memo guillermo", "chuy jesus", "robbie robert")
    assert [pair for pair in pairs if not is_short_for(*pair.split())] == []
    assert {"bob", "robbie", "beto"} & short_names("robert") == {"bob", "robbie"}


def test_robert_and_william_stay_apart_though_the_list_calls_both_bill():
    assert canons("robert") & canons("william") == frozenset()


def test_an_initial_stands_for_nothing_but_itself():
    assert [canons("b"), canons("")] == [{"b"}, frozenset()]


def test_usual_names_are_told_from_slips():
    assert [is_usual(name) for name in ("jane", "katherine", "ktaherine")] == [True, True, False]


@given(st.text())
def test_any_text_is_among_what_it_may_stand_for(text):
    assert canons(text) == frozenset() if not text else text in canons(text)
