"""The database itself refuses to change or delete what was posted; only who has it may change."""

from typing import Any

from django.db import migrations

KINDS = ("charge", "payment", "entry")
MAY_CHANGE = ("customer", "born_to")
WORDS = "what was posted stays: counter it by another row"

SQLITE = """
CREATE TRIGGER {table}_stays BEFORE UPDATE OF {columns} ON {table}
BEGIN SELECT RAISE(ABORT, '{words}'); END;
CREATE TRIGGER {table}_is_kept BEFORE DELETE ON {table}
BEGIN SELECT RAISE(ABORT, '{words}'); END;
"""
POSTGRESQL = """
CREATE FUNCTION {table}_stays() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{words}' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE TRIGGER {table}_stays BEFORE UPDATE OF {columns} ON {table}
FOR EACH ROW EXECUTE FUNCTION {table}_stays();
CREATE TRIGGER {table}_is_kept BEFORE DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION {table}_stays();
"""
SQLITE_BACK = "DROP TRIGGER {table}_stays; DROP TRIGGER {table}_is_kept;"
POSTGRESQL_BACK = """
DROP TRIGGER {table}_stays ON {table}; DROP TRIGGER {table}_is_kept ON {table};
DROP FUNCTION {table}_stays();
"""


def refuse(apps: Any, editor: Any) -> None:
    _run(apps, editor, POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE)


def allow(apps: Any, editor: Any) -> None:
    is_postgresql = editor.connection.vendor == "postgresql"
    _run(apps, editor, POSTGRESQL_BACK if is_postgresql else SQLITE_BACK)


def _run(apps: Any, editor: Any, template: str) -> None:
    for kind in KINDS:
        meta = apps.get_model("billing", kind)._meta
        fixed = [field.column for field in meta.concrete_fields if field.name not in MAY_CHANGE]
        columns = ", ".join(editor.quote_name(column) for column in fixed)
        sql = template.format(table=meta.db_table, columns=columns, words=WORDS)
        for statement in _statements(sql):
            editor.execute(statement, params=None)


def _statements(sql: str) -> list[str]:
    """One at a time, as SQLite wants them: each begins on a line with its verb."""
    found: list[str] = []
    for line in sql.replace("; DROP", ";\nDROP").strip().splitlines():
        if line.startswith(("CREATE", "DROP")):
            found.append(line)
        else:
            found[-1] += "\n" + line
    return found


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_initial")]

    operations = [migrations.RunPython(refuse, allow)]
