"""Which customers belong together in the list of duplicates, given the pairs that were found.

Pure. Connected components over-merge: one shared phone would chain two families. So groups grow
from the surest pair on, a weaker pair joins two groups only when nothing between them speaks
against it, and households and desks never join anybody to the same customer.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from carter.matching.verdicts import Verdict

LARGEST = 8  # A group above it is looked at with care; no chain of weaker pairs makes one.

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
    """Customers joined so far."""

    def __init__(self) -> None:
        self._root: dict[int, int] = {}
        self._members: dict[int, set[int]] = {}

    def root(self, one: int) -> int:
        """The customer who stands for everybody `one` was joined with."""
        if one not in self._root:
            self._root[one], self._members[one] = one, {one}
        return self._root[one]

    def sides(self, pair: Pair) -> tuple[set[int], set[int]]:
        """All that each of two was joined with, the fewer first."""
        small, large = sorted((self._members[self.root(one)] for one in pair), key=len)
        return small, large

    def are_one(self, pair: Pair) -> bool:
        """Whether two were joined, be it through others."""
        return self.root(pair[0]) == self.root(pair[1])

    def join(self, pair: Pair) -> None:
        """Join two and all that each was joined with."""
        small, large = self.sides(pair)
        if small is not large:
            root = self._root[next(iter(large))]
            del self._members[self._root[next(iter(small))]]
            self._root |= dict.fromkeys(small, root)
            large |= small


def same_groups(edges: Iterable[Edge]) -> list[Group]:
    """Customers held to be one. Every sure or likely pair to be asked is in exactly one group.

    A pair that was not allowed to join its two groups, because some of them are held to be
    others, makes a likely group of its own; pairs that would make a group larger than its
    evidence make one together: those are for a person to see. Not asked is what follows from
    what was said, that the same as the same is the same.
    """
    edges = sorted(_not_implied(list(edges)), key=lambda edge: edge.surest_first)
    flags = [edge for edge in edges if edge.verdict.is_flag]
    clusters, needed, loose = _joined(edges)
    wide = Clusters()
    for one, other in loose:
        wide.join((clusters.root(one), clusters.root(other)))
    together: dict[object, list[Edge]] = defaultdict(list)
    for edge in flags:
        roots = frozenset(map(clusters.root, edge.pair))
        is_loose = edge.pair in loose and len(roots) == 2
        together[wide.root(min(roots)) if is_loose else roots].append(edge)
    asked = [some for some in together.values() if any(edge.is_open for edge in some)]
    return [_group(some, needed) for some in asked]


def _not_implied(edges: list[Edge]) -> Iterable[Edge]:
    said = connected(edge for edge in edges if edge.verdict.is_flag and not edge.is_open)
    return (edge._replace(is_open=edge.is_open and not said.are_one(edge.pair)) for edge in edges)


def _joined(edges: list[Edge]) -> tuple[Clusters, set[Pair], set[Pair]]:
    """The customers joined; by which pairs; and the pairs that would have joined too many."""
    flags = [edge for edge in edges if edge.verdict.is_flag]
    links, against = _neighbours(flags), _neighbours(e for e in edges if not e.verdict.is_flag)
    clusters, needed, loose = Clusters(), set[Pair](), set[Pair]()
    for edge in flags:
        small, large = clusters.sides(edge.pair)
        if small is large or any(against[one] & large for one in small):
            continue
        if edge.verdict is Verdict.SURE or _are_close(small, large, links):
            clusters.join(edge.pair)
            needed.add(edge.pair)
        else:
            loose.add(edge.pair)
    return clusters, needed, loose


def _neighbours(edges: Iterable[Edge]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for edge in edges:
        one, other = edge.pair
        found[one].add(other)
        found[other].add(one)
    return found


def _are_close(small: set[int], large: set[int], links: Mapping[int, set[int]]) -> bool:
    """Whether two sides stay few, or each of the fewer is linked with half of the others."""
    if len(small) + len(large) <= LARGEST:
        return True
    return all(2 * len(links[one] & large) >= len(large) for one in small)


def clusters_of(edges: Iterable[Edge]) -> Clusters:
    """Everybody held to be one customer, joined."""
    return _joined(sorted(edges, key=lambda edge: edge.surest_first))[0]


def connected(edges: Iterable[Edge]) -> Clusters:
    """Everybody connected by pairs, joined, whatever speaks against it."""
    clusters = Clusters()
    for edge in edges:
        clusters.join(edge.pair)
    return clusters


def related_groups(edges: Iterable[Edge], verdict: Verdict) -> list[Group]:
    """Customers connected by open pairs of one kind: a household, or the users of a desk."""
    related = sorted(
        (edge for edge in edges if edge.verdict is verdict and edge.is_open),
        key=lambda edge: edge.surest_first,
    )
    clusters = connected(related)
    together: dict[int, list[Edge]] = defaultdict(list)
    for edge in related:
        together[clusters.root(edge.pair[0])].append(edge)
    return [_listed(verdict, some[:1], some) for some in together.values()]


def _group(edges: list[Edge], needed: set[Pair]) -> Group:
    """A group of one customer; contradicted, and so likely at most, when no pair was needed."""
    links = [edge for edge in edges if edge.pair in needed]
    is_sure = links and all(edge.verdict is Verdict.SURE for edge in links)
    is_small = len({one for edge in edges for one in edge.pair}) <= LARGEST
    return _listed(Verdict.SURE if is_sure and is_small else Verdict.LIKELY, links or edges, edges)


def _listed(verdict: Verdict, links: list[Edge], edges: list[Edge]) -> Group:
    asked = tuple(edge.pair for edge in edges if edge.is_open)
    members = tuple(sorted({one for pair in asked for one in pair}))
    return Group(verdict, min(edge.probability for edge in links), members, asked)
