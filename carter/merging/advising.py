"""What speaks for and against a merge, in words, before a person does it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from carter.customers.models import Customer
from carter.matching.engine import match
from carter.matching.evidence import Evidence
from carter.matching.keying import BATCH, refresh_keys
from carter.matching.models import MatchDecision
from carter.matching.record import Record
from carter.matching.scoring import Book
from carter.matching.suspecting import Compared, as_pair, compared
from carter.matching.verdicts import Verdict
from carter.merging.naming import listed, named
from carter.merging.planning import Plan

NAMES = {"first", "last", "company"}
REACHED_BY = {"phone", "email"}
EARLIER = ", as one of them was called before"


@dataclass(frozen=True)
class Likeness:
    """How one of the duplicates is like the survivor."""

    duplicate: Customer
    found: Compared


@dataclass(frozen=True)
class Advice:
    """The evidence for each duplicate, and what a person should have read before merging."""

    likenesses: list[Likeness]
    warnings: list[str]


def advise(plan: Plan) -> Advice:
    """Evidence and warnings for a plan that is not refused."""
    company = plan.survivor.company
    refresh_keys(company, at_most=BATCH)
    pairs = {each.pk: as_pair(plan.survivor.pk, each.pk) for each in plan.duplicates}
    found = compared(company, list(pairs.values()))
    called = _called(plan)
    likenesses = [
        Likeness(
            each, _told_apart(found[pairs[each.pk]], called[plan.survivor.pk], called[each.pk])
        )
        for each in plan.duplicates
        if pairs[each.pk] in found
    ]
    warnings = [words for each in likenesses for words in _warnings(plan.survivor, each)]
    return Advice(likenesses, [*warnings, *_not_served(plan), *_paid_automatically(plan)])


def _called(plan: Plan) -> dict[int, Record]:
    """By customer: the names a person sees on their page, their contacts' among them. One query."""
    contacts: dict[int, list[str]] = defaultdict(list)
    rows = plan.survivor.company.contacts.filter(customer__in=plan.customers)
    for customer, name in rows.values_list("customer", "name"):
        contacts[customer].append(name)
    return {
        each.pk: Record.typed(names=contacts[each.pk], companies=[each.name])
        if each.kind == Customer.Kind.COMPANY
        else Record.typed(names=[each.name, *contacts[each.pk]])
        for each in plan.customers
    }


def _told_apart(found: Compared, one: Record, other: Record) -> Compared:
    """The evidence, where names that only earlier records carry are said to be such.

    Who was merged or linked here before may have had another name than the page shows now.
    """
    now = {_plain(each) for each in match(one, other, Book(0)).evidence}
    evidence = tuple(
        replace(each, words=each.words + EARLIER)
        if each.facts and NAMES.issuperset(each.facts) and _plain(each) not in now
        else each
        for each in found.now.evidence
    )
    return found._replace(now=replace(found.now, evidence=evidence))


def _plain(evidence: Evidence) -> str:
    """The words without how many share it, which only the whole book tells."""
    return evidence.words.split(",")[0]


def _warnings(survivor: Customer, likeness: Likeness) -> list[str]:
    both = f"{named(survivor)} and {named(likeness.duplicate)}"
    now, decision = likeness.found
    shared, other = _kinds(now.evidence, True), _kinds(now.evidence, False)
    warnings = []
    if not shared & (NAMES | REACHED_BY):
        warnings.append(f"{both} share no name, phone or email.")
    elif now.verdict == Verdict.HOUSEHOLD:
        warnings.append(f"{both} may be different people of one household.")
    elif not shared & REACHED_BY and other & NAMES:
        warnings.append(f"{both} have different names, and share no phone or email.")
    if decision is not None and decision.verdict != MatchDecision.Verdict.SAME:
        reason = f": {decision.reason}" if decision.reason else "."
        warnings.append(f"{decision.by or 'Carter'} noted “{decision}” about {both}{reason}")
    return warnings


def _kinds(evidence: Sequence[Evidence], speaks_for: bool) -> set[str]:
    """What is the same, or what is not: first, last, phone …"""
    facts = (fact for each in evidence if each.speaks_for is speaks_for for fact in each.facts)
    return {fact.split(" ")[0] for fact in facts}


def _not_served(plan: Plan) -> list[str]:
    """A warning not to serve one of them holds for all."""
    return [
        f"{named(customer)} is marked as do not service. It stays on."
        for customer in plan.customers
        if customer.do_not_service
    ]


def _paid_automatically(plan: Plan) -> Iterator[str]:
    """Who has auto-pay goes on having it, unless one of them said no: then nobody is charged."""
    company, customers = plan.survivor.company, plan.customers
    stops = company.auto_pay_stops.standing().filter(customer__in=customers)
    stopped = set(stops.values_list("customer", flat=True))
    for customer in customers:
        if customer.pk in stopped:
            yield f"{named(customer)} has auto-pay turned off. It is off for all of them then."
    schedules = company.recurring_invoices.running().filter(auto_pay=True)
    holders = schedules.filter(storage_job__job__customer__in=customers)
    paying = set(holders.values_list("storage_job__job__customer", flat=True))
    if len(paying) > 1:
        names = listed([named(customer) for customer in customers if customer.pk in paying])
        yield f"{names} have auto-pay. Each storage job goes on being paid from its own card."
