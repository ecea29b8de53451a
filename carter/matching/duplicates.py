"""Which customers of a list may have a duplicate, answered by the database from their keys."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from carter.customers.models import Customer
from carter.matching.models import Key, MatchDecision

REACHING = ("phone", "email", "street")
NAMING = ("name", "sound", "company", "words")


def with_possible_duplicates(customers: QuerySet[Customer]) -> QuerySet[Customer]:
    """Those who share a number, a mailbox or a house, and the name, with another current customer.

    Coarser than `find_matches()`, which weighs; pairs about whom somebody decided are left out.
    """
    theirs = Key.across_companies.filter(
        _same_key(), customer__head=None, customer__withdrawn_at=None
    ).exclude(customer=OuterRef("customer"))
    twins = theirs.filter(_named_alike(), ~_decided())
    mine = Key.across_companies.filter(
        company=OuterRef("company"), customer=OuterRef("pk"), kind__in=REACHING
    )
    return customers.filter(Exists(mine.filter(Exists(twins))))


def _same_key() -> Q:
    return Q(company=OuterRef("company"), kind=OuterRef("kind"), value=OuterRef("value"))


def _named_alike() -> Exists:
    """Whether the holder of a key and the one it is compared with also share a name's key."""
    their_names = Key.across_companies.filter(_same_key(), customer=OuterRef(OuterRef("customer")))
    my_names = Key.across_companies.filter(
        company=OuterRef("company"), customer=OuterRef(OuterRef("customer")), kind__in=NAMING
    )
    return Exists(my_names.filter(Exists(their_names)))


def _decided() -> Exists:
    theirs, mine = OuterRef("customer"), OuterRef(OuterRef("customer"))
    standing = MatchDecision.across_companies.filter(withdrawn_at=None)
    return Exists(standing.filter(Q(a=theirs, b=mine) | Q(a=mine, b=theirs)))
