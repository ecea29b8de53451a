"""Marking customers as due to be compared once more, while others compare."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet

from carter.matching.models import Profile
from carter.matching.pairs import in_slices

Due = Profile.Due


def mark_for_comparing(customers: Iterable[int]) -> None:
    """Let these records be compared once more.

    Waits for whoever compares one of them this moment: what they read is older than the mark.
    """
    _mark(customers, Profile.across_companies.select_for_update())


def mark_in_turn(customers: Iterable[int]) -> None:
    """The same for who has the turn to write pairs (pairs.wait_for_turn), and waits for nobody.

    Whoever holds one of these rows now is marking it as well, and may wait for the turn to end.
    """
    _mark(customers, Profile.across_companies.select_for_update(skip_locked=True))


@transaction.atomic
def _mark(customers: Iterable[int], lockable: QuerySet[Profile]) -> None:
    """Locked in one order before it is written, so that two who mark do not wait in a circle."""
    for some in in_slices(sorted(set(customers))):
        rows = lockable.filter(customer__in=some).order_by("customer")
        locked = list(rows.values_list("customer", flat=True))
        unmarked = Profile.across_companies.filter(customer__in=locked, compare_due=Due.NOT)
        unmarked.update(compare_due=Due.COUNTS_ANEW)
