"""The database itself keeps what was posted or issued, whichever door a change comes through.

What was posted is neither changed nor deleted. Only who has it may change (`customer`, `born_to`),
and each such change is written down by the database; and what merely caches an answer may
(`is_open`, `is_spent`, `stands`). A draft may change until it is issued, with its lines.
"""

from typing import Any

from django.db import migrations

POSTED = ("charge", "paymentpart", "entry", "invoicevoid", "allocation")
FOLLOWS = (*POSTED, "invoice", "invoiceline")
MAY_CHANGE = ("customer", "born_to", "is_open", "is_spent", "stands")
WORDS = "what was posted stays: counter it by another row"
ISSUED = "SELECT 1 FROM billing_invoice WHERE id = {row}.invoice_id AND number IS NOT NULL"

MOVED = """
INSERT INTO billing_movedrow ("table", row_id, record_before, record_after, customer_before,
    customer_after, at, company_id)
VALUES ('{table}', NEW.id, OLD.born_to_id, NEW.born_to_id, OLD.customer_id, NEW.customer_id,
    CURRENT_TIMESTAMP, NEW.company_id);
"""
WENT = "OLD.customer_id <> NEW.customer_id OR OLD.born_to_id <> NEW.born_to_id"


def put_on(apps: Any, editor: Any) -> None:
    guard = on_postgresql if editor.connection.vendor == "postgresql" else on_sqlite
    for kind in (*POSTED, "payment", "movedrow"):
        guard(editor, kind, "UPDATE OF", fixed(apps, editor, kind))
        guard(editor, kind, "DELETE")
    guard(editor, "invoice", "UPDATE OF", fixed(apps, editor, "invoice"), "OLD.number IS NOT NULL")
    guard(editor, "invoice", "DELETE", "", "OLD.number IS NOT NULL")
    issued = f"EXISTS ({ISSUED})"
    columns = fixed(apps, editor, "invoiceline")
    guard(editor, "invoiceline", "UPDATE OF", columns, issued.format(row="OLD"))
    guard(editor, "invoiceline", "DELETE", "", issued.format(row="OLD"))
    guard(editor, "invoiceline", "INSERT", "", issued.format(row="NEW"))
    for kind in FOLLOWS:
        watch(editor, kind)


def fixed(apps: Any, editor: Any, kind: str) -> str:
    fields = apps.get_model("billing", kind)._meta.concrete_fields
    columns = [field.column for field in fields if field.name not in MAY_CHANGE]
    return ", ".join(editor.quote_name(column) for column in columns)


def on_sqlite(editor: Any, kind: str, deed: str, columns: str = "", when: str = "1") -> None:
    table, name = f"billing_{kind}", f"billing_{kind}_{deed.split(maxsplit=1)[0].lower()}"
    editor.execute(
        f"CREATE TRIGGER {name} BEFORE {deed} {columns} ON {table} WHEN {when}"
        f" BEGIN SELECT RAISE(ABORT, '{WORDS}'); END",
        params=None,
    )


def on_postgresql(editor: Any, kind: str, deed: str, columns: str = "", when: str = "true") -> None:
    table, name = f"billing_{kind}", f"billing_{kind}_{deed.split(maxsplit=1)[0].lower()}"
    goes_on = "OLD" if deed == "DELETE" else "NEW"
    editor.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {when} THEN"
        f" RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'integrity_constraint_violation'; END IF;"
        f" RETURN {goes_on}; END $$",
        params=None,
    )
    editor.execute(
        f"CREATE TRIGGER {name} BEFORE {deed} {columns} ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION {name}()",
        params=None,
    )


def watch(editor: Any, kind: str) -> None:
    table, columns = f"billing_{kind}", "customer_id, born_to_id"
    name, written = f"{table}_moved", MOVED.format(table=table)
    when = f"AFTER UPDATE OF {columns} ON {table} FOR EACH ROW WHEN ({WENT})"
    if editor.connection.vendor == "postgresql":
        editor.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN {written} RETURN NULL; END $$",
            params=None,
        )
        editor.execute(f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION {name}()", params=None)
    else:
        editor.execute(f"CREATE TRIGGER {name} {when} BEGIN {written} END", params=None)


class Migration(migrations.Migration):
    dependencies = [("billing", "0006_parts_have_the_customer")]

    operations = [migrations.RunPython(put_on)]
