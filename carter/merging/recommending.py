"""Recommending a merge to those who may do it."""

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from carter.companies.models import Company, Member
from carter.companies.rights import Right, require
from carter.customers.models import Customer
from carter.matching.decide import same_customer
from carter.matching.models import MatchDecision


@transaction.atomic
def recommend_merge(
    survivor: Customer, duplicate: Customer, *, reason: str = "", by: Member | None
) -> MatchDecision:
    """Say that two customers are the same and should be merged. Raises CannotDecide."""
    require(by, Right.RECOMMEND_MERGE)
    return same_customer(survivor, duplicate, reason=reason, by=by)


def recommended_merges(company: Company) -> QuerySet[MatchDecision]:
    """What was said to be the same customer and is not merged yet, the latest first."""
    said = company.match_decisions.standing().filter(
        verdict=MatchDecision.Verdict.SAME,
        a__withdrawn_at=None,
        b__withdrawn_at=None,
    )
    apart = said.annotate(one=Coalesce("a__head", "a"), other=Coalesce("b__head", "b")).exclude(
        one=F("other")
    )
    return apart.select_related("a__head", "b__head", "a__company", "b__company", "by__user")
