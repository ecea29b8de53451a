"""How good matching is on a book whose truth is known: pair precision, recall and F1.

Pure: the book is a file, so that what is measured is the engine and nothing else.
"""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from carter.matching.engine import judge
from carter.matching.keys import CAP, Key, keys_of
from carter.matching.record import Record
from carter.matching.scoring import Book
from carter.matching.verdicts import Verdict


class Judged(NamedTuple):
    """Two records of a book that share a key, and what is held of them."""

    one: str
    other: str
    probability: float
    verdict: Verdict


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
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def read_book(path: Path, country: str = "US") -> dict[str, Record]:
    """The records of a CSV: customer_id, name, company_name, category, phone, email, address."""
    with path.open(newline="", encoding="utf-8-sig") as file:
        return {
            row["customer_id"]: Record.typed(
                names=[row["name"]],
                companies=[row["company_name"]],
                phones=[row["phone"]],
                emails=[row["email"]],
                addresses=[row["address"]],
                commercial=row["category"] == "commercial",
                country=country,
            )
            for row in csv.DictReader(file)
        }


def read_truth(path: Path) -> dict[str, str]:
    """Who each record really is, from a CSV with customer_id and entity_id."""
    with path.open(newline="", encoding="utf-8-sig") as file:
        return {row["customer_id"]: row["entity_id"] for row in csv.DictReader(file)}


def judged_pairs(records: Mapping[str, Record]) -> Iterator[Judged]:
    """Every pair that shares a key not held by too many, with its verdict."""
    filed = {name: keys_of(record) for name, record in records.items()}
    book = Book(len(records), Counter(key for keys in filed.values() for key in keys))
    for one, other in _candidates(filed, book):
        yield Judged(one, other, *judge(records[one], records[other], book))


def figures(pairs: Iterable[Judged], truth: Mapping[str, str]) -> Figures:
    """How right it is to hold these pairs, and no others, to be the same."""
    held = [truth[pair.one] == truth[pair.other] for pair in pairs]
    sizes = Counter(truth.values()).values()
    return Figures(len(held), sum(held), sum(size * (size - 1) // 2 for size in sizes))


def _candidates(filed: Mapping[str, set[Key]], book: Book) -> set[tuple[str, str]]:
    holders: dict[Key, list[str]] = defaultdict(list)
    for name, keys in filed.items():
        for key in keys:
            if book.holders.get(key, 0) <= CAP:
                holders[key].append(name)
    return {pair for names in holders.values() for pair in combinations(sorted(names), 2)}
