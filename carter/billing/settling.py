"""What the database keeps of an invoice and of a part of a payment, so that open ones are found.

Written out: after each amount that is applied Django would take longer to write the questions than
the database to answer them.
"""

from typing import Any

from django.db import connection

from carter.billing.models import Allocation, Invoice, InvoiceVoid, PaymentPart
from carter.billing.models.invoice import FOREVER

IS_OPEN = """
    number IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {voids} v WHERE v.invoice_id = {invoices}.id)
    AND total_cents > COALESCE(
        (SELECT SUM(a.amount_cents) FROM {allocations} a WHERE a.invoice_id = {invoices}.id), 0)
"""
SETTLE = f"""
    UPDATE {{invoices}} SET is_open = ({IS_OPEN}), settled_on = CASE WHEN {IS_OPEN}
    THEN '{FOREVER}' ELSE COALESCE(
        (SELECT v."on" FROM {{voids}} v WHERE v.invoice_id = {{invoices}}.id),
        (SELECT MAX(a."on") FROM {{allocations}} a WHERE a.invoice_id = {{invoices}}.id),
        issued_on) END
    WHERE id = %s
"""  # noqa: S608 constant text
SETTLE_PART = """
    UPDATE {parts} SET is_spent = (amount_cents <= COALESCE(
        (SELECT SUM(a.amount_cents) FROM {allocations} a WHERE a.part_id = {parts}.id), 0
    ) - COALESCE(
        (SELECT SUM(t.amount_cents) FROM {parts} t WHERE t.takes_from_id = {parts}.id), 0
    )) WHERE id = %s
"""
TABLES = {
    "allocations": Allocation._meta.db_table,
    "invoices": Invoice._meta.db_table,
    "parts": PaymentPart._meta.db_table,
    "voids": InvoiceVoid._meta.db_table,
}


def settle(invoice: Invoice) -> None:
    """Note whether something is still to be paid on an invoice, and if not, since when.

    That is the day it was void, else the last on which something was applied, if ever.
    """
    _written(SETTLE, invoice.pk)


def settle_part(part: PaymentPart) -> None:
    """Note whether nothing of a part of a payment is left to be applied or given back."""
    _written(SETTLE_PART, part.pk)


def _written(statement: str, key: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement.format(**TABLES), [key])
