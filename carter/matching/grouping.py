"""Which customers belong together in the list of duplicates, given the pairs that were found.

Pure. Connected components over-merge: one shared phone would chain two families. So groups grow
from the surest pair on, a weaker pair joins two groups only when nothing between them speaks
against it, and households and desks never join anybody to the same customer.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from carter.matching.verdicts import Verdict

LARGEST = 8  # A group above it is looked at with care; weaker pairs never make one so large.

Pair = tuple[int, int]


class Edge(NamedTuple):
    """A pair of customers, and what they are held to be; closed once somebody decided it."""

    pair: Pair
    verdict: Verdict
    probability: float
    is_open: bool = True

    @property
    def surest_first(self) -> tuple[bool, bool, float, Pair]:
        """What somebody said before what is sure, and that before what is likely."""
        return (self.is_open, self.verdict is not Verdict.SURE, -self.probability, self.pair)


class Group(NamedTuple):
    """Customers with open pairs between them, to be looked at together; the pairs surest first.

    The probability is that of the weakest pair that holds them together.
    """

    verdict: Verdict
    probability: float
    members: tuple[int, ...]
    pairs: tuple[Pair, ...]


class Clusters:
    """Customers joined so far, and who may not be joined."""

    def __init__(self, against: Iterable[Pair] = ()) -> None:
        self._root: dict[int, int] = {}
        self._members: dict[int, set[int]] = {}
        self._against: dict[int, set[int]] = defaultdict(set)
        for one, other in against:
            self._against[one].add(other)
            self._against[other].add(one)

    def root(self, one: int) -> int:
        """The customer who stands for everybody `one` was joined with."""
        if one not in self._root:
            self._root[one], self._members[one] = one, {one}
        return self._root[one]

    def join(self, pair: Pair, *, largest: int | None = None) -> bool:
        """Join two and all that each was joined with, unless something speaks against it."""
        small, large = sorted(map(self.root, pair), key=lambda root: len(self._members[root]))
        if small == large:
            return True
        joined = self._members[small] | self._members[large]
        if largest is not None and len(joined) > largest:
            return False
        if any(self._against[one] & self._members[large] for one in self._members[small]):
            return False
        for one in self._members.pop(small):
            self._root[one] = large
        self._members[large] = joined
        return True


def same_groups(edges: Iterable[Edge]) -> list[Group]:
    """Customers held to be one. Every open sure or likely pair is in exactly one of the groups.

    A pair that was not allowed to join its two groups, because some of them are held to be
    others, makes a likely group of its own: that is for a person to see.
    """
    edges = sorted(edges, key=lambda edge: edge.surest_first)
    flags = [edge for edge in edges if edge.verdict.is_flag]
    clusters = Clusters(edge.pair for edge in edges if not edge.verdict.is_flag)
    needed: dict[Pair, Edge] = {}
    for edge in flags:
        apart = clusters.root(edge.pair[0]) != clusters.root(edge.pair[1])
        largest = None if edge.verdict is Verdict.SURE else LARGEST
        if clusters.join(edge.pair, largest=largest) and apart:
            needed[edge.pair] = edge
    together = _by_roots(flags, clusters)
    return [
        _group(some, needed if len(roots) == 1 else {})
        for roots, some in together.items()
        if any(edge.is_open for edge in some)
    ]


def related_groups(edges: Iterable[Edge], verdict: Verdict) -> list[Group]:
    """Customers connected by open pairs of one kind: a household, or the users of a desk."""
    related = sorted(
        (edge for edge in edges if edge.verdict is verdict and edge.is_open),
        key=lambda edge: edge.surest_first,
    )
    clusters = Clusters()
    for edge in related:
        clusters.join(edge.pair)
    return [_listed(verdict, some[:1], some) for some in _by_roots(related, clusters).values()]


def _by_roots(edges: Iterable[Edge], clusters: Clusters) -> dict[frozenset[int], list[Edge]]:
    together: dict[frozenset[int], list[Edge]] = defaultdict(list)
    for edge in edges:
        together[frozenset(map(clusters.root, edge.pair))].append(edge)
    return together


def _group(edges: list[Edge], needed: Mapping[Pair, Edge]) -> Group:
    """A group of one customer; contradicted, and so likely at most, when no pair was needed."""
    links = [edge for edge in edges if edge.pair in needed]
    is_sure = links and all(edge.verdict is Verdict.SURE for edge in links)
    is_small = len({one for edge in edges for one in edge.pair}) <= LARGEST
    return _listed(Verdict.SURE if is_sure and is_small else Verdict.LIKELY, links or edges, edges)


def _listed(verdict: Verdict, links: list[Edge], edges: list[Edge]) -> Group:
    asked = tuple(edge.pair for edge in edges if edge.is_open)
    members = tuple(sorted({one for pair in asked for one in pair}))
    return Group(verdict, min(edge.probability for edge in links), members, asked)
