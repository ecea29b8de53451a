"""How right matching is, on books with other habits than the one it was tuned on."""

import pytest

from carter.matching.batch.files import CannotRead
from carter.matching.in_memory import BookInMemory
from carter.matching.measure import (
    Bin,
    Figures,
    FirstSight,
    b_cubed,
    calibration,
    figures,
    first_sight,
    read_truth,
)
from carter.matching.verdicts import Judged, Verdict
from tests.matching.book import a_book, record_of
from tests.matching.strangers import HABITS, strangers

SURE, LIKELY, NAMESAKE = Verdict.SURE, Verdict.LIKELY, Verdict.NAMESAKE
ROWS = 2_000


def a_book_of_strangers(habit):
    records, truth = {}, {}
    for number, (entity, typed) in enumerate(strangers(ROWS, seed=11, habit=habit)):
        truth[str(number)] = entity
        records[str(number)] = record_of(typed, commercial=typed["category"] == "commercial")
    return records, truth


@pytest.fixture(scope="module", params=["families and buildings", *HABITS])
def judged(request):
    known = request.param in HABITS
    records, truth = a_book_of_strangers(request.param) if known else a_book(ROWS, seed=11)
    return list(BookInMemory(records).judged()), truth


def test_nine_of_ten_flags_are_right_and_most_are_found(judged):
    pairs, truth = judged
    measured = figures([pair for pair in pairs if pair.verdict.is_flag], truth)
    assert measured.precision >= 0.95
    assert measured.f1 >= 0.85


def test_what_is_sure_is_right(judged):
    pairs, truth = judged
    measured = figures([pair for pair in pairs if pair.verdict is SURE], truth)
    assert measured.precision >= 0.98
    assert measured.recall >= 0.60


def test_whoever_called_before_is_among_the_first_shown_and_few_others_alarm(judged):
    sight = first_sight(*judged)
    assert sight.seen / sight.known >= 0.93
    assert sight.alarmed / sight.new <= 0.05


def test_a_rule_of_equal_phones_would_not_pass(judged):
    """The control: the same measure on what a simple rule says."""
    pairs, truth = judged
    related = [pair for pair in pairs if pair.verdict not in {Verdict.NONE, NAMESAKE}]
    assert figures(related, truth).precision < 0.7


def test_figures_count_pairs_and_not_records():
    truth = {"1": "a", "2": "a", "3": "a", "4": "b"}
    held = [Judged("1", "2", 0.9, SURE), Judged("3", "4", 0.9, SURE)]
    measured = figures(held, truth)
    assert measured == Figures(found=2, right=1, there_are=3)
    assert (measured.precision, round(measured.recall, 3), measured.f1) == (0.5, 0.333, 0.4)


def test_nothing_found_is_no_mistake():
    assert (Figures(0, 0, 0).precision, Figures(0, 0, 5).recall, Figures(0, 0, 5).f1) == (1, 0, 0)


def test_groups_are_measured_as_each_record_sees_its_own():
    truth = {"1": "a", "2": "a", "3": "b", "4": "b"}
    assert b_cubed({}, truth) == (1.0, 0.5)
    assert b_cubed(truth, truth) == (1.0, 1.0)
    assert b_cubed(dict.fromkeys(truth, "one"), truth) == (0.5, 1.0)


def test_calibration_says_how_many_were_right_of_those_held_alike():
    labelled = [(0.8, True), (0.8, True), (0.85, False), (1.0, True)]
    low, high = calibration(labelled)
    assert low == Bin(0.75, 0.9, 3, pytest.approx(2.45 / 3), pytest.approx(2 / 3))
    assert high == Bin(0.99, 1.0, 1, 1.0, 1.0)
    assert list(calibration([])) == []


def test_who_is_shown_first_counts():
    truth = {"lead": "a", "same": "a", "x": "b", "y": "c", "z": "d"}
    namesakes = [Judged("lead", other, 0.4, NAMESAKE) for other in ("x", "y", "z")]
    weak, strong = (Judged("lead", "same", 0.3, verdict) for verdict in (NAMESAKE, LIKELY))
    assert first_sight([*namesakes, weak], truth) == FirstSight(known=2, seen=1, new=3, alarmed=0)
    assert first_sight([*namesakes, strong], truth) == FirstSight(2, 2, 3, 0)
    assert first_sight([Judged("x", "y", 0.9, LIKELY)], truth) == FirstSight(2, 0, 3, 2)


def test_the_truth_is_read_from_a_file(tmp_path):
    path = tmp_path / "truth.csv"
    path.write_text("customer_id,entity_id\n1,A\n2,B\n3,C\n")
    assert read_truth(path, ["1", "2"]) == {"1": "A", "2": "B"}


def test_a_truth_without_its_columns_is_refused(tmp_path):
    path = tmp_path / "truth.csv"
    path.write_text("customer_id,who\n1,A\n")
    with pytest.raises(CannotRead, match=r"truth\.csv lacks the column entity_id\."):
        read_truth(path, ["1"])
    with pytest.raises(CannotRead, match=r"none\.csv cannot be read: No such file"):
        read_truth(tmp_path / "none.csv", ["1"])


@pytest.mark.parametrize(
    ("names", "words"),
    [(["1", "9"], "does not say who customer 9 is"), ([], "nothing to measure")],
)
def test_a_truth_that_does_not_fit_the_customers_is_refused(names, words, tmp_path):
    path = tmp_path / "truth.csv"
    path.write_text("customer_id,entity_id\n1,A\n")
    with pytest.raises(CannotRead, match=words):
        read_truth(path, names)
