import pytest

from carter.customers.following import reroute
from carter.customers.models import Customer


@pytest.fixture
def merged():
    """One customer folded into another, as a merge does it."""

    def of(duplicate: Customer, survivor: Customer) -> None:
        duplicate.merged_into = survivor
        reroute(duplicate)

    return of
