"""Invoices, payments, statements and the aging as tables, for who may see money and export."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Any

from django.db.models import QuerySet

from carter.billing.aging import LABELS, Aging
from carter.billing.models import Entry
from carter.billing.statements import Statement
from carter.companies.models import Company, Member
from carter.companies.rights import Right, require
from carter.paperwork.words import KINDS, entry_words, means_words
from carter.transfer.exporting.tables import Table, Value, amount

AT_ONCE = 500
INVOICES = [
    "invoice",
    "status",
    "customer_id",
    "customer",
    "job_id",
    "purchase_order",
    "issued",
    "due",
    "total",
    "applied",
    "open",
]
PAYMENTS = [
    "date",
    "kind",
    "method",
    "reference",
    "customer_id",
    "customer",
    "job_id",
    "amount",
    "not_applied",
]
AGING = ["customer_id", "customer", *(label.lower() for label in LABELS), "not_invoiced", "total"]
STATEMENT = ["date", "description", "job_id", "amount", "balance"]


def invoices_table(company: Company, invoices: Any, *, by: Member | None) -> Table:
    """These invoices of the company, in their order."""
    _allow(by)
    rows = invoices.with_status().select_related("customer", "job")
    return Table("invoices", INVOICES, (_invoice(row, company) for row in _each(company, rows)))


def payments_table(company: Company, parts: Any, *, by: Member | None) -> Table:
    """These parts of payments and credits of the company, with their customers."""
    _allow(by)
    rows = parts.with_unapplied().select_related("customer", "job", "payment")
    return Table("payments", PAYMENTS, (_payment(row, company) for row in _each(company, rows)))


def aging_table(company: Company, aging: Aging, *, by: Member | None) -> Table:
    """The aging, a customer a row, the totals last."""
    _allow(by)
    return Table("aging", AGING, _aging(company, aging))


def statement_table(account: Statement, *, by: Member | None) -> Table:
    """The account between two days: the opening balance and every entry."""
    _allow(by)
    return Table("statement", STATEMENT, _statement(account))


def _allow(by: Member | None) -> None:
    require(by, Right.SEE_MONEY)
    require(by, Right.EXPORT)


def _each(company: Company, rows: QuerySet[Any]) -> Iterator[Any]:
    """The rows in their order, read some hundred at a time, however many there are."""
    keys = iter(list(rows.values_list("pk", flat=True)))
    while some := list(islice(keys, AT_ONCE)):
        found = rows.order_by().in_bulk(some)
        for key in some:
            if key in found:
                yield _of(company, found[key])


def _of(company: Company, row: Any) -> Any:
    """The row with its company at hand, which codes ask for."""
    row.company = row.customer.company = company
    if row.job is not None:
        row.job.company = company
    return row


def _invoice(invoice: Any, company: Company) -> list[Value]:
    return [
        invoice.code,
        invoice.status.label,
        invoice.customer.code,
        invoice.customer.name,
        invoice.job.code if invoice.job else "",
        invoice.purchase_order,
        invoice.issued_on,
        invoice.due_on,
        amount(invoice.total_cents or 0),
        amount(invoice.applied),
        amount(invoice.open_cents),
    ]


def _payment(part: Any, company: Company) -> list[Value]:
    part.payment.company = company
    return [
        part.on,
        KINDS[part.payment.kind],
        part.payment.get_method_display(),
        means_words(part.payment) if part.payment.reference else part.payment.description,
        part.customer.code,
        part.customer.name,
        part.job.code if part.job else "",
        amount(part.amount_cents),
        amount(part.unapplied_cents if part.takes_from_id is None else 0),
    ]


def _aging(company: Company, aging: Aging) -> Iterator[list[Value]]:
    rows = iter(aging.rows)
    while some := list(islice(rows, AT_ONCE)):
        customers = company.customers.in_bulk([row.customer_id for row in some])
        for row in some:
            customer = customers[row.customer_id]
            customer.company = company
            yield [customer.code, customer.name, *_amounts(row.late_cents, row.rest_cents)]
    yield ["", "Total", *_amounts(aging.late_cents, aging.rest_cents)]


def _amounts(late: Sequence[int], rest: int) -> Iterable[Value]:
    return [*(amount(cents) for cents in late), amount(rest), amount(sum(late) + rest)]


def _statement(account: Statement) -> Iterator[list[Value]]:
    first: date | None = account.since
    yield [first, "Opening balance", "", None, amount(account.opening_cents)]
    lines: Iterable[Entry] = account.lines
    for entry in lines:
        yield [
            entry.on,
            entry_words(entry),
            entry.job.code if entry.job else "",
            amount(entry.amount_cents),
            amount(entry.running_cents),  # type: ignore[attr-defined]
        ]
