"""Deciding about a group of the list of duplicates, and taking that back."""

from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from itertools import combinations

from django.db import transaction
from django.utils.text import get_text_list

from carter.companies.models import Member
from carter.companies.rights import Right, require
from carter.customers.locking import lock_customers
from carter.customers.models import Customer
from carter.matching.comparing import compare_again
from carter.matching.decide import (
    CannotDecide,
    not_the_same,
    same_customer,
    same_household,
    undo,
)
from carter.matching.grouping import LARGEST
from carter.matching.models import MatchDecision

Verdict = MatchDecision.Verdict

DEEDS: dict[str, Callable[..., MatchDecision]] = {
    Verdict.SAME: same_customer,
    Verdict.SAME_HOUSEHOLD: same_household,
    Verdict.NOT_THE_SAME: not_the_same,
}


class DecidedMeanwhile(CannotDecide):
    """Somebody decided about the group, or changed who is in it, since it was shown."""


@transaction.atomic
def decide_together(
    group_id: int,
    customers: Collection[Customer],
    verdict: Verdict,
    *,
    reason: str = "",
    by: Member | None,
) -> list[MatchDecision]:
    """Decide the same about every two of some customers of a group, and compare them again.

    Raises CannotDecide, whose words are for the desk.
    """
    require(by, Right.EDIT)
    _refuse_number(len(customers))
    now = lock_customers(Customer, [customer.pk for customer in customers])
    some = sorted(now.values(), key=lambda customer: customer.pk)
    _refuse_late(group_id, some)
    made = [
        DEEDS[verdict](one, other, reason=reason, by=by)
        for one, other in combinations(some, 2)
        if not _is_said(one, other, verdict)
    ]
    compare_again(some[0].company, list(now))
    return made


@transaction.atomic
def take_back_together(decisions: Sequence[MatchDecision], *, by: Member | None) -> list[Customer]:
    """Undo what was decided together, as far as it still stands, and compare again.

    Returns whom it was about; nobody when nothing of it stands any more.
    """
    require(by, Right.EDIT)
    records = {pk for decision in decisions for pk in (decision.a_id, decision.b_id)}
    customers = list(lock_customers(Customer, records).values())
    undone = [_undone(decision, by=by) for decision in decisions]
    if not any(undone):
        return []
    compare_again(customers[0].company, records)
    return customers


def names_of(customers: Iterable[Customer]) -> str:
    """Bob Smith, Robert Smith and Rob Smith."""
    return get_text_list([customer.name for customer in customers], "and")


def _undone(decision: MatchDecision, *, by: Member | None) -> bool:
    with suppress(CannotDecide):
        undo(decision, by=by)
        return True
    return False


def _refuse_number(ticked: int) -> None:
    if ticked < 2:
        raise CannotDecide("Tick at least two customers: a decision is about how they relate.")
    if ticked > LARGEST:
        raise CannotDecide(f"Tick at most {LARGEST} customers at a time.")


def _refuse_late(group_id: int, customers: Sequence[Customer]) -> None:
    """Refuse when the group is not what was shown any more; says who decided what."""
    company = customers[0].company
    pairs = company.duplicate_groups.filter(pk=group_id).values_list("pairs__a", "pairs__b")
    if {customer.pk for customer in customers} <= {one for pair in pairs for one in pair}:
        return
    said = company.match_decisions.standing().filter(a__in=customers, b__in=customers)
    if last := said.select_related("a", "b", "by__user").first():
        who = f"{last.by or 'Carter'} noted “{last}”"
        raise DecidedMeanwhile(f"{who} about {names_of((last.a, last.b))} meanwhile.")
    raise DecidedMeanwhile(f"{names_of(customers)} changed meanwhile. Look again.")


def _is_said(one: Customer, other: Customer, verdict: Verdict) -> bool:
    """Whether the list has it already, because somebody said so and nothing is new since."""
    pair = one.company.possible_duplicates.filter(a=one, b=other, is_open=False)
    said = one.company.match_decisions.standing().filter(a=one, b=other, verdict=verdict)
    return pair.exists() and said.exists()
