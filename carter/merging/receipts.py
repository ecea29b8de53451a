"""What was merged into a customer, for the customer's own page."""

from django.db.models import Q, QuerySet

from carter.customers.models import Customer
from carter.merging.models import Merge


def merges_into(customer: Customer) -> QuerySet[Merge]:
    """The merges that stand and brought somebody here, by whatever way, the latest first."""
    merges = customer.company.merges.filter(undone_at=None)
    here = merges.filter(Q(survivor=customer) | Q(survivor__head=customer))
    return here.select_related("by__user").prefetch_related("records__duplicate__company")
