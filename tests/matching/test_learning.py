"""What is learnt from a book without labels, and what no book can teach."""

import pytest

from carter.matching.in_memory import BookInMemory
from carter.matching.learning import FURTHEST, TooLittleToLearn, learn, read_model
from carter.matching.record import Record
from carter.matching.weights import SHIPPED, UnreadableWeights
from tests.matching.book import a_book


def typed(number, phone):
    return Record.typed(
        names=[f"Person{number:04} Surname{number:04}"],
        phones=[phone],
        emails=[f"person{number:04}@umlauf.net"],
    )


def a_book_in_which_everybody_comes_twice(people, *, same_phone):
    """Each with one mailbox; the share `same_phone` of them with one number too."""
    records = {}
    for number in range(people):
        keeps = number % 100 < same_phone * 100
        records[f"{number} first"] = typed(number, f"303{2_000_000 + 7 * number}")
        again = 2_000_000 + 7 * number if keeps else 6_000_003 + 11 * number
        records[f"{number} again"] = typed(number, f"303{again}")
    return records


def learnt_from(records):
    return learn(BookInMemory(records).scores(), len(records))


def phone(weights, level):
    return weights.person.rows["phone"][level].same


def test_a_book_in_which_numbers_change_teaches_that_they_do():
    keeping, changing = (
        learnt_from(a_book_in_which_everybody_comes_twice(600, same_phone=share))
        for share in (0.9, 0.1)
    )
    assert 580 < changing.same < keeping.same < 600
    assert phone(keeping.weights, "different") < phone(SHIPPED, "different")
    assert phone(changing.weights, "different") > phone(SHIPPED, "different")
    assert phone(keeping.weights, "same") > phone(changing.weights, "same")


def test_no_book_moves_a_chance_further_than_twice_or_half():
    learnt = learnt_from(a_book_in_which_everybody_comes_twice(2_000, same_phone=0.99))
    moves = [
        chances.same / SHIPPED.person.rows[row][level].same
        for row, levels in learnt.weights.person.rows.items()
        for level, chances in levels.items()
    ]
    assert min(moves) == 1 / FURTHEST
    assert 1 < max(moves) <= FURTHEST


def test_only_what_the_same_customer_does_is_learnt():
    records, _ = a_book(1_500, seed=5)
    weights = learnt_from(records).weights
    assert weights.account == SHIPPED.account
    assert weights.person.met[1:] == SHIPPED.person.met[1:]
    assert weights.person.rows["generation"] == SHIPPED.person.rows["generation"]
    for row, levels in weights.person.rows.items():
        for level, chances in levels.items():
            assert chances[1:] == SHIPPED.person.rows[row][level][1:]


def test_the_same_book_teaches_the_same():
    records = a_book_in_which_everybody_comes_twice(400, same_phone=0.5)
    turned = dict(reversed(records.items()))
    one, other = learnt_from(records), learnt_from(turned)
    assert one == other


def test_too_small_a_book_teaches_nothing():
    with pytest.raises(TooLittleToLearn, match="300 are needed"):
        learnt_from(a_book_in_which_everybody_comes_twice(100, same_phone=1))
    with pytest.raises(TooLittleToLearn, match="About 0 pairs"):
        learnt_from({})


def test_a_file_that_holds_no_weights_is_refused(tmp_path):
    path = tmp_path / "model.json"
    with pytest.raises(UnreadableWeights, match="cannot be read: No such file"):
        read_model(path)
    path.write_text("weights: none")
    with pytest.raises(UnreadableWeights, match="holds no weights"):
        read_model(path)
