"""Statements of a customer's account as the printer takes them."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Literal

from carter.billing.aging import LABELS, aging_of
from carter.billing.invoicing import billed_to
from carter.billing.models import Entry
from carter.billing.statements import OpenItems, Statement, open_items, statement
from carter.customers.models import Customer
from carter.paperwork.invoices import party
from carter.paperwork.words import entry_words
from carter.printing import documents
from carter.printing.letterheads import letterhead_of, logo_of
from carter.printing.statements import statement_pdf

Kind = Literal["open-item", "balance-forward", "activity"]
REST = "Not invoiced yet, less money not applied"
MOST_LINES = 5_000
"""A hundred pages. What stands before is in the opening balance, and all of it in the CSV."""


def statement_as_pdf(customer: Customer, kind: Kind, *, since: date | None, through: date) -> bytes:
    """A statement of one of the three kinds. Raises CannotPrint."""
    paper = statement_paper(customer, kind, since=since, through=through)
    return statement_pdf(paper, logo=logo_of(customer.company))


def statement_paper(
    customer: Customer, kind: Kind, *, since: date | None, through: date
) -> documents.Statement:
    items = open_items(customer, through)
    account = statement(customer, since=since, through=through)
    is_open_item = kind == "open-item"
    lines = [] if is_open_item else _latest(account)
    return {
        "letterhead": letterhead_of(customer.company),
        "kind": kind,
        "customer": party(billed_to(customer)),
        "customer_number": customer.code,
        "begins_on": None if is_open_item else _begins_on(account, lines, through),
        "ends_on": str(through),
        "opening_cents": _before(lines[0]) if lines else account.opening_cents,
        "entries": [_entry(entry) for entry in lines],
        "open_items": _items(items) if is_open_item else [],
        "others": [*_more(items), *_rest(items)] if is_open_item else [],
        "closing_cents": items.total_cents,
        "aging": aged(customer, through),
        "notes": "",
        "pay_link": "",
    }


def aged(customer: Customer, on: date) -> list[documents.Aged]:
    """How long the balance has been owed, as the aging has it, and what is on no invoice."""
    found = aging_of(customer, on)
    rows = [*zip(LABELS, found.late_cents, strict=True), (REST, found.rest_cents)]
    return [{"words": words, "amount_cents": cents} for words, cents in rows]


def _latest(account: Statement) -> list[Entry]:
    """The lines, the oldest first; of more than a person reads, the latest."""
    return list(account.lines.reverse()[:MOST_LINES])[::-1]


def _begins_on(account: Statement, lines: Sequence[Entry], through: date) -> str:
    if account.since is not None and len(lines) < MOST_LINES:
        return str(account.since)
    return str(lines[0].on if lines else through - timedelta(days=30))


def _before(entry: Entry) -> int:
    """What was owed before a line."""
    running: int = entry.running_cents  # type: ignore[attr-defined]
    return running - entry.amount_cents


def _entry(entry: Entry) -> documents.Entry:
    return {
        "on": str(entry.on),
        "words": entry_words(entry),
        "document": entry.job.code if entry.job else "",
        "amount_cents": entry.amount_cents,
        "balance_cents": entry.running_cents,  # type: ignore[attr-defined]
    }


def _items(items: OpenItems) -> list[documents.OpenItem]:
    return [
        {
            "number": invoice.code,
            "issued_on": str(invoice.issued_on),
            "due_on": str(invoice.due_on),
            "total_cents": invoice.total_cents or 0,
            "open_cents": invoice.was_open_cents,  # type: ignore[attr-defined]
        }
        for invoice in items.invoices[:MOST_LINES]
    ]


def _more(items: OpenItems) -> list[documents.Aged]:
    """The invoices that are due last, when there are more than are printed."""
    more: list[Any] = items.invoices[MOST_LINES:]
    if not more:
        return []
    words = f"{len(more):,} more {'invoice' if len(more) == 1 else 'invoices'}, due later"
    return [{"words": words, "amount_cents": sum(each.was_open_cents for each in more)}]


def _rest(items: OpenItems) -> list[documents.Aged]:
    return [{"words": REST, "amount_cents": items.rest_cents}] if items.rest_cents else []
