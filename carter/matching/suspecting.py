"""Which pairs some current customers make with all the others, for the list of duplicates."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain
from typing import NamedTuple

from django.db.models import Max, prefetch_related_objects

from carter.companies.models import Company
from carter.matching.engine import Resemblance, judge, match
from carter.matching.grouping import Pair
from carter.matching.holders import Group, Holders, counts_of, groups_of, holders_of
from carter.matching.keys import Key, keys_of
from carter.matching.models import MatchDecision
from carter.matching.scoring import CROWDED_ROWS, Book
from carter.matching.standing import as_decided, standing_decisions
from carter.matching.trained import weights_of
from carter.matching.verdicts import Verdict, may_be_related

LISTED = (Verdict.SURE, Verdict.LIKELY, Verdict.HOUSEHOLD, Verdict.DESK)

Decisions = Mapping[Pair, MatchDecision]


class Found(NamedTuple):
    """What two customers are to each other; closed when a person said so and nothing is new."""

    verdict: Verdict
    probability: float
    is_open: bool = True


class Compared(NamedTuple):
    """Two customers as they are now, with the evidence in words; and what somebody said of them."""

    now: Resemblance
    decision: MatchDecision | None


SAID: dict[str, Found] = {
    MatchDecision.Verdict.SAME: Found(Verdict.SURE, 1.0, is_open=False),
    MatchDecision.Verdict.SAME_HOUSEHOLD: Found(Verdict.HOUSEHOLD, 0.0, is_open=False),
    MatchDecision.Verdict.NOT_THE_SAME: Found(Verdict.NONE, 0.0, is_open=False),
}


def suspected(company: Company, heads: Collection[int]) -> tuple[dict[Pair, Found], set[int]]:
    """Every pair in which one of these current customers is, worth listing or decided about.

    And who else shares a number or a mailbox with one of them. Eight queries at most, however many
    they are. Compared is whoever shares a key that not too many hold.
    """
    asked = {group.head: group for group in groups_of(company, heads).values()}
    holders = holders_of(
        company, {key for group in asked.values() for key in keys_of(group.record)}
    )
    others = groups_of(company, chain.from_iterable(each.findable for each in holders.values()))
    decisions = latest_decisions(asked.values())
    book = _book(company, holders, others)
    found = {pair: SAID[decision.verdict] for pair, decision in decisions.items()}
    for pair in set(_pairs(asked, holders, others)):
        one, other = (asked[each] if each in asked else others[each] for each in pair)
        if answer := answer_of(one, other, book, decisions.get(pair)):
            found[pair] = answer
    counted = {key: held for key, held in holders.items() if key[0] in CROWDED_ROWS}
    return found, {head for head in _all_heads(counted, others) if head not in asked}


def answer_of(one: Group, other: Group, book: Book, decision: MatchDecision | None) -> Found | None:
    """What the list says of a pair; None when it is not worth listing.

    Evidence that is new since a decision reopens it; Same Customer leaves nothing to be asked.
    """
    if decision is None:
        if not may_be_related(one.record, other.record):
            return None
        probability, verdict = judge(one.record, other.record, book)
        return Found(verdict, probability) if verdict in LISTED else None
    if decision.verdict == MatchDecision.Verdict.SAME:
        return SAID[decision.verdict]
    found = match(one.record, other.record, book)
    now = as_decided(found, decision)
    if now is None or not now.verdict.is_flag or now.evidence == found.evidence:
        return SAID[decision.verdict]
    return Found(now.verdict, now.probability)


def latest_decisions(groups: Iterable[Group]) -> dict[Pair, MatchDecision]:
    """The latest word on each of these current customers and any other one. One query."""
    records = {record for group in groups for record in group.members}
    rows = MatchDecision.across_companies.standing().order_by("at", "id")
    named = rows.filter(a__in=records) | rows.filter(b__in=records)
    found = {}
    for decision in named.select_related("a__head", "b__head", "by__user"):
        one, other = decision.a.leads_to, decision.b.leads_to
        if one.is_current and other.is_current and one != other:
            found[as_pair(one.pk, other.pk)] = decision
    return found


def as_pair(one: int, other: int) -> Pair:
    """Two customers as they are stored, the earlier record first."""
    return (one, other) if one < other else (other, one)


def compared(company: Company, pairs: Collection[Pair]) -> dict[Pair, Compared]:
    """What pairs of current customers are to each other now, with the reasons. Seven queries.

    Two more when something was decided about them: by whom.
    """
    groups = groups_of(company, chain(*pairs))
    asked = {each.head: each for each in groups.values()}
    known = [pair for pair in pairs if asked.keys() >= set(pair)]
    shared = {key for one, other in known for key in _shared(asked[one], asked[other])}
    holders = holders_of(company, shared)
    others = groups_of(company, chain.from_iterable(each.findable for each in holders.values()))
    book, said = _book(company, holders, others), standing_decisions(asked, groups)
    prefetch_related_objects(list(said.decisions.values()), "by__user")
    return {
        (one, other): _compared(asked[one], asked[other], book, said.between(one, other))
        for one, other in known
    }


def _compared(one: Group, other: Group, book: Book, decision: MatchDecision | None) -> Compared:
    found = match(one.record, other.record, book)
    return Compared(as_decided(found, decision) or found, decision)


def _shared(one: Group, other: Group) -> set[Key]:
    return keys_of(one.record) & keys_of(other.record)


def _book(company: Company, holders: Mapping[Key, Holders], others: Mapping[int, Group]) -> Book:
    """The book with how many customers hold each key, merged records counted as one.

    Its size is the newest customer's number: counting takes longer than everything else.
    """
    counts = counts_of(company, holders)
    for key, held in holders.items():
        heads = {others[each].head for each in held.findable if each in others}
        counts[key] = len(heads) or counts[key]
    said = {key: held.said for key, held in holders.items() if held.said}
    newest = company.customers.aggregate(newest=Max("number"))["newest"]
    return Book(newest or 0, counts, weights_of(company), said)


def _pairs(
    asked: Mapping[int, Group], holders: Mapping[Key, Holders], others: Mapping[int, Group]
) -> Iterator[Pair]:
    for head, group in asked.items():
        for other in _heads(group, holders, others):
            if other != head:
                yield as_pair(head, other)


def _all_heads(holders: Mapping[Key, Holders], others: Mapping[int, Group]) -> set[int]:
    records = (each for held in holders.values() for each in held.findable)
    return {others[each].head for each in records if each in others}


def _heads(
    group: Group, holders: Mapping[Key, Holders], others: Mapping[int, Group]
) -> Iterable[int]:
    keys = keys_of(group.record)
    return _all_heads({key: holders[key] for key in keys if key in holders}, others)
