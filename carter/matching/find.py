"""Who of a company's customers may be the one on an intake, and why."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from django.db.models import QuerySet

from carter.among import many
from carter.companies.models import Company
from carter.customers.models import Customer
from carter.matching.engine import resemblance_of
from carter.matching.evidence import Evidence
from carter.matching.holders import Group
from carter.matching.models import MatchDecision
from carter.matching.reading import Known, Wanted, book_of, read_about
from carter.matching.record import Record
from carter.matching.scoring import Book, Score, score
from carter.matching.standing import as_decided
from carter.matching.verdicts import Verdict, verdict_of
from carter.prepared import Given, Prepared

Name = TypeVar("Name")

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
    wanted, known = read_about(company, asked, namesakes=False)
    return {name for name, each in wanted.items() if any(_weighed(each, known, SHOWN))}


def find_matches_for_many(
    company: Company,
    asked: Mapping[Name, tuple[Record, Customer | None]],
    *,
    limit: int = 10,
    namesakes: bool = False,
) -> dict[Name, list[Match]]:
    """The same for many records at once: as many queries, more only when keys have to be made."""
    shown = SUREST_FIRST if namesakes else SHOWN
    wanted, known = read_about(company, asked, namesakes=namesakes)
    found = {name: _surest(_weighed(each, known, shown))[:limit] for name, each in wanted.items()}
    customers = _customers(company, {each.head for some in found.values() for each in some})
    return {
        name: [_match(customers[each.head], each) for each in some if each.head in customers]
        for name, some in found.items()
    }


def _weighed(wanted: Wanted, known: Known, shown: tuple[Verdict, ...]) -> Iterator[Weighed]:
    book = book_of(wanted, known)
    for group in wanted.others:
        decision = known.standing.between(wanted.own, group.head)
        found = _weigh(wanted.record, group, book, decision, shown)
        if found:
            yield found


def _weigh(
    record: Record,
    group: Group,
    book: Book,
    decision: MatchDecision | None,
    shown: tuple[Verdict, ...],
) -> Weighed | None:
    result = score(record, group.record, book)
    if decision is None and verdict_of(result) not in shown:
        return None
    found = as_decided(resemblance_of(result), decision)
    if found is None or found.verdict not in shown:
        return None
    return Weighed(group.head, found.probability, found.verdict, found.evidence, result, decision)


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
