"""Customers whose phone or email another customer has, too."""

from django.db.models import Exists, OuterRef, QuerySet

from carter.customers.models import Customer
from carter.matching.models import Key

SHARED = ("phone", "email")


def sharing_a_phone_or_email(customers: QuerySet[Customer]) -> QuerySet[Customer]:
    """Those of the customers who share a phone or mailbox with another current customer."""
    others = Key.across_companies.filter(
        company=OuterRef("company"),
        kind=OuterRef("kind"),
        value=OuterRef("value"),
        customer__head=None,
        customer__withdrawn_at=None,
    ).exclude(customer=OuterRef("customer"))
    shared = Key.across_companies.filter(customer=OuterRef("pk"), kind__in=SHARED)
    return customers.filter(Exists(shared.filter(Exists(others))))
