"""Statements of a customer's account as the printer takes them."""

from datetime import date, timedelta
from typing import Literal

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
    return {
        "letterhead": letterhead_of(customer.company),
        "kind": kind,
        "customer": party(billed_to(customer)),
        "customer_number": customer.code,
        "begins_on": None if is_open_item else _begins_on(account, through),
        "ends_on": str(through),
        "opening_cents": account.opening_cents,
        "entries": [] if is_open_item else [_entry(entry) for entry in account.lines],
        "open_items": _items(items) if is_open_item else [],
        "others": _rest(items) if is_open_item else [],
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


def _begins_on(account: Statement, through: date) -> str:
    if account.since is not None:
        return str(account.since)
    first = account.lines.first()
    return str(first.on if first else through - timedelta(days=30))


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
        for invoice in items.invoices
    ]


def _rest(items: OpenItems) -> list[documents.Aged]:
    return [{"words": REST, "amount_cents": items.rest_cents}] if items.rest_cents else []
