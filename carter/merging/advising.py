"""What speaks for and against a merge, in words, before a person does it."""

from dataclasses import dataclass

from carter.customers.models import Customer
from carter.matching.keying import BATCH, refresh_keys
from carter.matching.models import MatchDecision
from carter.matching.suspecting import Compared, as_pair, compared
from carter.matching.verdicts import Verdict
from carter.merging.naming import named
from carter.merging.planning import Plan

TELLING = ("first", "last", "company", "phone", "email")
"""What two customers have to have in common for a merge to make sense at first sight."""


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
    likenesses = [
        Likeness(each, found[pairs[each.pk]]) for each in plan.duplicates if pairs[each.pk] in found
    ]
    warnings = [words for each in likenesses for words in _warnings(plan.survivor, each)]
    return Advice(likenesses, [*warnings, *_not_served(plan)])


def _warnings(survivor: Customer, likeness: Likeness) -> list[str]:
    both = f"{named(survivor)} and {named(likeness.duplicate)}"
    now, decision = likeness.found
    warnings = []
    if not any(
        reason.speaks_for and fact.split(" ")[0] in TELLING
        for reason in now.evidence
        for fact in reason.facts
    ):
        warnings.append(f"{both} share no name, phone or email.")
    elif now.verdict == Verdict.HOUSEHOLD:
        warnings.append(f"{both} may be different people of one household.")
    if decision is not None and decision.verdict != MatchDecision.Verdict.SAME:
        reason = f": {decision.reason}" if decision.reason else "."
        warnings.append(f"{decision.by or 'Carter'} noted “{decision}” about {both}{reason}")
    return warnings


def _not_served(plan: Plan) -> list[str]:
    """A warning not to serve one of them holds for all."""
    return [
        f"{named(customer)} is marked as do not service. It stays on."
        for customer in plan.customers
        if customer.do_not_service
    ]
