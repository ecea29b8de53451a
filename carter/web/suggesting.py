"""Existing customers offered while somebody types a new lead. An offer never blocks saving."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from carter.billing.balances import with_balances
from carter.companies.models import Company
from carter.customers.models import Customer
from carter.jobs.moves import with_moves
from carter.jobs.repeats import repeats_of_typed
from carter.search.finding import search
from carter.search.hits import CustomerHit

OFFERED = 5
FEWEST_LETTERS = 3
REASONS = 3


@dataclass(frozen=True)
class Suggestion:
    """A customer that what is being typed may be about, and why."""

    customer: Customer
    why: list[str]
    last_move_on: date | None
    balance_cents: int


def suggest(company: Company, typed: Mapping[str, str]) -> list[Suggestion]:
    """Customers the typed may be about: those with evidence first, then names that begin so."""
    why = {
        match.customer.pk: [one.words for one in match.evidence if one.speaks_for][:REASONS]
        for match in repeats_of_typed(company, typed, limit=OFFERED)
    }
    for customer_id in _begin_like(company, typed):
        why.setdefault(customer_id, [])
    found = with_moves(with_balances(company.customers.filter(pk__in=list(why)[:OFFERED])))
    by_id = {customer.pk: customer for customer in found.select_related("company")}
    return [_offer(by_id[pk], reasons) for pk, reasons in why.items() if pk in by_id]


def _begin_like(company: Company, typed: Mapping[str, str]) -> list[int]:
    """Customers whose company name, else name, begins with what was typed."""
    name = (typed.get("company_name") or typed.get("name") or "").strip()
    if len(name) < FEWEST_LETTERS:
        return []
    hits = [hit for group in search(company, name, limit=OFFERED).groups for hit in group.hits]
    return [hit.pk for hit in hits if isinstance(hit, CustomerHit)]


def _offer(customer: Customer, why: list[str]) -> Suggestion:
    return Suggestion(
        customer=customer,
        why=why,
        last_move_on=customer.last_move_on,  # type: ignore[attr-defined]
        balance_cents=customer.balance_cents,  # type: ignore[attr-defined]
    )
