"""Take the guards off while the tables change; 0007 puts better ones on."""

from typing import Any

from django.db import migrations


def let_go(apps: Any, editor: Any) -> None:
    for kind in ("charge", "payment", "entry"):
        table = f"billing_{kind}"
        on = f" ON {table}" if editor.connection.vendor == "postgresql" else ""
        editor.execute(f"DROP TRIGGER {table}_stays{on}")
        editor.execute(f"DROP TRIGGER {table}_is_kept{on}")
        if on:
            editor.execute(f"DROP FUNCTION {table}_stays()")


class Migration(migrations.Migration):
    dependencies = [("billing", "0002_append_only")]

    operations = [migrations.RunPython(let_go, elidable=True)]
