"""How customers are named in sentences."""

from collections.abc import Sequence

from carter.customers.models import Customer


def named(customer: Customer) -> str:
    """A customer so that nobody mistakes them for another: Bob Smith (C-1042)."""
    return f"{customer.name} ({customer.code})"


def listed(names: Sequence[str]) -> str:
    """Names as one reads them out: A, B and C."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
