"""What one row says: of a customer, or of a lead with its customer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from carter.customers.adding import NewCustomer


@dataclass(frozen=True)
class Setting:
    """What must be known beside the cells to understand them.

    `country` is the company's two-letter region, `book` the token of its own exports.
    """

    shape: str
    holds: str
    country: str
    zone: ZoneInfo
    book: str


class RowRefused(Exception):
    """A row cannot be taken; the words say why, for the report."""


@dataclass(frozen=True, slots=True)
class OpeningBalance:
    """What a customer owed in the other system, in cents; without a day it is as of today."""

    cents: int
    on: date | None


@dataclass(slots=True)
class Said:
    """One row, understood.

    `external_id` is what the other system calls it; a row that has none is known by a fingerprint
    of its cells. `own_number` is Carter's customer number when the file was exported from this
    book. `intake` is there for leads only. `remarks` are words for the report.
    """

    line: int
    new: NewCustomer
    external_id: str
    fingerprint: str
    own_number: int | None = None
    notes: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    address_labels: tuple[str, ...] = ()
    since: datetime | None = None
    opening: OpeningBalance | None = None
    intake: Mapping[str, Any] | None = None
    do_not_service: bool = False
    do_not_service_reason: str = ""
    remarks: list[str] = field(default_factory=list)

    @property
    def key(self) -> str:
        """What an import finds this row's customer by."""
        return self.external_id or self.fingerprint
