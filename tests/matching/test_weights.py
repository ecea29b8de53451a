import pytest

from carter.matching.comparisons import BEST_FIRST
from carter.matching.weights import ACCOUNT, CROWDS, PERSON

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
