"""What is read of a company's book to say who a record may be about: a few questions for many."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import TypeVar

from django.db import connection

from carter.companies.models import Company
from carter.customers.models import Customer
from carter.matching.holders import (
    CUSTOMERS,
    Group,
    Holders,
    counts_of,
    groups_of,
    holders_of,
    nearest,
)
from carter.matching.keying import BATCH, refresh_some
from carter.matching.keys import MOST_COPIES, Key, keys_of
from carter.matching.record import Record
from carter.matching.scoring import Book
from carter.matching.standing import Standing, standing_decisions
from carter.matching.trained import NEWEST_WEIGHTS, weights_in
from carter.matching.verdicts import may_be_related
from carter.matching.weights import Weights

Name = TypeVar("Name")

STATE = f"""
    SELECT EXISTS (SELECT 1 FROM {CUSTOMERS} WHERE company_id = %s AND keys_due),
        (SELECT MAX(number) FROM {CUSTOMERS} WHERE company_id = %s),
        ({NEWEST_WEIGHTS})
"""  # noqa: S608 (a table's name)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A record that somebody is looked for by, its keys, and who is worth weighing against it.

    `own` is the current customer who has it now, who is not meant.
    """

    record: Record
    own: int | None
    keys: set[Key]
    others: list[Group]


@dataclass(frozen=True, slots=True)
class Known:
    """What the book says: its size and weights, who holds a key, who is who, what was decided.

    `counts` says how many hold a key of those by which anybody is weighed.
    """

    size: int
    weights: Weights
    holders: Mapping[Key, Holders]
    counts: Mapping[Key, int]
    groups: Mapping[int, Group]
    standing: Standing


def read_about(
    company: Company, asked: Mapping[Name, tuple[Record, Customer | None]], *, namesakes: bool
) -> tuple[dict[Name, Wanted], Known]:
    """For each record, who shares its rarest keys and is worth weighing; and what to weigh by.

    Five questions, or six: crowds are counted when anybody is weighed. Without `namesakes` nobody
    is who has a name in common and nothing else.
    """
    size, weights = _made_current(company)
    keys = {name: keys_of(record) for name, (record, _) in asked.items()}
    holders = holders_of(company, set(chain.from_iterable(keys.values())))
    near = {name: nearest(some, holders) for name, some in keys.items()}
    askers = [besides.pk for _, besides in asked.values() if besides]
    groups = groups_of(company, chain(askers, *near.values()))
    standing = standing_decisions(askers, groups)
    wanted = {}
    for name, (record, besides) in asked.items():
        own = (besides.head_id or besides.pk) if besides else None
        wanted[name] = Wanted(record, own, keys[name], _others(near[name], groups, own))
    if not namesakes:
        wanted = {name: _related(each, standing) for name, each in wanted.items()}
    telling = {key for each in wanted.values() if each.others for key in each.keys}
    counts = counts_of(company, {key: held for key, held in holders.items() if key in telling})
    return wanted, Known(size, weights, holders, counts, groups, standing)


def book_of(wanted: Wanted, known: Known) -> Book:
    """How many customers hold each key, whoever asks included and merged records as one."""
    counts, said = {}, {}
    for key in wanted.keys & known.counts.keys():
        holders, counts[key] = known.holders[key], known.counts[key]
        if holders.said:
            said[key] = holders.said
        if holders.findable:
            heads = {
                known.groups[each].head if each in known.groups else each
                for each in holders.findable
            }
            counts[key] = _people(heads - {wanted.own}, known.groups) + 1
    return Book(known.size, counts, known.weights, said)


def _made_current(company: Company) -> tuple[int, Weights]:
    """Make the keys that are due, within what a person can wait for; the book's size and weights.

    The size is the newest customer's number: counting a million rows would take longer than
    everything else.
    """
    with connection.cursor() as cursor:
        cursor.execute(STATE, [company.pk] * 3)
        is_due, newest, weights = cursor.fetchone()
    if is_due:
        refresh_some(company, BATCH)
    return newest or 0, weights_in(weights)


def _others(near: Iterable[int], groups: Mapping[int, Group], own: int | None) -> list[Group]:
    found = {groups[each].head: groups[each] for each in near if each in groups}
    return [group for head, group in found.items() if head != own]


def _related(wanted: Wanted, standing: Standing) -> Wanted:
    """Without those who are namesakes at most, unless people decided something about the two."""
    related = [
        group
        for group in wanted.others
        if standing.between(wanted.own, group.head) or may_be_related(wanted.record, group.record)
    ]
    return replace(wanted, others=related)


def _people(heads: Collection[int], groups: Mapping[int, Group]) -> int:
    """How many they are; one customer entered again and again is no crowd."""
    if len(heads) <= MOST_COPIES:
        return len(heads)
    equal = Counter(groups[head].record if head in groups else head for head in heads)
    return sum(min(copies, MOST_COPIES) for copies in equal.values())
