"""Who of a company's customers may be the one on an intake, and why."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from django.db import connection

from carter.companies.models import Company
from carter.customers.models import Customer
from carter.matching.engine import resemblance_of
from carter.matching.evidence import Evidence
from carter.matching.holders import (
    CUSTOMERS,
    Group,
    Holders,
    groups_of,
    holders_of,
    nearest,
)
from carter.matching.keying import BATCH, refresh_some
from carter.matching.keys import MOST_COPIES, Key, keys_of
from carter.matching.models import MatchDecision
from carter.matching.record import Record
from carter.matching.scoring import Book, Score, score
from carter.matching.standing import Standing, as_decided, standing_decisions
from carter.matching.trained import NEWEST_WEIGHTS, weights_in
from carter.matching.verdicts import Verdict, may_be_related, verdict_of
from carter.matching.weights import Weights

Name = TypeVar("Name")

STATE = f"""
    SELECT EXISTS (SELECT 1 FROM {CUSTOMERS} WHERE company_id = %s AND keys_due),
        (SELECT MAX(number) FROM {CUSTOMERS} WHERE company_id = %s),
        ({NEWEST_WEIGHTS})
"""  # noqa: S608 (a table's name)

SHOWN = (Verdict.SURE, Verdict.LIKELY, Verdict.HOUSEHOLD)
SUREST_FIRST = (*SHOWN, Verdict.NAMESAKE)


@dataclass(frozen=True, slots=True)
class Match:
    """A current customer who may be the same: how probably, the verdict, and why.

    `decision` is what a person said of the two before; such a match shows only because that was
    Same Household, or because some of the evidence is new since. `score` is what it rests on.
    """

    customer: Customer
    probability: float
    verdict: Verdict
    evidence: tuple[Evidence, ...]
    score: Score
    decision: MatchDecision | None = None


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was read of the book to answer: its size and weights, who holds a key, who is who."""

    size: int
    weights: Weights
    holders: Mapping[Key, Holders]
    groups: Mapping[int, Group]
    standing: Standing


def find_matches(
    company: Company,
    record: Record,
    *,
    besides: Customer | None = None,
    limit: int = 10,
    namesakes: bool = False,
) -> list[Match]:
    """The customers a record may be about, surest first.

    `besides` is the customer who has the record now: never found, and decisions about them
    count. `namesakes` adds those who have only the name in common, for suggestions; they are
    never a Possible Repeat Customer. Customers who only share a desk are left out.
    """
    asked = {0: (record, besides)}
    return find_matches_for_many(company, asked, limit=limit, namesakes=namesakes)[0]


def are_matched(
    company: Company, asked: Mapping[Name, tuple[Record, Customer | None]]
) -> set[Name]:
    """Which of many records somebody may be the same as: those `find_matches()` finds anybody for.

    For lists that say only so: nobody is looked at once one was found, and no reasons are given.
    """
    near, loaded = _loaded(company, asked)
    return {
        name
        for name, (record, besides) in asked.items()
        if any(_matches(record, besides, near[name], loaded, SHOWN))
    }


def find_matches_for_many(
    company: Company,
    asked: Mapping[Name, tuple[Record, Customer | None]],
    *,
    limit: int = 10,
    namesakes: bool = False,
) -> dict[Name, list[Match]]:
    """The same for many records at once: four queries, more only when keys have to be made."""
    shown = SUREST_FIRST if namesakes else SHOWN
    near, loaded = _loaded(company, asked)
    return {
        name: _surest(_matches(record, besides, near[name], loaded, shown))[:limit]
        for name, (record, besides) in asked.items()
    }


def _loaded(
    company: Company, asked: Mapping[Name, tuple[Record, Customer | None]]
) -> tuple[dict[Name, list[int]], Loaded]:
    """For each record those who share its rarest keys; and what has to be known of them all."""
    size, weights = _made_current(company)
    keys = {name: keys_of(record) for name, (record, _) in asked.items()}
    holders = holders_of(company, {key for wanted in keys.values() for key in wanted})
    near = {name: nearest(wanted, holders) for name, wanted in keys.items()}
    askers = [besides.pk for _, besides in asked.values() if besides]
    groups = groups_of(company, {*askers, *(record for some in near.values() for record in some)})
    standing = standing_decisions(askers, groups)
    return near, Loaded(size, weights, holders, groups, standing)


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


def _matches(
    record: Record,
    besides: Customer | None,
    near: list[int],
    loaded: Loaded,
    shown: tuple[Verdict, ...],
) -> Iterator[Match]:
    own = (besides.head_id or besides.pk) if besides else None
    groups = {
        loaded.groups[each].head.pk: loaded.groups[each] for each in near if each in loaded.groups
    }
    book = _book(record, own, loaded)
    for head, group in groups.items():
        if head != own:
            match = _match(record, group, book, loaded.standing.between(own, head), shown)
            if match:
                yield match


def _book(record: Record, own: int | None, loaded: Loaded) -> Book:
    """How many customers hold each key, whoever asks included and merged records as one."""
    counts, said = {}, {}
    for key in keys_of(record):
        if key in loaded.holders:
            holders = loaded.holders[key]
            if holders.said:
                said[key] = holders.said
            heads = {
                loaded.groups[each].head.pk if each in loaded.groups else each
                for each in holders.records
            }
            others = _customers(heads - {own}, loaded.groups)
            counts[key] = others + 1 if heads else holders.count
    return Book(loaded.size, counts, loaded.weights, said)


def _customers(heads: Collection[int], groups: Mapping[int, Group]) -> int:
    """How many they are; one customer entered again and again is no crowd."""
    if len(heads) <= MOST_COPIES:
        return len(heads)
    equal = Counter(groups[head].record if head in groups else head for head in heads)
    return sum(min(copies, MOST_COPIES) for copies in equal.values())


def _match(
    record: Record,
    group: Group,
    book: Book,
    decision: MatchDecision | None,
    shown: tuple[Verdict, ...],
) -> Match | None:
    if decision is None and _is_namesake_at_most(record, group.record, book, shown):
        return None
    result = score(record, group.record, book)
    if decision is None and verdict_of(result) not in shown:
        return None
    found = as_decided(resemblance_of(result), decision)
    if found is None or found.verdict not in shown:
        return None
    return Match(group.head, found.probability, found.verdict, found.evidence, result, decision)


def _is_namesake_at_most(
    ours: Record, theirs: Record, book: Book, shown: tuple[Verdict, ...]
) -> bool:
    """Whether it is quickly told that two are not shown. What people said may turn everything."""
    return shown == SHOWN and not book.said and not may_be_related(ours, theirs)


def _surest(matches: Iterable[Match]) -> list[Match]:
    return sorted(matches, key=lambda each: (SUREST_FIRST.index(each.verdict), -each.probability))
