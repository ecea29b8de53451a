"""Who of a company's customers may be the one on an intake, and why."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple, TypeVar

from django.db import connection
from django.db.models import QuerySet

from carter.among import many
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
from carter.prepared import Given, Prepared

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


class Weighed(NamedTuple):
    """The same before the customer is at hand, by whose key."""

    head: int
    probability: float
    verdict: Verdict
    evidence: tuple[Evidence, ...]
    score: Score
    decision: MatchDecision | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """A record that somebody is looked for by: its keys, and who shares the rarest of them.

    `own` is the current customer who has it now, who is not meant.
    """

    record: Record
    own: int | None
    keys: set[Key]
    near: list[int]


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
    wanted, loaded = _loaded(company, asked)
    return {name for name, each in wanted.items() if any(_weighed(each, loaded, SHOWN))}


def find_matches_for_many(
    company: Company,
    asked: Mapping[Name, tuple[Record, Customer | None]],
    *,
    limit: int = 10,
    namesakes: bool = False,
) -> dict[Name, list[Match]]:
    """The same for many records at once: five queries, more only when keys have to be made."""
    shown = SUREST_FIRST if namesakes else SHOWN
    wanted, loaded = _loaded(company, asked)
    found = {name: _surest(_weighed(each, loaded, shown))[:limit] for name, each in wanted.items()}
    customers = _customers(company, {each.head for some in found.values() for each in some})
    return {
        name: [_match(customers[each.head], each) for each in some if each.head in customers]
        for name, some in found.items()
    }


def _loaded(
    company: Company, asked: Mapping[Name, tuple[Record, Customer | None]]
) -> tuple[dict[Name, Wanted], Loaded]:
    """For each record who shares its rarest keys; and what has to be known of them all."""
    size, weights = _made_current(company)
    keys = {name: keys_of(record) for name, (record, _) in asked.items()}
    holders = holders_of(company, set(chain.from_iterable(keys.values())))
    wanted = {
        name: Wanted(
            record,
            (besides.head_id or besides.pk) if besides else None,
            keys[name],
            nearest(keys[name], holders),
        )
        for name, (record, besides) in asked.items()
    }
    askers = [besides.pk for _, besides in asked.values() if besides]
    near = chain.from_iterable(each.near for each in wanted.values())
    groups = groups_of(company, chain(askers, near))
    standing = standing_decisions(askers, groups)
    return wanted, Loaded(size, weights, holders, groups, standing)


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


def _weighed(wanted: Wanted, loaded: Loaded, shown: tuple[Verdict, ...]) -> Iterator[Weighed]:
    near = [loaded.groups[each] for each in wanted.near if each in loaded.groups]
    book = _book(wanted, loaded)
    for head, group in {group.head: group for group in near}.items():
        if head != wanted.own:
            decision = loaded.standing.between(wanted.own, head)
            found = _weigh(wanted.record, group, book, decision, shown)
            if found:
                yield found


def _book(wanted: Wanted, loaded: Loaded) -> Book:
    """How many customers hold each key, whoever asks included and merged records as one."""
    counts, said = {}, {}
    for key in wanted.keys:
        if key in loaded.holders:
            holders = loaded.holders[key]
            if holders.said:
                said[key] = holders.said
            heads = {
                loaded.groups[each].head if each in loaded.groups else each
                for each in holders.records
            }
            others = _people(heads - {wanted.own}, loaded.groups)
            counts[key] = others + 1 if heads else holders.count
    return Book(loaded.size, counts, loaded.weights, said)


def _people(heads: Collection[int], groups: Mapping[int, Group]) -> int:
    """How many they are; one customer entered again and again is no crowd."""
    if len(heads) <= MOST_COPIES:
        return len(heads)
    equal = Counter(groups[head].record if head in groups else head for head in heads)
    return sum(min(copies, MOST_COPIES) for copies in equal.values())


def _weigh(
    record: Record,
    group: Group,
    book: Book,
    decision: MatchDecision | None,
    shown: tuple[Verdict, ...],
) -> Weighed | None:
    if decision is None and _is_namesake_at_most(record, group.record, book, shown):
        return None
    result = score(record, group.record, book)
    if decision is None and verdict_of(result) not in shown:
        return None
    found = as_decided(resemblance_of(result), decision)
    if found is None or found.verdict not in shown:
        return None
    return Weighed(group.head, found.probability, found.verdict, found.evidence, result, decision)


def _is_namesake_at_most(
    ours: Record, theirs: Record, book: Book, shown: tuple[Verdict, ...]
) -> bool:
    """Whether it is quickly told that two are not shown. What people said may turn everything."""
    return shown == SHOWN and not book.said and not may_be_related(ours, theirs)


def _surest(some: Iterable[Weighed]) -> list[Weighed]:
    """Of equals the newest first."""
    return sorted(
        some, key=lambda each: (SUREST_FIRST.index(each.verdict), -each.probability, -each.head)
    )


def _match(customer: Customer, of: Weighed) -> Match:
    return Match(customer, of.probability, of.verdict, of.evidence, of.score, of.decision)


def _customers(company: Company, heads: Collection[int]) -> dict[int, Customer]:
    found = HEADS(company=company.pk, heads=many(heads)) if heads else ()
    for customer in found:
        customer.company = company
    return {customer.pk: customer for customer in found}


def _heads() -> "QuerySet[Customer]":
    """Those who are still current: somebody may have merged one since it was found."""
    customers = Customer.across_companies.filter(company=Given("company")).current()
    return customers.filter(pk__among=Given("heads"))


HEADS: Prepared[Customer] = Prepared(_heads)
