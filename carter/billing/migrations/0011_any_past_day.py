"""What the balances and the open invoices of any past day are found by."""

from datetime import date
from typing import Any

import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models
from django.db.models import F, Q

FOREVER = date.max

ADD_SETTLED = "ALTER TABLE billing_invoice ADD COLUMN settled_on date NOT NULL DEFAULT '9999-12-31'"
"""By hand: Django would build SQLite's table anew, without its triggers."""

SETTLED = """
UPDATE billing_invoice SET settled_on = COALESCE(
    (SELECT MAX(v."on") FROM billing_invoicevoid v WHERE v.invoice_id = billing_invoice.id),
    (SELECT MAX(a."on") FROM billing_allocation a WHERE a.invoice_id = billing_invoice.id),
    issued_on)
WHERE number IS NOT NULL AND NOT is_open
"""
MONTH = {
    "sqlite": "date({day}, 'start of month')",
    "postgresql": "CAST(date_trunc('month', {day}) AS date)",
}
FILL = """
INSERT INTO billing_monthtotal (company_id, month, customer_id, amount_cents)
SELECT company_id, {month}, customer_id, SUM(amount_cents) FROM billing_entry
GROUP BY 1, 2, 3 HAVING SUM(amount_cents) <> 0
"""
NOTHING = "DELETE FROM billing_monthtotal WHERE amount_cents = 0 AND customer_id"
ON_CONFLICT = """
ON CONFLICT (company_id, month, customer_id) DO UPDATE
SET amount_cents = billing_monthtotal.amount_cents + excluded.amount_cents
"""
SQLITE_ADD = """
INSERT INTO billing_monthtotal (company_id, month, customer_id, amount_cents)
VALUES (NEW.company_id, date(NEW."on", 'start of month'), {row}.customer_id, {sign}NEW.amount_cents)
"""
SQLITE = (
    f"""
CREATE TRIGGER billing_entry_month AFTER INSERT ON billing_entry BEGIN
{SQLITE_ADD.format(row="NEW", sign="")} {ON_CONFLICT};
{NOTHING} = NEW.customer_id;
END
""",
    f"""
CREATE TRIGGER billing_entry_month_moved AFTER UPDATE OF customer_id ON billing_entry
WHEN OLD.customer_id <> NEW.customer_id BEGIN
{SQLITE_ADD.format(row="OLD", sign="-")} {ON_CONFLICT};
{SQLITE_ADD.format(row="NEW", sign="")} {ON_CONFLICT};
{NOTHING} IN (OLD.customer_id, NEW.customer_id);
END
""",
)
# A statement at a time, and sorted, as of the balances themselves.
POSTGRESQL_ADD = f"""
INSERT INTO billing_monthtotal (company_id, month, customer_id, amount_cents)
SELECT company_id, {MONTH["postgresql"].format(day='"on"')}, customer_id, SUM(cents)
FROM {{rows}} GROUP BY 1, 2, 3 HAVING SUM(cents) <> 0 ORDER BY 3, 2 {ON_CONFLICT};
"""  # noqa: S608 constant text
POSTED = "(SELECT *, amount_cents AS cents FROM posted) AS posted"
MOVED = """(
    SELECT company_id, "on", customer_id, -amount_cents AS cents FROM before
    UNION ALL SELECT company_id, "on", customer_id, amount_cents FROM after
) AS moved"""
POSTGRESQL = (
    f"""
CREATE FUNCTION billing_entry_month() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
{POSTGRESQL_ADD.format(rows=POSTED)}
{NOTHING} IN (SELECT customer_id FROM posted);
RETURN NULL; END $$
""",  # noqa: S608 constant text
    """
CREATE TRIGGER billing_entry_month AFTER INSERT ON billing_entry
REFERENCING NEW TABLE AS posted FOR EACH STATEMENT EXECUTE FUNCTION billing_entry_month()
""",
    f"""
CREATE FUNCTION billing_entry_month_moved() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
{POSTGRESQL_ADD.format(rows=MOVED)}
{NOTHING} IN (SELECT customer_id FROM before UNION SELECT customer_id FROM after);
RETURN NULL; END $$
""",  # noqa: S608 constant text
    """
CREATE TRIGGER billing_entry_month_moved AFTER UPDATE ON billing_entry
REFERENCING OLD TABLE AS before NEW TABLE AS after
FOR EACH STATEMENT EXECUTE FUNCTION billing_entry_month_moved()
""",
)


def keep_up(apps: Any, editor: Any) -> None:
    vendor = editor.connection.vendor
    editor.execute(FILL.format(month=MONTH[vendor].format(day='"on"')), params=None)
    for statement in POSTGRESQL if vendor == "postgresql" else SQLITE:
        editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0010_by_day_of_whom"),
        ("companies", "0006_storage_numbers"),
        ("customers", "0004_field_writes"),
    ]

    operations = [
        migrations.RunSQL(
            ADD_SETTLED,
            state_operations=[
                migrations.AddField(
                    model_name="invoice",
                    name="settled_on",
                    field=models.DateField(default=FOREVER, db_default=FOREVER, editable=False),
                )
            ],
        ),
        migrations.RunSQL(SETTLED),
        migrations.RemoveIndex(model_name="invoice", name="invoice_by_customer"),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                fields=["customer", "-issued_on", "-id", "settled_on"], name="invoice_by_customer"
            ),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                condition=Q(settled_on__gt=F("issued_on")),
                fields=["company", "settled_on", "issued_on"],
                name="invoice_open_for_days",
            ),
        ),
        migrations.CreateModel(
            name="MonthTotal",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "company_id",
                        "month",
                        "customer_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("month", models.DateField()),
                ("amount_cents", models.BigIntegerField()),
                (
                    "company",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="companies.company",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="customers.customer"
                    ),
                ),
            ],
            options={"default_related_name": "month_totals"},
            managers=[("across_companies", django.db.models.manager.Manager())],
        ),
        migrations.RunPython(keep_up),
    ]
