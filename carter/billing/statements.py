"""Statements: what a customer owed before, what was posted, and what is owed then."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, QuerySet, Sum, Window

from carter.billing.aging import open_on
from carter.billing.balances import total_of
from carter.billing.models import Entry, Invoice
from carter.customers.models import Customer


@dataclass(frozen=True)
class Statement:
    """The account from one day through another, both included; either may be open.

    `lines` are entries with `running_cents`, what was owed after each: to be shown in pages. For
    *balance forward* show the opening balance and the lines, for *activity* only the lines.
    """

    customer: Customer
    since: date | None
    through: date | None
    opening_cents: int
    closing_cents: int
    lines: QuerySet[Entry]


@dataclass(frozen=True)
class OpenItems:
    """What makes up the balance at the end of a day: *open item*.

    `invoices` are those still open then, with `was_open_cents`; `rest_cents` are charges that are
    on no invoice, less money that is not applied.
    """

    on: date
    invoices: list[Invoice]
    rest_cents: int
    total_cents: int


def statement(
    customer: Customer, *, since: date | None = None, through: date | None = None
) -> Statement:
    """The customer's account. The closing balance is the opening one and all the lines."""
    entries = customer.entries.all()
    before = entries.filter(on__lt=since) if since else entries.none()
    lines = entries.filter(on__gte=since) if since else entries
    lines = lines.filter(on__lte=through) if through else lines
    opening = total_of(before)
    running = Window(Sum("amount_cents"), order_by=[F("on").asc(), F("id").asc()])
    return Statement(
        customer=customer,
        since=since,
        through=through,
        opening_cents=opening,
        closing_cents=opening + total_of(lines),
        lines=lines.annotate(running_cents=running + opening)
        .select_related("charge", "part__payment", "job__company")
        .order_by("on", "id"),
    )


def open_items(customer: Customer, on: date | None = None) -> OpenItems:
    """What is open of the customer's account at the end of a day, default today."""
    on = on or customer.company.today
    found = open_on(customer.invoices.all(), on).select_related("company", "job__company")
    invoices = [each for each in found.order_by("due_on", "id") if each.was_open_cents]
    total = total_of(customer.entries.filter(on__lte=on))
    rest = total - sum(invoice.was_open_cents for invoice in invoices)
    return OpenItems(on, invoices, rest, total)
