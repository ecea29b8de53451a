"""Questions to the list of duplicates: who may have one, and how much is left to look at."""

from collections import Counter

from django.db.models import Count, Q, QuerySet

from carter.companies.models import Company
from carter.customers.models import Customer
from carter.matching.comparing import make_current
from carter.matching.pairs import FLAGS


def with_possible_duplicates(company: Company, customers: QuerySet[Customer]) -> QuerySet[Customer]:
    """Those who are surely or likely the same as another current customer.

    Pairs about whom somebody decided are left out. What changed is compared now, as far as
    somebody who waits for a list has patience.
    """
    make_current(company)
    pairs = company.possible_duplicates.filter(verdict__in=FLAGS).exclude(group=None)
    return customers.filter(Q(pk__in=pairs.values("a")) | Q(pk__in=pairs.values("b")))


def groups_left(company: Company) -> Counter[str]:
    """How many groups there are to look at, by verdict."""
    groups = company.duplicate_groups.order_by("verdict").values_list("verdict")
    return Counter(dict(groups.annotate(Count("pk"))))
