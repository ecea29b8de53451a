"""How right matching is, on a book with other habits than the one it was tuned on."""

import pytest

from carter.matching.measure import Figures, Judged, figures, judged_pairs, read_book, read_truth
from carter.matching.record import Record
from carter.matching.verdicts import Verdict
from tests.matching.book import a_book


@pytest.fixture(scope="module")
def judged():
    records, truth = a_book(3_000, seed=11)
    return list(judged_pairs(records)), truth


def test_nine_of_ten_flags_are_right_and_most_are_found(judged):
    pairs, truth = judged
    measured = figures([pair for pair in pairs if pair.verdict.is_flag], truth)
    assert measured.precision >= 0.95
    assert measured.f1 >= 0.80


def test_what_is_sure_is_right(judged):
    pairs, truth = judged
    measured = figures([pair for pair in pairs if pair.verdict is Verdict.SURE], truth)
    assert measured.precision >= 0.98
    assert measured.recall >= 0.50


def test_figures_count_pairs_and_not_records():
    truth = {"1": "a", "2": "a", "3": "a", "4": "b"}
    held = [Judged("1", "2", 0.9, Verdict.SURE), Judged("3", "4", 0.9, Verdict.SURE)]
    measured = figures(held, truth)
    assert measured == Figures(found=2, right=1, there_are=3)
    assert (measured.precision, round(measured.recall, 3), measured.f1) == (0.5, 0.333, 0.4)


def test_nothing_found_is_no_mistake():
    assert (Figures(0, 0, 0).precision, Figures(0, 0, 5).recall, Figures(0, 0, 5).f1) == (1, 0, 0)


def test_a_book_is_read_from_a_file(tmp_path):
    book, truth = tmp_path / "customers.csv", tmp_path / "truth.csv"
    book.write_text(
        "customer_id,name,company_name,category,phone,email,address\n"
        '1,"Smith, Bob",,residential,303 555 0142,,\n'
        "2,,Acme Inc,commercial,,info@acme.com,12 Oak St\n"
    )
    truth.write_text("customer_id,entity_id\n1,A\n2,B\n")
    assert read_book(book) == {
        "1": Record.typed(names=["Bob Smith"], phones=["3035550142"]),
        "2": Record.typed(
            companies=["Acme"], emails=["info@acme.com"], addresses=["12 oak st"], commercial=True
        ),
    }
    assert read_truth(truth) == {"1": "A", "2": "B"}
