"""Which customers of a list may have a duplicate, answered by the database from their keys."""

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from carter.companies.models import Company
from carter.customers.models import Customer
from carter.matching.keying import BATCH, refresh_keys
from carter.matching.keys import CAP
from carter.matching.models import Key, MatchDecision

REACHING = ("phone", "email")
NAMING = ("name", "sound", "company", "words")


def with_possible_duplicates(company: Company, customers: QuerySet[Customer]) -> QuerySet[Customer]:
    """Those who share a number or a mailbox, and the name, with another current customer.

    Coarser than `find_matches()`, which weighs; pairs about whom somebody decided are left out.
    The shared numbers are found first, all at once: only their holders are looked at one by one.
    Keys that are due are made now, as far as somebody who waits for a list has patience.
    """
    refresh_keys(company, at_most=BATCH)
    theirs = Key.across_companies.filter(
        _same_key(), customer__head=None, customer__withdrawn_at=None
    ).exclude(customer=OuterRef("customer"))
    twins = theirs.filter(_named_alike(), ~_decided())
    mine = Key.across_companies.filter(
        customer=OuterRef("pk"),
        kind__in=REACHING,  # Without the company: the index by customer.
    )
    return customers.filter(Exists(mine.filter(Exists(twins))), pk__in=_sharing(company))


def _sharing(company: Company) -> QuerySet[Key, int]:
    """The records with a number or mailbox that a few others have, too; a desk's says nothing."""
    reaching = Key.across_companies.filter(company=company, kind__in=REACHING)
    held = reaching.order_by().values("value").annotate(holders=Count("customer"))
    shared = held.filter(holders__gt=1, holders__lte=CAP).values("value")
    return reaching.filter(value__in=shared).values_list("customer", flat=True)


def _same_key() -> Q:
    return Q(company=OuterRef("company"), kind=OuterRef("kind"), value=OuterRef("value"))


def _named_alike() -> Exists:
    """Whether the holder of a key and the one it is compared with also share a name's key."""
    their_names = Key.across_companies.filter(_same_key(), customer=OuterRef(OuterRef("customer")))
    my_names = Key.across_companies.filter(customer=OuterRef(OuterRef("customer")), kind__in=NAMING)
    return Exists(my_names.filter(Exists(their_names)))


def _decided() -> Exists:
    theirs, mine = OuterRef("customer"), OuterRef(OuterRef("customer"))
    standing = MatchDecision.across_companies.filter(withdrawn_at=None)
    return Exists(standing.filter(Q(a=theirs, b=mine) | Q(a=mine, b=theirs)))
