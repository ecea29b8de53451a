"""The same number, mailbox, address or person twice with one customer, as after a merge.

Each record keeps its own row, so that an undo is exact; a person sees it once.
"""

from collections.abc import Iterable
from typing import Any, TypeVar

from carter.customers.models import Detail

Row = TypeVar("Row", bound=Detail)


def once(rows: Iterable[Row]) -> list[Row]:
    """Rows in their order, but of those that say the same only the main one, or one in use."""
    shown: dict[Any, Row] = {}
    for row in rows:
        other = shown.setdefault(row.said, row)
        if (row.is_primary, not row.is_former) > (other.is_primary, not other.is_former):
            shown[row.said] = row
    return list(shown.values())


def alike(detail: Row) -> list[Row]:
    """The rows of its customer that say the same, itself among them. One query."""
    rows = getattr(detail.customer, str(detail._meta.default_related_name)).order_by("id")
    return [row for row in rows.select_related("customer__company") if row.said == detail.said]
