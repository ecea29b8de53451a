"""No cell of ours runs in a spreadsheet, and each comes back as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carter.transfer.reading.cells import held_down, let_go, plain

FORMULAS = [
    '=HYPERLINK("http://example.com","Pay")',
    "=cmd|' /C calc'!A0",
    "+1 303 555 0142",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "＝1+1",
    'Bob;=cmd|"/C calc"!A0',
    "Bob\n=1+1",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_held_down(text):
    held = held_down(text)

    assert held != text
    assert held[0] not in "=+-@\t\r＝"


@pytest.mark.parametrize("text", ["Bob Smith", "O'Brien", "", "12 Oak St", "a=b", "Smith-Jones"])
def test_other_text_is_left_alone(text):
    assert held_down(text) == text


def test_a_formula_after_another_programs_delimiter_is_held_down_too():
    assert held_down("Bob;=1+1") == "Bob;'=1+1"


@given(st.text(alphabet="'=+-@\t\r\n;,|\" a１＝", max_size=30))
def test_what_is_held_down_comes_back_exactly(text):
    assert let_go(held_down(text)) == text


@given(st.text(max_size=30))
def test_nothing_starts_a_formula(text):
    assert held_down(text)[:1] not in set("=+-@\t\r")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("  Bob Smith\u00a0 ", "Bob Smith"),
        ('="00142"', "00142"),
        ("'+1 303 555 0142", "+1 303 555 0142"),
        ("'Round the Corner'", "'Round the Corner'"),
        ("call first\r\nno early mornings", "call first\nno early mornings"),
        ("Bob\u200b\ufeff", "Bob"),
        ("نیما\u200cپور", "نیما\u200cپور"),
        ("=1+1", "=1+1"),
    ],
)
def test_a_cell_of_anybodys_file_is_read_as_it_was_meant(typed, meant):
    assert plain(typed) == meant
