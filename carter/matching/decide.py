"""What a person says of two customers: the same, one household, not the same, or a mistake."""

from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from carter.companies.models import Member
from carter.companies.rights import Right, require
from carter.customers.locking import lock_customer, lock_customers
from carter.customers.models import Customer
from carter.matching.decided import decisions_about
from carter.matching.engine import match
from carter.matching.keying import record_of
from carter.matching.marking import mark_for_comparing
from carter.matching.models import MatchDecision
from carter.matching.record import Record
from carter.matching.scoring import Book

Verdict = MatchDecision.Verdict
UNSAID = Record()


class CannotDecide(Exception):
    """The decision makes no sense; the words say why."""


def same_customer(
    a: Customer, b: Customer, *, reason: str = "", said: Record = UNSAID, by: Member | None
) -> MatchDecision:
    """Note that two customers are one and should be merged; nothing is merged by it."""
    return _decide(a, b, Verdict.SAME, reason=reason, said=said, by=by)


def same_household(
    a: Customer, b: Customer, *, reason: str = "", said: Record = UNSAID, by: Member | None
) -> MatchDecision:
    """Note that two customers are different people of one household."""
    return _decide(a, b, Verdict.SAME_HOUSEHOLD, reason=reason, said=said, by=by)


def not_the_same(
    a: Customer, b: Customer, *, reason: str = "", said: Record = UNSAID, by: Member | None
) -> MatchDecision:
    """Note that two customers have nothing to do with each other, so that nobody is asked again.

    `said` is what was compared beside what is known of `a`, the intake of a lead: evidence that
    lay on the desk is not new to anybody later.
    """
    return _decide(a, b, Verdict.NOT_THE_SAME, reason=reason, said=said, by=by)


@transaction.atomic
def withdraw(decision: MatchDecision, *, by: Member | None) -> None:
    """Take a decision back: the two may be found to be the same again."""
    require(by, Right.EDIT)
    lock_customers(Customer, [decision.a_id, decision.b_id])
    decision.refresh_from_db(fields=["withdrawn_at", "withdrawn_by"])
    if decision.withdrawn_at is not None:
        raise CannotDecide("This decision was already withdrawn.")
    _end(decision, at=timezone.now(), by=by)
    mark_for_comparing([decision.a_id, decision.b_id])
    _tell_both(decision, "withdrew “{verdict}” about {other}", by=by)


@transaction.atomic
def undo(decision: MatchDecision, *, by: Member | None) -> None:
    """Leave the two as they were before a decision: what it replaced holds again."""
    withdraw(decision, by=by)
    for earlier in decision.replaced():
        earlier.withdrawn_at, earlier.withdrawn_by = None, None
        earlier.save(update_fields=["withdrawn_at", "withdrawn_by"])
        _tell_both(earlier, "brought back “{verdict}” about {other}", by=by)


@transaction.atomic
def leave_household(customer: Customer, *, by: Member | None) -> int:
    """Withdraw every Same Household that names the customer; returns how many there were.

    Who lived with each other only by way of this customer no longer does, either.
    """
    require(by, Right.EDIT)
    customer = lock_customer(customer)
    about = decisions_about(customer.company, [customer.pk])
    left = 0
    for decision in about.standing().filter(verdict=Verdict.SAME_HOUSEHOLD):
        with suppress(CannotDecide):
            withdraw(decision, by=by)
            left += 1
    return left


@transaction.atomic
def _decide(
    a: Customer,
    b: Customer,
    verdict: Verdict,
    *,
    reason: str,
    said: Record,
    by: Member | None,
) -> MatchDecision:
    require(by, Right.EDIT)
    a, b = _locked(a, b)
    pair, now = MatchDecision.pair(a, b), timezone.now()
    for earlier in a.company.match_decisions.standing().select_for_update().filter(**pair):
        _end(earlier, at=now, by=by)
    said_now = {"verdict": verdict, "reason": reason, "evidence": _known(a, b, said)}
    decision = a.company.match_decisions.create(
        company=a.company, **pair, **said_now, at=now, by=by
    )
    mark_for_comparing([decision.a_id, decision.b_id])
    _tell_both(decision, "noted “{verdict}” about {other}", by=by)
    return decision


def _locked(a: Customer, b: Customer) -> tuple[Customer, Customer]:
    """The two as they are now; refused when there is nothing to decide between them."""
    if a.company_id != b.company_id:
        raise CannotDecide("The two customers are not of one company.")
    now = lock_customers(Customer, [a.pk, b.pk])
    a, b = now[a.pk], now[b.pk]
    for customer in (a.leads_to, b.leads_to):
        if customer.withdrawn_at is not None:
            raise CannotDecide(f"{customer.name} was taken back with its import.")
    if a.leads_to == b.leads_to:
        raise CannotDecide("Both are the same customer already.")
    return a, b


def _end(decision: MatchDecision, *, at: datetime, by: Member | None) -> None:
    decision.withdrawn_at, decision.withdrawn_by = at, by
    decision.save(update_fields=["withdrawn_at", "withdrawn_by"])


def _known(a: Customer, b: Customer, said: Record) -> list[dict[str, Any]]:
    """What is known for and against, so that later evidence can be told from it."""
    ours = Record.joined([record_of(a.leads_to), said])
    found = match(ours, record_of(b.leads_to), Book(a.company.customers.count()))
    return [reason.stored() for reason in found.evidence]


def _tell_both(decision: MatchDecision, words: str, *, by: Member | None) -> None:
    for one, other in ((decision.a, decision.b), (decision.b, decision.a)):
        told = words.format(verdict=decision, other=f"{other.name} ({other.code})")
        one.leads_to.record(told[:300], by=by)
