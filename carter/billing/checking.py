"""Rules that always hold of the money in the book: `carter check`."""

from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, F
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from carter.billing.models import Invoice
from carter.customers.checking import Rule, filled, numbers_without_gaps, rows, sql

MIRRORED = """
SELECT d.id FROM billing_{table} d LEFT JOIN billing_entry e ON e.{column}_id = d.id
WHERE (e.id IS NULL OR e.amount_cents <> {sign}d.amount_cents OR e."on" <> d."on"
    OR e.customer_id <> d.customer_id OR e.born_to_id <> d.born_to_id
    OR COALESCE(e.job_id, 0) <> COALESCE(d.job_id, 0)) {of d}
"""
COUNTERED = """
SELECT d.id FROM billing_charge d JOIN billing_charge c ON c.id = d.counters_id
WHERE (d.amount_cents <> -c.amount_cents OR d.tax_cents <> -c.tax_cents
    OR d.born_to_id <> c.born_to_id OR c.counters_id IS NOT NULL) {of d}
"""
PARTS_OF_PAYMENT = """
SELECT p.id FROM billing_payment p LEFT JOIN billing_paymentpart d ON d.payment_id = p.id
WHERE 1 = 1 {of p} GROUP BY p.id, p.amount_cents
HAVING COALESCE(SUM(d.amount_cents), 0) <> p.amount_cents
"""
TAKEN_BACK = """
SELECT d.id FROM billing_paymentpart d
JOIN billing_payment p ON p.id = d.payment_id
JOIN billing_paymentpart f ON f.id = d.takes_from_id
WHERE (f.takes_from_id IS NOT NULL OR d.born_to_id <> f.born_to_id
    OR f.payment_id NOT IN (p.id, COALESCE(p.of_id, p.id))) {of d}
"""
LEFT_OF_PARTS = """
SELECT d.id FROM billing_paymentpart d
LEFT JOIN (SELECT takes_from_id AS id, SUM(amount_cents) AS cents FROM billing_paymentpart
    WHERE takes_from_id IS NOT NULL GROUP BY takes_from_id) t ON t.id = d.id
LEFT JOIN (SELECT part_id AS id, SUM(amount_cents) AS cents FROM billing_allocation
    GROUP BY part_id) a ON a.id = d.id
WHERE {wrong} {of d}
"""
LEFT = "d.amount_cents + COALESCE(t.cents, 0) - COALESCE(a.cents, 0)"
TOO_MUCH_USED = filled(
    LEFT_OF_PARTS,
    wrong=f"((d.takes_from_id IS NULL AND {LEFT} < 0) OR COALESCE(a.cents, 0) < 0"
    " OR (d.takes_from_id IS NOT NULL AND a.cents <> 0))",
)
SPENT = filled(LEFT_OF_PARTS, wrong=f"d.takes_from_id IS NULL AND d.is_spent <> ({LEFT} <= 0)")
APPLIED_TO_INVOICES = """
SELECT i.id FROM billing_invoice i
LEFT JOIN billing_invoicevoid v ON v.invoice_id = i.id
LEFT JOIN (SELECT invoice_id AS id, SUM(amount_cents) AS cents, MAX("on") AS last
    FROM billing_allocation GROUP BY invoice_id) a ON a.id = i.id
WHERE {wrong} {of i}
"""
TOO_MUCH_APPLIED = filled(
    APPLIED_TO_INVOICES,
    wrong="(COALESCE(a.cents, 0) < 0 OR COALESCE(a.cents, 0) > COALESCE(i.total_cents, 0)"
    " OR (v.id IS NOT NULL AND a.cents <> 0))",
)
OPEN = filled(
    APPLIED_TO_INVOICES,
    wrong="i.number IS NOT NULL"
    " AND i.is_open <> (v.id IS NULL AND i.total_cents > COALESCE(a.cents, 0))",
)
SETTLED = filled(
    APPLIED_TO_INVOICES,
    wrong='i.number IS NOT NULL AND i.settled_on <> CASE WHEN v.id IS NOT NULL THEN v."on"'
    " WHEN i.total_cents > COALESCE(a.cents, 0) THEN '9999-12-31'"
    " ELSE COALESCE(a.last, i.issued_on) END",
)
APPLIED_TOO_EARLY = """
SELECT a.id FROM billing_allocation a
JOIN billing_invoice i ON i.id = a.invoice_id JOIN billing_paymentpart d ON d.id = a.part_id
WHERE (i.issued_on IS NULL OR a."on" < i.issued_on OR a."on" < d."on") {of a}
"""
TOTALS = """
SELECT i.id FROM billing_invoice i
LEFT JOIN billing_invoiceline l ON l.invoice_id = i.id
LEFT JOIN billing_charge c ON c.id = l.charge_id
WHERE i.number IS NOT NULL {of i} GROUP BY i.id, i.total_cents
HAVING COALESCE(SUM(c.amount_cents), 0) <> i.total_cents
"""
LINES = """
SELECT l.id FROM billing_invoiceline l JOIN billing_invoice i ON i.id = l.invoice_id
LEFT JOIN billing_invoicevoid v ON v.invoice_id = i.id
WHERE l.stands <> (v.id IS NULL) {of l}
"""
COUNTERED_LINES = """
SELECT l.id FROM billing_invoiceline l JOIN billing_charge c ON c.id = l.charge_id
LEFT JOIN billing_charge m ON m.counters_id = c.id
WHERE l.stands AND (c.counters_id IS NOT NULL OR m.id IS NOT NULL) {of l}
"""
# By customer: open invoices, charges on none, less money not applied, less what the ledger says.
AGED = """
SELECT customer_id FROM (
    SELECT i.customer_id, i.total_cents AS cents FROM billing_invoice i
    WHERE i.number IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM billing_invoicevoid v WHERE v.invoice_id = i.id) {of i}
    UNION ALL SELECT a.customer_id, -a.amount_cents FROM billing_allocation a WHERE 1 = 1 {of a}
    UNION ALL SELECT c.customer_id, c.amount_cents FROM billing_charge c WHERE NOT EXISTS (
        SELECT 1 FROM billing_invoiceline l JOIN billing_invoice i ON i.id = l.invoice_id
        WHERE l.charge_id = c.id AND l.stands AND i.number IS NOT NULL) {of c}
    UNION ALL SELECT d.customer_id, -d.amount_cents FROM billing_paymentpart d WHERE 1 = 1 {of d}
    UNION ALL SELECT a.customer_id, a.amount_cents FROM billing_allocation a WHERE 1 = 1 {of a}
    UNION ALL SELECT e.customer_id, -e.amount_cents FROM billing_entry e WHERE 1 = 1 {of e}
) adds_up GROUP BY customer_id HAVING SUM(cents) <> 0
"""
OWED = """
SELECT customer_id FROM (
    SELECT e.customer_id, e.amount_cents AS cents FROM billing_entry e WHERE 1 = 1 {of e}
    UNION ALL SELECT o.customer_id, -o.balance_cents FROM billing_owed o WHERE 1 = 1 {of o}
) adds_up GROUP BY customer_id HAVING SUM(cents) <> 0
"""
MONTHS = """
SELECT customer_id FROM (
    SELECT e.customer_id, SUBSTR(CAST(e."on" AS VARCHAR(10)), 1, 7) || '-01' AS month,
        e.amount_cents AS cents FROM billing_entry e WHERE 1 = 1 {of e}
    UNION ALL SELECT m.customer_id, CAST(m.month AS VARCHAR(10)), -m.amount_cents
    FROM billing_monthtotal m WHERE 1 = 1 {of m}
) adds_up GROUP BY customer_id, month HAVING SUM(cents) <> 0
"""
TAXES = """
SELECT c.id FROM billing_charge c WHERE c.tax_rate_millionths > 0 AND
ABS(c.tax_cents * 1000000 - (c.amount_cents - c.tax_cents) * c.tax_rate_millionths) > 1000000
{of c}
"""
TWICE = """
SELECT MAX(p.id) FROM billing_payment p WHERE p.{column} IS NOT NULL {of p}
GROUP BY p.company_id, p.{column} HAVING COUNT(*) > 1
"""
CREDITED = """
SELECT i.id FROM billing_invoice i JOIN billing_payment p ON p.invoice_id = i.id
LEFT JOIN billing_payment b ON b.of_id = p.id AND b.kind = 'credit-void'
WHERE b.id IS NULL {of i} GROUP BY i.id, i.total_cents HAVING SUM(p.amount_cents) > i.total_cents
"""
GUARDED = ("charge", "payment", "paymentpart", "entry", "invoicevoid", "allocation", "invoice")


def _says_something_else(company_id: int | None) -> Iterator[str]:
    """Invoices whose printed total or number is not theirs."""
    said = Invoice.across_companies.exclude(number=None).annotate(
        said_cents=Cast(KeyTextTransform("total_cents", "document"), BigIntegerField()),
    )
    said = said if company_id is None else said.filter(company=company_id)
    wrong = said.exclude(said_cents=F("total_cents"))
    yield from (f"invoice {key}" for key in wrong.values_list("pk", flat=True))


def _guards_that_are_off(company_id: int | None) -> Iterator[str]:
    """Triggers that somebody took off, or that a change of a table lost."""
    names = {f"billing_{kind}_{deed}" for kind in GUARDED for deed in ("update", "delete")}
    names |= {f"billing_invoiceline_{deed}" for deed in ("insert", "update", "delete")}
    names |= {"billing_entry_owed", "billing_entry_owed_moved"}
    names |= {"billing_entry_month", "billing_entry_month_moved"}
    yield from sorted(names - _triggers())


def _triggers() -> set[Any]:
    if connection.vendor == "postgresql":
        found = rows("SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'", None)
    else:
        found = rows("SELECT name FROM sqlite_master WHERE type = 'trigger'", None)
    return {name for (name,) in found}


RULES = (
    Rule(
        "Every charge is in the ledger once, with its amount.",
        sql("charge", filled(MIRRORED, table="charge", column="charge", sign="")),
    ),
    Rule(
        "Every part of a payment is in the ledger once, with its amount.",
        sql("payment part", filled(MIRRORED, table="paymentpart", column="part", sign="-")),
    ),
    Rule("What counters a charge is its mirror.", sql("charge", COUNTERED)),
    Rule("Every payment is the sum of its parts.", sql("payment", PARTS_OF_PAYMENT)),
    Rule("What gives money back takes it from that very payment.", sql("payment part", TAKEN_BACK)),
    Rule("No more of a payment is used than there is.", sql("payment part", TOO_MUCH_USED)),
    Rule("No more is applied to an invoice than it comes to.", sql("invoice", TOO_MUCH_APPLIED)),
    Rule("Nothing is applied before it was there.", sql("allocation", APPLIED_TOO_EARLY)),
    Rule("No more of an invoice is credited than it comes to.", sql("invoice", CREDITED)),
    Rule("Invoices come to the sum of their charges.", sql("invoice", TOTALS)),
    Rule("Invoices say what they come to.", _says_something_else),
    Rule("Only void invoices have let their charges go.", sql("invoice line", LINES)),
    Rule("No charge that was taken back is on an invoice.", sql("invoice line", COUNTERED_LINES)),
    Rule("The open invoices are known as open, and no others.", sql("invoice", OPEN)),
    Rule("It is known since when nothing is to be paid on an invoice.", sql("invoice", SETTLED)),
    Rule("The money not applied is known as such.", sql("payment part", SPENT)),
    Rule("Aging adds up to the balance of every customer.", sql("customer", AGED)),
    Rule("The list of who owes says what the ledger says.", sql("customer", OWED)),
    Rule("The totals of the months say what the ledger says.", sql("customer", MONTHS)),
    Rule("Tax is its rate of the amount, to the cent.", sql("charge", TAXES)),
    Rule(
        "No form, and no payment of the gateway, made two payments.",
        sql(
            "payment",
            filled(TWICE, column="key"),
            filled(TWICE, column="gateway_reference"),
        ),
    ),
    Rule("Invoice numbers have no gaps.", numbers_without_gaps("invoice", "billing_invoice")),
    Rule(
        "Credit note numbers have no gaps.", numbers_without_gaps("credit-note", "billing_payment")
    ),
    Rule("The database guards what was posted and issued.", _guards_that_are_off),
)
