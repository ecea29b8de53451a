"""How a score adds up: from the odds before anything is compared, row by row, to the answer.

The picture of it is known as a waterfall chart. Log-odds in bits: 0 is even odds, each bit doubles
them, 10 bits are a thousand to one.
"""

from collections.abc import Iterator, Sequence
from math import log2
from typing import NamedTuple

from carter.matching.evidence import words_of
from carter.matching.scoring import Score, Weighed, after
from carter.matching.weights import Chances

SMALLEST = 1e-12  # No odds are longer: a trillion to one.


class Step(NamedTuple):
    """What one row adds to the log-odds for the same customer, and what they have come to."""

    words: str
    bits: float
    total_bits: float

    @property
    def probability(self) -> float:
        """Of the same customer, after this step."""
        return 2**self.total_bits / (1 + 2**self.total_bits)


def steps_of(score: Score) -> list[Step]:
    """The prior first, then every row in the order of comparing; the last total is the score.

    A row is worth what it adds to those before it: with four hypotheses, a mailbox adds little
    once the number has said that it is a household.
    """
    return list(_steps(score.before, score.weighed))


def _steps(before: Chances, weighed: Sequence[Weighed]) -> Iterator[Step]:
    total = _odds_bits(before)
    yield Step("before comparing: two records of this book", total, total)
    for count, row in enumerate(weighed, 1):
        now = _odds_bits(after(before, (each.chances for each in weighed[:count])))
        yield Step(words_of(row), now - total, now)
        total = now


def _odds_bits(chances: Chances) -> float:
    others = chances.household + chances.desk + chances.unrelated
    return log2(max(chances.same, SMALLEST) / max(others, SMALLEST))
