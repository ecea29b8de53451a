"""What a person says of two customers: the same, one household, not the same, or a mistake."""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from carter.companies.models import Member
from carter.companies.rights import Right, require
from carter.customers.locking import lock_customers
from carter.customers.models import Customer
from carter.matching.engine import match
from carter.matching.keying import records_of
from carter.matching.models import MatchDecision
from carter.matching.record import Record
from carter.matching.scoring import Book

Verdict = MatchDecision.Verdict


class CannotDecide(Exception):
    """The decision makes no sense; the words say why."""


def same_customer(
    a: Customer, b: Customer, *, reason: str = "", by: Member | None
) -> MatchDecision:
    """Note that two customers are one and should be merged; nothing is merged by it."""
    return _decide(a, b, Verdict.SAME, reason=reason, by=by)


def same_household(
    a: Customer, b: Customer, *, reason: str = "", by: Member | None
) -> MatchDecision:
    """Note that two customers are different people of one household."""
    return _decide(a, b, Verdict.SAME_HOUSEHOLD, reason=reason, by=by)


def not_the_same(a: Customer, b: Customer, *, reason: str = "", by: Member | None) -> MatchDecision:
    """Note that two customers have nothing to do with each other, so that nobody is asked again."""
    return _decide(a, b, Verdict.NOT_THE_SAME, reason=reason, by=by)


@transaction.atomic
def withdraw(decision: MatchDecision, *, by: Member | None) -> None:
    """Take a decision back: the two may be found to be the same again."""
    require(by, Right.EDIT)
    if decision.withdrawn_at is not None:
        raise CannotDecide("This decision was already withdrawn.")
    _end(decision, by=by)
    _tell_both(decision, "withdrew “{verdict}” about {other}", by=by)


@transaction.atomic
def _decide(
    a: Customer, b: Customer, verdict: Verdict, *, reason: str, by: Member | None
) -> MatchDecision:
    require(by, Right.EDIT)
    if a.company_id != b.company_id:
        raise CannotDecide("The two customers are not of one company.")
    now = lock_customers(Customer, [a.pk, b.pk])
    a, b = now[a.pk], now[b.pk]
    if a.leads_to == b.leads_to:
        raise CannotDecide("Both are the same customer already.")
    pair = MatchDecision.pair(a, b)
    for earlier in a.company.match_decisions.standing().select_for_update().filter(**pair):
        _end(earlier, by=by)
    decision = a.company.match_decisions.create(
        company=a.company, **pair, verdict=verdict, reason=reason, evidence=_known(a, b), by=by
    )
    _tell_both(decision, "noted “{verdict}” about {other}", by=by)
    return decision


def _end(decision: MatchDecision, *, by: Member | None) -> None:
    decision.withdrawn_at, decision.withdrawn_by = timezone.now(), by
    decision.save(update_fields=["withdrawn_at", "withdrawn_by"])


def _known(a: Customer, b: Customer) -> list[dict[str, Any]]:
    """What is known for and against, so that later evidence can be told from it."""
    found = match(_record_of(a.leads_to), _record_of(b.leads_to), Book(a.company.customers.count()))
    return [reason.stored() for reason in found.evidence]


def _record_of(head: Customer) -> Record:
    """Everything known of a customer now, whether or not its keys have been made."""
    records = head.company.customers.filter(Q(pk=head.pk) | Q(head=head))
    return Record.joined(records_of(head.company, list(records)).values())


def _tell_both(decision: MatchDecision, words: str, *, by: Member | None) -> None:
    for one, other in ((decision.a, decision.b), (decision.b, decision.a)):
        told = words.format(verdict=decision, other=f"{other.name} ({other.code})")
        one.leads_to.record(told[:300], by=by)
