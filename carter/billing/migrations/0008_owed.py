"""The database keeps who owes and who is owed up to date with the ledger."""

from typing import Any

from django.db import migrations

FILL = """
INSERT INTO billing_owed (company_id, customer_id, balance_cents)
SELECT company_id, customer_id, SUM(amount_cents) FROM billing_entry
GROUP BY company_id, customer_id HAVING SUM(amount_cents) <> 0
"""
SETTLED = "DELETE FROM billing_owed WHERE balance_cents = 0 AND customer_id"
ON_CONFLICT = """
ON CONFLICT (customer_id) DO UPDATE
SET balance_cents = billing_owed.balance_cents + excluded.balance_cents
"""
SQLITE_ADD = """
INSERT INTO billing_owed (company_id, customer_id, balance_cents)
VALUES (NEW.company_id, {row}.customer_id, {sign}NEW.amount_cents)
"""
SQLITE = (
    f"""
CREATE TRIGGER billing_entry_owed AFTER INSERT ON billing_entry BEGIN
{SQLITE_ADD.format(row="NEW", sign="")} {ON_CONFLICT};
{SETTLED} = NEW.customer_id;
END
""",
    f"""
CREATE TRIGGER billing_entry_owed_moved AFTER UPDATE OF customer_id ON billing_entry
WHEN OLD.customer_id <> NEW.customer_id BEGIN
{SQLITE_ADD.format(row="OLD", sign="-")} {ON_CONFLICT};
{SQLITE_ADD.format(row="NEW", sign="")} {ON_CONFLICT};
{SETTLED} IN (OLD.customer_id, NEW.customer_id);
END
""",
)
# A statement at a time: row by row, a merge of thousands of entries would write one row thousands
# of times over in one transaction. Sorted, so that two who post at once cannot deadlock.
POSTGRESQL = (
    f"""
CREATE FUNCTION billing_entry_owed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
INSERT INTO billing_owed (company_id, customer_id, balance_cents)
SELECT company_id, customer_id, SUM(amount_cents) FROM posted
GROUP BY company_id, customer_id ORDER BY customer_id {ON_CONFLICT};
{SETTLED} IN (SELECT customer_id FROM posted);
RETURN NULL; END $$
""",  # noqa: S608 constant text
    """
CREATE TRIGGER billing_entry_owed AFTER INSERT ON billing_entry
REFERENCING NEW TABLE AS posted FOR EACH STATEMENT EXECUTE FUNCTION billing_entry_owed()
""",
    f"""
CREATE FUNCTION billing_entry_owed_moved() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
INSERT INTO billing_owed (company_id, customer_id, balance_cents)
SELECT company_id, customer_id, SUM(cents) FROM (
    SELECT company_id, customer_id, -amount_cents AS cents FROM before
    UNION ALL SELECT company_id, customer_id, amount_cents FROM after
) AS moved GROUP BY company_id, customer_id HAVING SUM(cents) <> 0
ORDER BY customer_id {ON_CONFLICT};
{SETTLED} IN (SELECT customer_id FROM before UNION SELECT customer_id FROM after);
RETURN NULL; END $$
""",  # noqa: S608 constant text
    """
CREATE TRIGGER billing_entry_owed_moved AFTER UPDATE ON billing_entry
REFERENCING OLD TABLE AS before NEW TABLE AS after
FOR EACH STATEMENT EXECUTE FUNCTION billing_entry_owed_moved()
""",
)


def keep_up(apps: Any, editor: Any) -> None:
    editor.execute(FILL, params=None)
    for statement in POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE:
        editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("billing", "0007_guards")]

    operations = [migrations.RunPython(keep_up)]
