"""What people decided of a customer and others, and who makes up a household by it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from carter.among import many
from carter.companies.models import Company
from carter.companies.tenancy import know_company
from carter.customers.models import Customer
from carter.matching.models import MatchDecision, MatchDecisionQuerySet
from carter.prepared import Given, Prepared

Verdict = MatchDecision.Verdict

LARGEST_HOUSEHOLD = 50  # Whoever is more steps away is not looked for.


@dataclass(frozen=True, slots=True)
class Decided:
    """What holds between a customer and another current one: the latest word on the two.

    After a merge two records may bring opposite decisions: `overruled` are the earlier ones that
    said something else.
    """

    other: Customer
    decision: MatchDecision
    overruled: tuple[MatchDecision, ...] = ()

    @property
    def joins(self) -> bool:
        """Whether the two belong to one household, be it as one person."""
        return self.decision.verdict != Verdict.NOT_THE_SAME


@dataclass(frozen=True, slots=True)
class Relative:
    """Somebody of the household: by a decision about the two, or `through` somebody else."""

    customer: Customer
    decided: Decided | None = None
    through: Customer | None = None


@dataclass(frozen=True, slots=True)
class Circle:
    """Everybody of whom something was decided: one household, one customer, nothing in common."""

    household: list[Relative]
    same: list[Decided]
    not_the_same: list[Decided]

    def __bool__(self) -> bool:
        return bool(self.household or self.same or self.not_the_same)


def circle_of(customer: Customer) -> Circle:
    """Everybody decided about, as the page of a current customer shows it.

    A household holds together through any of its members; who is explicitly Not the Same as the
    customer is not of it. One query a step; most customers take none but the first.
    """
    decided = decided_about(customer.company, [customer])[customer.pk]
    return Circle(
        _household(customer, decided),
        [each for each in decided if each.decision.verdict == Verdict.SAME],
        [each for each in decided if not each.joins],
    )


def decided_about(company: Company, heads: Collection[Customer]) -> dict[int, list[Decided]]:
    """By current customer: the latest word on it and each other one, the latest first."""
    found: dict[int, dict[int, list[MatchDecision]]] = {head.pk: {} for head in heads}
    rows = STANDING(company=company.pk, heads=many(found)) if found else ()
    for decision in rows:
        know_company(decision, company)
        for one, other in ((decision.a, decision.b), (decision.b, decision.a)):
            if one.leads_to.pk in found and one.leads_to != other.leads_to:
                others = found[one.leads_to.pk]
                others.setdefault(other.leads_to.pk, []).append(decision)
    return {head: list(_decided(company, head, others)) for head, others in found.items()}


def decisions_about(company: Company, heads: Iterable[int]) -> MatchDecisionQuerySet:
    """Every decision that names a record of these current customers, the latest first."""
    return _about(company, many(heads))


def _standing() -> MatchDecisionQuerySet:
    """Those that hold about some current customers: every page of one asks for them."""
    found = _about(Given("company"), Given("heads")).standing()
    return found.select_related("a__head", "b__head", "by__user")


STANDING: Prepared[MatchDecision] = Prepared(_standing)


def _about(company: Any, heads: Any) -> MatchDecisionQuerySet:
    customers = Customer.across_companies.filter(company=company)
    records = customers.filter(Q(pk__among=heads) | Q(head__pk__among=heads)).values("pk")
    decisions = MatchDecision.across_companies.filter(company=company)
    found: MatchDecisionQuerySet = decisions.filter(Q(a__in=records) | Q(b__in=records))
    return found


def _decided(
    company: Company, head: int, others: dict[int, list[MatchDecision]]
) -> Iterable[Decided]:
    for decision, *earlier in others.values():
        other = _other(decision, head)
        other.company = company
        if other.is_current:
            overruled = (each for each in earlier if each.verdict != decision.verdict)
            yield Decided(other, decision, tuple(overruled))


def _other(decision: MatchDecision, head: int) -> Customer:
    a, b = decision.a.leads_to, decision.b.leads_to
    return b if a.pk == head else a


def _household(customer: Customer, decided: list[Decided]) -> list[Relative]:
    near = [Relative(each.other, decided=each) for each in decided if each.joins]
    met = {customer.pk, *(each.other.pk for each in decided)}
    household = list(near)
    while near and len(household) < LARGEST_HOUSEHOLD:
        near = _next_step(customer.company, near, met)
        household += near
    return [
        each
        for each in household
        if not each.decided or each.decided.decision.verdict == Verdict.SAME_HOUSEHOLD
    ]


def _next_step(company: Company, near: list[Relative], met: set[int]) -> list[Relative]:
    """Who is decided to live with those just met; marks them as met."""
    found = decided_about(company, [each.customer for each in near])
    step: list[Relative] = []
    for relative in near:
        for each in found[relative.customer.pk]:
            if each.joins and each.other.pk not in met:
                met.add(each.other.pk)
                step.append(Relative(each.other, through=relative.customer))
    return step
