"""Rules that always hold of recurring invoices: `carter check`."""

from collections.abc import Iterator

from carter.customers.checking import Rule, sql
from carter.recurring.models import RecurringInvoice
from carter.recurring.planned import next_billing_day

OVERLAPPING = """
SELECT p.id FROM recurring_scheduleperiod p
JOIN recurring_scheduleperiod o ON o.schedule_id = p.schedule_id AND o.id <> p.id
    AND o.starts_on < p.ends_on AND p.starts_on < o.ends_on
WHERE 1 = 1 {of p}
"""
# Each begins where another one ends, or where its schedule does; the last ends where the next
# one is to begin.
WITH_GAPS = """
SELECT p.id FROM recurring_scheduleperiod p
JOIN recurring_recurringinvoice s ON s.id = p.schedule_id
LEFT JOIN recurring_scheduleperiod b ON b.schedule_id = p.schedule_id AND b.ends_on = p.starts_on
LEFT JOIN recurring_scheduleperiod n ON n.schedule_id = p.schedule_id AND n.starts_on = p.ends_on
WHERE ((b.id IS NULL AND p.starts_on <> s.starts_on)
    OR (n.id IS NULL AND p.ends_on <> s.next_starts_on)) {of p}
"""
# Late fees of the job go on the invoice of the period, and are none of its amount.
OTHER_AMOUNTS = """
SELECT p.id FROM recurring_scheduleperiod p
LEFT JOIN billing_invoiceline l ON l.invoice_id = p.invoice_id
LEFT JOIN billing_charge c ON c.id = l.charge_id
LEFT JOIN recurring_latefee f ON f.charge_id = c.id
WHERE 1 = 1 {of p} GROUP BY p.id, p.amount_cents
HAVING p.amount_cents <> COALESCE(SUM(CASE WHEN f.id IS NULL THEN c.amount_cents END), 0)
"""
OTHER_JOBS = """
SELECT p.id FROM recurring_scheduleperiod p
JOIN recurring_recurringinvoice s ON s.id = p.schedule_id
JOIN billing_invoice i ON i.id = p.invoice_id
WHERE (i.job_id IS NULL OR i.job_id <> s.storage_job_id) {of p}
"""
BEYOND_THE_END = """
SELECT p.id FROM recurring_scheduleperiod p
JOIN recurring_recurringinvoice s ON s.id = p.schedule_id
WHERE s.ends_on IS NOT NULL AND p.starts_on >= s.ends_on
AND p.amount_cents <> p.credited_cents {of p}
"""
TWO_AT_ONCE = """
SELECT s.id FROM recurring_recurringinvoice s
JOIN recurring_recurringinvoice o ON o.storage_job_id = s.storage_job_id AND o.id <> s.id
    AND (o.ends_on IS NULL OR o.ends_on > s.starts_on)
    AND (s.ends_on IS NULL OR s.ends_on > o.starts_on)
WHERE 1 = 1 {of s}
"""


def _due_on_another_day(company_id: int | None) -> Iterator[str]:
    """Schedules of which another day is noted than the one that their terms say."""
    rows = RecurringInvoice.across_companies.select_related("company")
    rows = rows if company_id is None else rows.filter(company=company_id)
    for schedule in rows.iterator(chunk_size=500):
        if schedule.next_bill_on != next_billing_day(schedule):
            yield f"recurring invoice {schedule.pk}"


RULES = (
    Rule("No days of a storage job are invoiced twice.", sql("period", OVERLAPPING)),
    Rule("Invoiced periods follow each other without a gap.", sql("period", WITH_GAPS)),
    Rule("A period comes to what its invoice charges.", sql("period", OTHER_AMOUNTS)),
    Rule("A period’s invoice is of its storage job.", sql("period", OTHER_JOBS)),
    Rule("Nothing is billed after a schedule’s end.", sql("period", BEYOND_THE_END)),
    Rule("No storage job has two schedules at once.", sql("recurring invoice", TWO_AT_ONCE)),
    Rule("Every schedule is noted for the day it is due.", _due_on_another_day),
)
