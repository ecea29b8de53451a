"""How likely it is that two records are the same customer, one household, one desk, or strangers.

Fellegi and Sunter (A Theory for Record Linkage, 1969) with four hypotheses in place of two: a
shared phone with different first names is evidence for a household, not half a match.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import exp, log, log2, prod
from typing import NamedTuple

from carter.matching.comparisons import Finding, compare
from carter.matching.keys import Key
from carter.matching.record import Record
from carter.matching.weights import ACCOUNT, CROWDS, PERSON, UNSEEN, Chances, Model, Row

OTHERS = (1, 2, 3)  # The places of the hypotheses that are not "the same customer".
EVEN = Chances(1.0, 1.0, 1.0, 1.0)
SMALL_BOOK = 1_000  # With fewer records, a name looks more common than it is.
CROWDED_ROWS = frozenset({"phone", "email"})


@dataclass(frozen=True, slots=True)
class Book:
    """What is known of all the records two are compared among: how many hold each key.

    A key that is not counted is held by the two records alone.
    """

    size: int
    holders: Mapping[Key, int] = field(default_factory=dict)

    @property
    def others(self) -> int:
        """How many records one can be compared with; a new book is taken for a small one."""
        return max(self.size, SMALL_BOOK)

    def held_by(self, keys: Sequence[Key]) -> int:
        """How many records hold the rarest of the keys; the two that share it at least."""
        return min((max(2, self.holders.get(key, 2)) for key in keys), default=2)


class Weighed(NamedTuple):
    """A finding, its chances under the four hypotheses, and how many records hold it."""

    finding: Finding
    chances: Chances
    held_by: int


@dataclass(frozen=True, slots=True)
class Score:
    """The probabilities of the four hypotheses, what they were before, and what they rest on."""

    before: Chances
    now: Chances
    weighed: tuple[Weighed, ...]

    def bits(self, *rows: Weighed) -> float:
        """What some findings together say by themselves, as log2 of the odds for the same customer.

        Weight of evidence: I. J. Good, Probability and the Weighing of Evidence (1950).
        """
        same = prod(row.chances.same for row in rows)
        others = sum(
            self.before[other] * prod(row.chances[other] for row in rows) for other in OTHERS
        )
        return log2(same / others * sum(self.before[other] for other in OTHERS))


def score(ours: Record, theirs: Record, book: Book) -> Score:
    """Weigh every row on which both records speak."""
    model = ACCOUNT if ours.is_account and theirs.is_account else PERSON
    found = compare(ours, theirs)
    namesakes = next((model.rows["first"][row.level] for row in found if row.row == "first"), EVEN)
    weighed = tuple(_weighed(finding, model, book, namesakes) for finding in found)
    before = _before(model, book)
    return Score(before, _after(before, weighed), weighed)


def _weighed(finding: Finding, model: Model, book: Book, namesakes: Chances) -> Weighed:
    held_by = book.held_by(finding.shared)
    row = model.rows[finding.row]
    if finding.row in CROWDED_ROWS:
        return Weighed(finding, _in_crowd(row, finding.level, held_by), held_by)
    chances = row[finding.level]
    if finding.shared and finding.row != "first":
        often = (held_by - 2 + UNSEEN[finding.shared[0][0]]) / book.others
        chances = _by_chance(chances, often, namesakes if finding.row == "last" else EVEN)
    return Weighed(finding, chances, held_by)


def _in_crowd(row: Row, level: str, held_by: int) -> Chances:
    crowd = next(words for most, words in CROWDS if held_by <= most)
    return row.get(level + crowd, row[level])


def _by_chance(chances: Chances, often: float, namesakes: Chances) -> Chances:
    """Strangers agree on a name, a street or a firm as often as others in the book have it.

    A first and a last name are met together as the book shows, not as the product of the two, so
    what the first name has said already is taken off the last. Tenants of one manager live at
    one address more often than strangers.
    """
    return chances._replace(
        desk=max(chances.desk, often / namesakes.desk),
        unrelated=often / namesakes.unrelated,
    )


def _before(model: Model, book: Book) -> Chances:
    met = model.met._replace(unrelated=model.met.unrelated * book.others)
    return Chances(*(chance / sum(met) for chance in met))


def _after(before: Chances, weighed: Sequence[Weighed]) -> Chances:
    logs = [
        log(prior) + sum(log(row.chances[hypothesis]) for row in weighed)
        for hypothesis, prior in enumerate(before)
    ]
    odds = [exp(value - max(logs)) for value in logs]
    return Chances(*(value / sum(odds) for value in odds))
