"""Aging: what is owed by how long it has been due, of the whole book or one customer, on any day.

It costs what was open on that day, not what was posted until then or since: the invoices are those
whose days of being open include it, and the balances come from the totals of months.
"""

import sys
from bisect import bisect_left
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import BigIntegerField, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from carter.billing.balances import total_of
from carter.billing.models import Allocation
from carter.billing.models.invoice import InvoiceQuerySet
from carter.companies.models import Company
from carter.customers.models import Customer

LATE_DAYS = (0, 30, 60, 90)
LABELS = ("Not due", "1–30 days", "31–60 days", "61–90 days", "Over 90 days")
NOTHING = (0,) * len(LABELS)

OPEN = """
SELECT i.customer_id, i.due_on, i.total_cents - COALESCE((
    SELECT CAST(SUM(a.amount_cents) AS bigint) FROM billing_allocation a
    WHERE a.invoice_id = i.id AND a."on" <= %(on)s), 0) AS cents
FROM billing_invoice i WHERE i.company_id = %(company)s AND i.settled_on > %(on)s
AND i.issued_on <= %(on)s AND i.settled_on > i.issued_on
"""
BALANCES_BACK_FROM_NOW = """
SELECT customer_id, balance_cents AS cents FROM billing_owed WHERE company_id = %(company)s
UNION ALL SELECT customer_id, -amount_cents FROM billing_monthtotal
WHERE company_id = %(company)s AND month > %(on)s
UNION ALL SELECT customer_id, -amount_cents FROM billing_entry
WHERE company_id = %(company)s AND "on" > %(on)s AND "on" < %(next_month)s
"""
BALANCES_FROM_THE_BEGINNING = """
SELECT customer_id, amount_cents AS cents FROM billing_monthtotal
WHERE company_id = %(company)s AND month < %(month)s
UNION ALL SELECT customer_id, amount_cents FROM billing_entry
WHERE company_id = %(company)s AND "on" >= %(month)s AND "on" <= %(on)s
"""

TOTAL = "CAST(COALESCE(SUM(cents) FILTER (WHERE {}), 0) AS bigint)"
DUE = (
    "due_on >= %(late_0)s",
    "due_on < %(late_0)s AND due_on >= %(late_30)s",
    "due_on < %(late_30)s AND due_on >= %(late_60)s",
    "due_on < %(late_60)s AND due_on >= %(late_90)s",
    "due_on < %(late_90)s",
)
LATE = tuple(f"late_{place}" for place in range(len(DUE)))
AGED = f"""
WITH aged AS MATERIALIZED (
    SELECT customer_id, balance, {", ".join(LATE)} FROM (
        SELECT customer_id, {TOTAL.format("due_on IS NULL")} AS balance,
            {", ".join(map("{} AS {}".format, map(TOTAL.format, DUE), LATE))}
        FROM ({OPEN} UNION ALL SELECT customer_id, NULL, CAST(SUM(cents) AS bigint)
            FROM ({{balances}}) posted GROUP BY customer_id HAVING SUM(cents) <> 0) found
        GROUP BY customer_id
    ) everybody WHERE balance <> 0 OR {" OR ".join(map("{} <> 0".format, LATE))}
)
SELECT CAST(COUNT(*) AS bigint) AS who, CAST(SUM(balance) AS bigint) AS balance,
    CAST(MAX(balance) AS bigint) AS largest,
    {", ".join(map("CAST(SUM({}) AS bigint)".format, LATE))} FROM aged
UNION ALL SELECT * FROM (
    SELECT customer_id, balance, CAST(NULL AS bigint), {", ".join(LATE)} FROM aged
    ORDER BY balance DESC, customer_id LIMIT %(limit)s OFFSET %(offset)s
) listed
ORDER BY largest NULLS LAST, balance DESC, who
"""  # noqa: S608 constant text
ALL = slice(0, sys.maxsize)


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
    """What a company is owed, the rows of those who owe or are owed anything, and their sums.

    `rows` are those that were asked for of `count`, the largest total first; the sums are of all.
    """

    on: date
    rows: list[Aged]
    count: int
    largest_cents: int
    late_cents: tuple[int, ...]
    rest_cents: int

    @property
    def total_cents(self) -> int:
        return sum(self.late_cents) + self.rest_cents


def aging(company: Company, on: date | None = None, rows: slice = ALL) -> Aging:
    """The aging of a company's whole book at the end of a day, default today.

    Of its rows those from `rows.start` to `rows.stop`, default all: they are added up at the
    database, and a page costs less to read than everybody.
    """
    on = on or company.today
    (count, balance, largest, *late), *found = _asked(company, on, rows)
    if not count:
        return Aging(on, [], 0, 0, NOTHING, 0)
    listed = [Aged(who, tuple(late), total - sum(late)) for who, total, _, *late in found]
    return Aging(on, listed, count, largest, tuple(late), balance - sum(late))


def aging_of(customer: Customer, on: date | None = None) -> Aged:
    """The aging of one customer at the end of a day, default today."""
    on = on or customer.company.today
    late = [*NOTHING]
    invoices = open_on(customer.invoices.all(), on).order_by()
    for due_on, cents in invoices.values_list("due_on", "was_open_cents"):
        late[bisect_left(LATE_DAYS, (on - due_on).days)] += cents
    total = total_of(customer.entries.filter(on__lte=on))
    return Aged(customer.pk, tuple(late), total - sum(late))


def open_on(invoices: InvoiceQuerySet, on: date) -> QuerySet[Any]:
    """Of a customer's invoices those open at a day's end, with `was_open_cents`."""
    applied = Allocation.across_companies.filter(invoice=OuterRef("pk"), on__lte=on).order_by()
    summed = applied.values("invoice").annotate(total=Sum("amount_cents")).values("total")
    applied_cents = Coalesce(Subquery(summed, output_field=BigIntegerField()), 0)
    return invoices.open_on(on).annotate(was_open_cents=F("total_cents") - applied_cents)


def _asked(company: Company, on: date, rows: slice) -> list[Any]:
    """First how many have any balance, its sum, the largest, and the sums by `LABELS`.

    Then customer, balance, nothing, and the columns of `LABELS`, each. The balances
    come from the end of the book that is nearer to the day.
    """
    first = company.month_totals.order_by("month").values_list("month", flat=True).first()
    is_early = first is not None and on - first < company.today - on
    balances = BALANCES_FROM_THE_BEGINNING if is_early else BALANCES_BACK_FROM_NOW
    month = on.replace(day=1)
    days = {f"late_{days}": on - timedelta(days) for days in LATE_DAYS}
    days |= {"on": on, "month": month, "next_month": _month_after(month)}
    part = {"offset": rows.start, "limit": rows.stop - rows.start}
    given = {name: connection.ops.adapt_datefield_value(day) for name, day in days.items()}
    with connection.cursor() as cursor:
        cursor.execute(AGED.format(balances=balances), given | part | {"company": company.pk})
        return list(cursor.fetchall())


def _month_after(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)
