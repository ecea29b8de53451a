"""Learning from a book, without labels, how often the same customer's records agree.

Expectation maximisation (Dempster, Laird and Rubin, 1977) as it is used for record linkage
(Winkler, Using the EM Algorithm for Weight Computation, 2000): guess of every pair how probably it
is the same customer, by the weights so far; count how often each level comes, every pair as much
as it is probable; take these counts for the weights, and guess again, until nothing moves.

Only what the same customer does is learnt, and only of persons. The pairs of a book are those that
share a key, and say nothing of how rarely strangers agree; households and desks are found by the
very number that they share; firms change contacts and have branches that look like them
(docs/decisions/0010-matching.md). What is learnt is kept near the shipped chances, so that no book,
however strange, can turn the weights upside down.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path

from carter.matching.scoring import SMALL_BOOK, Score, after, before_comparing
from carter.matching.weights import SHIPPED, Chances, Model, Row, UnreadableWeights, Weights

HAND_FIXED = frozenset({"generation"})  # Too rare to count.
ROUNDS = 30
SETTLED = 1e-4  # No chance moved by more.
FURTHEST = (
    2.0  # A chance may be so many times the shipped one, or the shipped one so many times it.
)
FIRMNESS = 300  # The shipped chances count as so many pairs.

Cell = tuple[str, str, Chances]
"""A row, the level reached on it, and its chances: the rarer the value, the lower for strangers."""

Pattern = tuple[Cell, ...]
"""All that the weights see of a pair."""

Counts = Mapping[str, MutableMapping[str, float]]
"""How many pairs of one customer reach each level of each row."""


@dataclass(frozen=True, slots=True)
class Learnt:
    """The weights, how many pairs they were learnt from, and about how many of these were one."""

    weights: Weights
    pairs: int
    same: float


class TooLittleToLearn(Exception):
    """The book has too few pairs that may be the same customer."""


def learn(scores: Iterable[Score], size: int, start: Weights = SHIPPED) -> Learnt:
    """The weights that explain a book's own pairs best; `size` is how many records it has.

    Raises TooLittleToLearn when fewer pairs are the same customer than would tell.
    """
    patterns = Counter(_pattern(score) for score in scores if not _of_firms(score))
    weights, same = start, 0.0
    for _ in range(ROUNDS):
        counts, same = _expected(patterns, weights.person, size)
        learnt = Weights(_maximised(counts, same, size, start.person), start.account)
        moved = _furthest_move(weights.person, learnt.person)
        weights = learnt
        if moved < SETTLED:
            break
    if same < FIRMNESS:
        raise TooLittleToLearn(
            f"About {same:,.0f} pairs of this book are the same customer; {FIRMNESS} are needed "
            "to learn from."
        )
    return Learnt(weights, patterns.total(), same)


def read_model(path: Path) -> Weights:
    """The weights in a file that was written by training. Raises UnreadableWeights."""
    try:
        return Weights.restored(json.loads(path.read_text(encoding="utf-8")))
    except OSError as trouble:
        raise UnreadableWeights(f"{path} cannot be read: {trouble.strerror}.") from trouble
    except ValueError as trouble:
        raise UnreadableWeights(f"{path} holds no weights.") from trouble


def _of_firms(score: Score) -> bool:
    return any(row.finding.row == "company" for row in score.weighed)


def _pattern(score: Score) -> Pattern:
    return tuple((row.finding.row, row.level, row.chances) for row in score.weighed)


def _expected(patterns: Mapping[Pattern, int], model: Model, size: int) -> tuple[Counts, float]:
    """How often each level is expected among the pairs of one customer, and how many these are."""
    before = before_comparing(model.met, max(size, SMALL_BOOK))
    counts: Counts = defaultdict(lambda: defaultdict(float))
    same = 0.0
    for pattern, count in patterns.items():
        chances = (cell[2]._replace(same=model.rows[cell[0]][cell[1]].same) for cell in pattern)
        weight = count * after(before, chances).same
        same += weight
        for row, level, _ in pattern:
            counts[row][level] += weight
    return counts, same


def _maximised(counts: Counts, same: float, size: int, shipped: Model) -> Model:
    """The model in which the same customer does what was counted, near the shipped one."""
    met = shipped.met._replace(same=_bounded(same / max(size, 1), shipped.met.same))
    rows = {
        row: levels if row in HAND_FIXED else _row(levels, counts.get(row, {}))
        for row, levels in shipped.rows.items()
    }
    return Model(met, rows)


def _row(shipped: Row, counts: Mapping[str, float]) -> Row:
    """A row with the shares that were counted; a level that no pair reached stays as it is."""
    total = sum(counts.values()) + FIRMNESS
    shares = {level: (counts[level] + FIRMNESS * shipped[level].same) / total for level in counts}
    return {
        level: chances._replace(same=_bounded(shares.get(level, chances.same), chances.same))
        for level, chances in shipped.items()
    }


def _bounded(learnt: float, shipped: float) -> float:
    return min(max(learnt, shipped / FURTHEST), shipped * FURTHEST, 1.0)


def _furthest_move(model: Model, other: Model) -> float:
    return max(
        abs(chances.same - other.rows[row][level].same)
        for row, levels in model.rows.items()
        for level, chances in levels.items()
    )
