"""How likely it is that two records are the same customer, one household, one desk, or strangers.

Fellegi and Sunter (A Theory for Record Linkage, 1969) with four hypotheses in place of two: a
shared phone with different first names is evidence for a household, not half a match.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import log2, prod
from typing import NamedTuple, Protocol

from carter.matching.comparisons import Finding, compare
from carter.matching.keys import Key
from carter.matching.record import Record
from carter.matching.said import TELLING_MOST_FIRST, Said
from carter.matching.weights import CROWDS, SHIPPED, UNSEEN, Chances, Model, Row, Weights

OTHERS = (1, 2, 3)  # The places of the hypotheses that are not "the same customer".
EVEN = Chances(1.0, 1.0, 1.0, 1.0)
SMALL_BOOK = 1_000  # With fewer records, a name looks more common than it is.
CROWDED_ROWS = frozenset({"phone", "email"})
OF_A_DESK = frozenset({"same of many", "same of a crowd", "role"})
CROWD = 16  # What is said to be a desk's is held by so many, whoever is in the book.


class Counted(Protocol):
    """How many records hold a key, as a dictionary says it, or something smaller."""

    def get(self, key: Key, default: int, /) -> int: ...


@dataclass(frozen=True, slots=True)
class Book:
    """What is known of all the records two are compared among: how many hold each key.

    A key that is not counted is held by the two records alone. `weights` are the numbers it is
    judged by, `said` is what people said of phones and mailboxes that many share.
    """

    size: int
    holders: Counted = field(default_factory=dict[Key, int])
    weights: Weights = SHIPPED
    said: Mapping[Key, Said] = field(default_factory=dict)

    @property
    def others(self) -> int:
        """How many records one can be compared with; a new book is taken for a small one."""
        return max(self.size, SMALL_BOOK)

    def held_by(self, keys: Sequence[Key]) -> int:
        """How many records hold the rarest of the keys; the two that share it at least."""
        return min((max(2, self.holders.get(key, 2)) for key in keys), default=2)

    def without_junk(self, record: Record) -> Record:
        """The record with every phone and mailbox left out that people said is junk."""
        if not self.said:
            return record
        return record.keeping(lambda kind, value: self.said.get((kind, value)) is not Said.JUNK)

    def said_of(self, keys: Sequence[Key]) -> Said | None:
        """What people said of the keys two records share: of several the one that tells most."""
        said = [self.said.get(key) for key in keys]
        return min(said, key=TELLING_MOST_FIRST.index, default=None)


class Weighed(NamedTuple):
    """A finding, its chances under the four hypotheses, and how many records hold it.

    `level` is the one it was weighed as, with the crowd that holds it. What people said of a shared
    phone or mailbox goes before the count: `held_by` is what it is taken to be.
    """

    finding: Finding
    chances: Chances
    held_by: int
    level: str
    said: Said | None = None


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
    ours, theirs = book.without_junk(ours), book.without_junk(theirs)
    is_account = ours.is_account and theirs.is_account
    model = book.weights.account if is_account else book.weights.person
    found = compare(ours, theirs)
    namesakes = next((model.rows["first"][row.level] for row in found if row.row == "first"), EVEN)
    weighed = _desk_once([_weighed(finding, model, book, namesakes) for finding in found])
    before = before_comparing(model.met, book.others)
    return Score(before, after(before, (row.chances for row in weighed)), weighed)


@lru_cache(maxsize=1024)
def before_comparing(met: Chances, others: int) -> Chances:
    """The chances of the four before anything is compared: strangers grow with the book."""
    met = met._replace(unrelated=met.unrelated * others)
    return Chances(*(chance / sum(met) for chance in met))


def after(before: Chances, rows: Iterable[Chances]) -> Chances:
    """Bayes: each row multiplies. Ten rows of one in ten million are far from too small."""
    same, household, desk, unrelated = before
    for chances in rows:
        same *= chances.same
        household *= chances.household
        desk *= chances.desk
        unrelated *= chances.unrelated
    total = same + household + desk + unrelated
    return Chances(same / total, household / total, desk / total, unrelated / total)


def _weighed(finding: Finding, model: Model, book: Book, namesakes: Chances) -> Weighed:
    held_by = book.held_by(finding.shared)
    row = model.rows[finding.row]
    if finding.row in CROWDED_ROWS:
        said = book.said_of(finding.shared) if book.said else None
        return _in_crowd(row, finding, held_by, said, book)
    chances = row[finding.level]
    if finding.shared and finding.row != "first":
        often = (held_by - 2 + UNSEEN[finding.shared[0][0]]) / book.others
        chances = _by_chance(chances, often, namesakes if finding.row == "last" else EVEN)
    return Weighed(finding, chances, held_by, finding.level)


def _in_crowd(row: Row, finding: Finding, held_by: int, said: Said | None, book: Book) -> Weighed:
    """A shared number or mailbox: the more hold it, the more it is a desk's.

    Where it stands on every second row it tells nothing: so often any two have it by chance. A
    user such as mike72 is somebody else's at the next provider.
    """
    if said is Said.HOUSEHOLD:
        finding = finding._replace(level="family")
    elif said is Said.PERSONAL:
        held_by = 2
    elif said is Said.DESK:
        held_by = max(held_by, CROWD)
    level = finding.level + next(words for most, words in CROWDS if held_by <= most)
    level = level if level in row else finding.level
    often = (held_by - 2) / book.others
    by_chance = often if level == "user" else often**2
    chances = row[level]._replace(unrelated=max(row[level].unrelated, by_chance))
    return Weighed(finding, chances, held_by, level, said)


def _desk_once(weighed: list[Weighed]) -> tuple[Weighed, ...]:
    """Whoever calls through a desk gives its number and its mailbox: that counts once.

    The second is met as often by one customer of the desk as by two.
    """
    others = [row for row in weighed if row.level in OF_A_DESK][1:]
    if not others:
        return tuple(weighed)
    return tuple(
        row._replace(chances=row.chances._replace(same=row.chances.desk)) if row in others else row
        for row in weighed
    )


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
