import json

import pytest

from carter.matching.comparisons import BEST_FIRST
from carter.matching.engine import judge
from carter.matching.record import Record
from carter.matching.scoring import Book
from carter.matching.weights import (
    ACCOUNT,
    CROWDS,
    PERSON,
    SHIPPED,
    Chances,
    Model,
    UnreadableWeights,
    Weights,
)

ROWS = [
    pytest.param(model, row, id=f"{title} {row}")
    for title, model in (("person", PERSON), ("account", ACCOUNT))
    for row in model.rows
]


@pytest.mark.parametrize(("model", "row"), ROWS)
def test_the_chances_of_a_row_add_up_to_about_one(model, row):
    """Most names say no generation, and that is not a level: its row adds up to less."""
    for hypothesis in range(4):
        total = sum(chances[hypothesis] for chances in model.rows[row].values())
        assert total < 1.1
        assert total > 0.9 or row == "generation"


@pytest.mark.parametrize(("model", "row"), ROWS)
def test_every_level_a_comparison_can_reach_has_its_chances(model, row):
    crowds = tuple(words for _, words in CROWDS if words)
    levels = {level for level in model.rows[row] if not level.endswith(crowds)}
    assert levels == set(BEST_FIRST[row]) - {""}


def test_weights_are_kept_as_plain_values():
    assert Weights.restored(json.loads(json.dumps(SHIPPED.stored()))) == SHIPPED


def test_a_level_that_was_not_known_when_weights_were_kept_is_as_shipped():
    stored = json.loads(json.dumps(SHIPPED.stored()))
    stored["person"]["rows"]["phone"] = {"same": [0.5, 0.1, 0.1, 1e-6]}
    restored = Weights.restored(stored)
    assert restored.person.rows["phone"]["same"] == Chances(0.5, 0.1, 0.1, 1e-6)
    assert restored.person.rows["phone"]["digit"] == PERSON.rows["phone"]["digit"]
    assert restored.account == ACCOUNT


def _without_met(stored):
    del stored["person"]["met"]


def _with_a_word(stored):
    stored["person"]["rows"]["first"]["same"] = ["often", 0.1, 0.1, 0.1]


def _with_no_chance(stored):
    stored["account"]["rows"]["phone"]["same"] = [0.1, 0.1, 0.1, 0]


def _of_another_version(stored):
    stored["format"] = 2


@pytest.mark.parametrize(
    "spoil", [_without_met, _with_a_word, _with_no_chance, _of_another_version]
)
def test_something_else_is_refused_as_weights(spoil):
    stored = json.loads(json.dumps(SHIPPED.stored()))
    spoil(stored)
    with pytest.raises(UnreadableWeights, match="weights"):
        Weights.restored(stored)


def test_another_books_weights_change_the_answer():
    one, other = (Record.typed(names=["Bob Smith"], phones=["303 555 0142"]) for _ in range(2))
    rows = {**PERSON.rows, "phone": {**PERSON.rows["phone"], "same": Chances(0.1, 0.1, 0.9, 0.1)}}
    strange = Weights(Model(PERSON.met, rows), ACCOUNT)
    assert judge(one, other, Book(5_000, weights=strange))[0] < judge(one, other, Book(5_000))[0]
