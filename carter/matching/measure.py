"""How good matching is, where the truth is known.

Pure: what is measured is what the engine said of pairs, whoever asked it, and nothing else.
"""

import csv
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from carter.matching.batch.files import CannotRead
from carter.matching.grouping import Edge, clusters_of, connected
from carter.matching.verdicts import Judged, Verdict

SHOWN = (Verdict.SURE, Verdict.LIKELY, Verdict.HOUSEHOLD, Verdict.NAMESAKE)
APART = (Verdict.HOUSEHOLD, Verdict.DESK)
AT_FIRST_SIGHT = 3  # Of the customers shown for a lead.
BINS = (0.0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1.0)

Truth = Mapping[str, str]
"""Who each record really is."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Of the pairs held to be the same: how many, how many rightly, and how many there are."""

    found: int
    right: int
    there_are: int

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.there_are if self.there_are else 1.0

    @property
    def f1(self) -> float:
        return harmonic(self.precision, self.recall)


class Bin(NamedTuple):
    """Pairs of like probability: how probable they were held on average, how many were right."""

    least: float
    most: float
    pairs: int
    predicted: float
    right: float


@dataclass(frozen=True, slots=True)
class FirstSight:
    """What somebody sees who takes each record for a new lead and the others for the book.

    `known` are the leads of customers with another record, `seen` those for whom one of these is
    among the first three shown; `new` are the leads of customers with none, `alarmed` those for
    whom somebody was flagged all the same.
    """

    known: int
    seen: int
    new: int
    alarmed: int


def read_truth(path: Path, names: Collection[str]) -> dict[str, str]:
    """Who each of these records really is, from a CSV with customer_id and entity_id.

    What else the file knows is left out. Raises CannotRead.
    """
    if not names:
        raise CannotRead("There are no customers in the file, and so nothing to measure.")
    known = _read_truth(path)
    if unknown := next((name for name in names if name not in known), None):
        raise CannotRead(f"{path.name} does not say who customer {unknown} is.")
    return {name: known[name] for name in names}


def _read_truth(path: Path) -> dict[str, str]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            return {row["customer_id"]: row["entity_id"] for row in csv.DictReader(file)}
    except KeyError as column:
        raise CannotRead(f"{path.name} lacks the column {column.args[0]}.") from column
    except OSError as trouble:
        raise CannotRead(f"{path} cannot be read: {trouble.strerror}.") from trouble
    except (UnicodeDecodeError, csv.Error) as trouble:
        raise CannotRead(f"{path.name} is not a CSV file in UTF-8.") from trouble


def figures(pairs: Iterable[Judged[str]], truth: Truth) -> Figures:
    """How right it is to hold these pairs, and no others, to be the same."""
    held = [truth[pair.one] == truth[pair.other] for pair in pairs]
    sizes = Counter(truth.values()).values()
    return Figures(len(held), sum(held), sum(size * (size - 1) // 2 for size in sizes))


def b_cubed(groups: Mapping[str, str], truth: Truth) -> tuple[float, float]:
    """Precision and recall of groups, as each record sees its own (Bagga and Baldwin, 1998).

    `groups` names the group of each record; records without one are alone.
    """
    mine = {record: groups.get(record, record) for record in truth}
    sizes, real = Counter(mine.values()), Counter(truth.values())
    both = Counter((mine[record], truth[record]) for record in truth)
    precision = sum(count**2 / sizes[group] for (group, _), count in both.items())
    recall = sum(count**2 / real[entity] for (_, entity), count in both.items())
    return precision / len(truth), recall / len(truth)


def groups_of(pairs: Iterable[Judged[str]], *, careful: bool) -> dict[str, str]:
    """The group of each record that shares a key with another, named after one of its records.

    Careful: as the list of duplicates makes them, surest first and nobody joined that something
    speaks against. Else whatever is connected, as merging every flag would make them.
    """
    pairs = [pair for pair in pairs if pair.verdict.is_flag or (careful and pair.verdict in APART)]
    names = sorted({name for pair in pairs for name in (pair.one, pair.other)})
    numbers = {name: number for number, name in enumerate(names)}
    edges = [
        Edge((numbers[pair.one], numbers[pair.other]), pair.verdict, pair.probability)
        for pair in pairs
    ]
    clusters = clusters_of(edges) if careful else connected(edges)
    return {name: names[clusters.root(number)] for name, number in numbers.items()}


def calibration(labelled: Iterable[tuple[float, bool]]) -> Iterator[Bin]:
    """Whether seven of ten are right where seven of ten were expected; only bins with pairs."""
    binned: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for probability, is_same in labelled:
        binned[sum(probability >= least for least in BINS[1:-1])].append((probability, is_same))
    for place, some in sorted(binned.items()):
        predicted, right = (sum(column) / len(some) for column in zip(*some, strict=True))
        yield Bin(BINS[place], BINS[place + 1], len(some), predicted, right)


def first_sight(pairs: Iterable[Judged[str]], truth: Truth) -> FirstSight:
    """Take each record for a lead in turn: who is shown for it, surest first?"""
    shown: dict[str, list[tuple[int, float, str]]] = defaultdict(list)
    for one, other, probability, verdict in pairs:
        if verdict in SHOWN:
            place = SHOWN.index(verdict)
            shown[one].append((place, -probability, other))
            shown[other].append((place, -probability, one))
    sizes = Counter(truth.values())
    known = [record for record, entity in truth.items() if sizes[entity] > 1]
    new = [record for record, entity in truth.items() if sizes[entity] == 1]
    seen = sum(_is_seen(record, shown[record], truth) for record in known)
    alarmed = sum(any(SHOWN[place].is_flag for place, _, _ in shown[record]) for record in new)
    return FirstSight(len(known), seen, len(new), alarmed)


def _is_seen(record: str, shown: Sequence[tuple[int, float, str]], truth: Truth) -> bool:
    first = sorted(shown)[:AT_FIRST_SIGHT]
    return any(truth[other] == truth[record] for _, _, other in first)


def harmonic(precision: float, recall: float) -> float:
    """The F1 of both."""
    both = precision + recall
    return 2 * precision * recall / both if both else 0.0
