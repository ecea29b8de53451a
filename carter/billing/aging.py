"""Aging: what is owed by how long it has been due, of the whole book or one customer, on any day.

A past day is computed back from today: from the balances and open invoices of now, by what was
posted, applied or voided since. So today costs no more than what is open today, however old the
book, and a day last month little more.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import (
    BigIntegerField,
    Case,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    When,
)
from django.db.models.functions import Coalesce

from carter.billing.balances import total_of
from carter.billing.models import Allocation, Entry, Invoice, InvoiceVoid
from carter.companies.models import Company
from carter.customers.models import Customer

LATE_DAYS = (0, 30, 60, 90)
LABELS = ("Not due", "1–30 days", "31–60 days", "61–90 days", "Over 90 days")
NOTHING = (0,) * len(LABELS)


class Aged(NamedTuple):
    """What one customer owes: open invoices by lateness, and all that is on no open invoice.

    `rest_cents` are charges that are not invoiced, less money that is not applied. `total_cents`
    is the balance.
    """

    customer_id: int
    late_cents: tuple[int, ...]
    rest_cents: int

    @property
    def total_cents(self) -> int:
        return sum(self.late_cents) + self.rest_cents


@dataclass(frozen=True)
class Aging:
    """The rows of those who owe or are owed anything, the largest total first, and their sums."""

    on: date
    rows: list[Aged]
    late_cents: tuple[int, ...]
    rest_cents: int

    @property
    def total_cents(self) -> int:
        return sum(self.late_cents) + self.rest_cents


def aging(company: Company, on: date | None = None) -> Aging:
    """The aging of a company's whole book at the end of a day, default today."""
    on = on or company.today
    owed = company.owed.values_list("customer", "balance_cents")
    later = Entry.across_companies.filter(company=company, on__gt=on)
    return _aged(on, dict(owed), later, open_on(Q(company=company), on))


def aging_of(customer: Customer, on: date | None = None) -> Aged:
    """The aging of one customer at the end of a day, default today."""
    on = on or customer.company.today
    owed = {customer.pk: total_of(customer.entries.filter(on__lte=on))}
    found = _aged(on, owed, customer.entries.none(), open_on(Q(customer=customer), on))
    return next(iter(found.rows), Aged(customer.pk, NOTHING, 0))


def open_on(whose: Q, on: date) -> QuerySet[Any]:
    """A company's or customer's invoices with `was_open_cents`, what was open at a day's end.

    Of some it is nothing. They are those open now and those that something was applied to, or
    that were voided, since. Asked for apart: in one condition, no database would use the indexes.
    """
    among = (
        Invoice.across_companies.filter(whose, is_open=True)
        .order_by()
        .values("pk")
        .union(
            Allocation.across_companies.filter(whose, on__gt=on).order_by().values("invoice"),
            InvoiceVoid.across_companies.filter(whose, on__gt=on).order_by().values("invoice"),
        )
    )
    applied = Allocation.across_companies.filter(invoice=OuterRef("pk"), on__lte=on).order_by()
    summed = applied.values("invoice").annotate(total=Sum("amount_cents")).values("total")
    applied_cents = Coalesce(Subquery(summed, output_field=BigIntegerField()), 0)
    return (
        Invoice.across_companies.filter(pk__in=among, issued_on__lte=on)
        .exclude(voided__on__lte=on)
        .annotate(was_open_cents=F("total_cents") - applied_cents)
    )


def _aged(
    on: date,
    owed: Mapping[int, int],
    later: QuerySet[Entry],
    invoices: QuerySet[Any],
) -> Aging:
    rest = defaultdict(int, owed)
    for customer_id, cents in _by_customer(later):
        rest[customer_id] -= cents
    late: dict[int, list[int]] = {}
    for customer_id, column, cents in _by_lateness(invoices, on):
        late.setdefault(customer_id, [*NOTHING])[column] += cents
        rest[customer_id] -= cents
    rows = [
        Aged(pk, tuple(late.get(pk, NOTHING)), cents)
        for pk, cents in rest.items()
        if cents or any(late.get(pk, NOTHING))
    ]
    rows.sort(key=lambda row: (-row.total_cents, row.customer_id))
    columns = zip(NOTHING, *(row.late_cents for row in rows), strict=True)
    return Aging(on, rows, tuple(map(sum, columns)), sum(row.rest_cents for row in rows))


def _by_customer(entries: QuerySet[Entry]) -> Iterable[Any]:
    """Cents by customer. Grouped by the bare column, SQLite would read the whole ledger for it."""
    grouped = entries.order_by().values_list(F("customer") + 0)
    return grouped.annotate(cents=Sum("amount_cents"))


def _by_lateness(invoices: QuerySet[Any], on: date) -> Iterable[Any]:
    """Cents by customer and column of `LABELS`, added up by the database."""
    late = [
        When(due_on__gte=on - timedelta(days=days), then=column)
        for column, days in enumerate(LATE_DAYS)
    ]
    columns = invoices.order_by().annotate(column=Case(*late, default=len(LATE_DAYS)))
    yield from columns.values_list("customer", "column").annotate(cents=Sum("was_open_cents"))
