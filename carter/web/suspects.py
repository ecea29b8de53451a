"""What the Duplicates page shows: its groups, and one group with its members side by side."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from carter.billing.balances import with_balances
from carter.companies.models import Company
from carter.customers.models import Customer
from carter.jobs.moves import with_moves
from carter.matching.grouping import LARGEST, Pair
from carter.matching.models import DuplicateGroup, PossibleDuplicate
from carter.matching.suspecting import Compared, compared

TONES = {"sure": "green", "likely": "amber", "household": "blue", "desk": "grey"}
MOST_PAIRS = LARGEST * (LARGEST - 1) // 2
SIDE_BY_SIDE = ("phones", "emails", "addresses", "contacts")


@dataclass(frozen=True)
class ShownPair:
    """Two members, and what they are to each other."""

    one: Customer
    other: Customer
    found: Compared


@dataclass(frozen=True)
class ShownGroup:
    """A group with its surest members, and the evidence between them.

    `shared` are the keys of phones, emails and addresses that several of them have.
    """

    group: DuplicateGroup
    members: list[Any]
    pairs: list[ShownPair]
    shared: frozenset[str]

    @property
    def title(self) -> str:
        """Who it is about: two by name, of more how many."""
        names = [member.name for member in self.members]
        return (
            " and ".join(names)
            if self.group.size == 2
            else f"{names[0]} and {self.group.size - 1} more"
        )

    @property
    def told(self) -> set[str]:
        """What is known of any of them: the rows worth showing."""
        return {
            *(
                kind
                for kind in SIDE_BY_SIDE
                if any(getattr(each, kind).all() for each in self.members)
            ),
            *("jobs" for each in self.members if each.jobs_count),
            *("moves" for each in self.members if each.last_move_on),
        }

    @property
    def tone(self) -> str:
        return TONES[self.group.verdict]

    @property
    def left_out(self) -> int:
        return self.group.size - len(self.members)


def surest_first(company: Company) -> QuerySet[DuplicateGroup]:
    """The groups of a company, the surest first, each with the names of its surest pair."""
    pairs = PossibleDuplicate.across_companies.filter(group=OuterRef("pk"))
    surest = pairs.order_by("-probability", "id")
    return company.duplicate_groups.order_by("-sureness", "id").annotate(
        name=Subquery(surest.values("a__name")[:1]),
        other_name=Subquery(surest.values("b__name")[:1]),
    )


def shown(company: Company, group: DuplicateGroup) -> ShownGroup | None:
    """The group as it is shown; a constant number of queries.

    None when somebody decided about it since its row was read.
    """
    rows = group.pairs.order_by("-probability", "id").values_list("a", "b")
    pairs: list[Pair] = list(rows[:MOST_PAIRS])
    ids = list(dict.fromkeys(one for pair in pairs for one in pair))[:LARGEST]
    members = {customer.pk: customer for customer in _side_by_side(company, ids)}
    if len(members) < 2:
        return None
    known = [pair for pair in pairs if members.keys() >= set(pair)]
    found = compared(company, known)
    between = [ShownPair(members[one], members[other], found[one, other]) for one, other in found]
    return ShownGroup(group, list(members.values()), between, _shared(members.values()))


def _side_by_side(company: Company, ids: list[int]) -> QuerySet[Customer]:
    customers = company.customers.filter(pk__in=ids).select_related("company")
    return with_balances(with_moves(customers)).prefetch_related(*SIDE_BY_SIDE).order_by("pk")


def _shared(members: Collection[Customer]) -> frozenset[str]:
    """What several members have; a value that one has twice is still one's own."""
    held = Counter(
        key
        for member in members
        for key in {
            row.key
            for rows in (member.phones, member.emails, member.addresses)
            for row in rows.all()
        }
    )
    return frozenset(key for key, holders in held.items() if key and holders > 1)


def group_among(company: Company, customers: Collection[int]) -> int | None:
    """A group in which two of these customers still are to be looked at."""
    pairs = company.possible_duplicates.filter(a__in=customers, b__in=customers).exclude(group=None)
    return pairs.order_by("-probability").values_list("group", flat=True).first()
