"""A whole book in memory, for measuring how good matching is and for learning its weights.

`batch` is for the answer itself: it takes no memory to speak of, and leaves out what a name alone
connects, which measuring and learning have to see.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations
from types import MappingProxyType

from carter.matching.engine import judge
from carter.matching.keys import CAP, Key, keys_of
from carter.matching.record import Record
from carter.matching.said import Said
from carter.matching.scoring import Book, Score, score
from carter.matching.verdicts import Judged
from carter.matching.weights import SHIPPED, Weights

Pair = tuple[str, str]
NOTHING_SAID: Mapping[Key, Said] = MappingProxyType({})


class BookInMemory:
    """The records of a book by name, and who shares a key with whom."""

    def __init__(
        self,
        records: Mapping[str, Record],
        weights: Weights = SHIPPED,
        said: Mapping[Key, Said] = NOTHING_SAID,
    ) -> None:
        self.records = records
        self._keys = {name: keys_of(record) for name, record in records.items()}
        self._held_by = Counter(key for keys in self._keys.values() for key in keys)
        self.book = Book(len(records), self._held_by, weights, said)

    def judged(self) -> Iterator[Judged[str]]:
        """Every pair that shares a key not held by too many, with its verdict."""
        for one, other in self.pairs():
            yield Judged(one, other, *judge(self.records[one], self.records[other], self.book))

    def scores(self) -> Iterator[Score]:
        """The same pairs, weighed and not judged."""
        for one, other in self.pairs():
            yield score(self.records[one], self.records[other], self.book)

    def pairs(self) -> Iterator[Pair]:
        """The pairs that share a key, each once, in an order that is always the same."""
        holders: dict[Key, list[str]] = defaultdict(list)
        for name, keys in self._keys.items():
            for key in keys:
                if 1 < self._held_by[key] <= CAP:
                    holders[key].append(name)
        yield from sorted({pair for names in holders.values() for pair in _sorted_pairs(names)})


def _sorted_pairs(names: list[str]) -> Iterator[Pair]:
    return combinations(sorted(names), 2)
