"""Unique keys with the company in them, as a book that is divided by company needs them."""

from typing import Any

from django.db import migrations, models
from django.db.models import Q

LINES = "billing_invoiceline"
TRIGGERS = "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s"
OWED = ("billing_entry_owed", "billing_entry_owed_moved")

taken_off: list[str] = []


def take_off(apps: Any, editor: Any) -> None:
    """SQLite makes the table anew for another key, and forgets what guards the old one."""
    if editor.connection.vendor == "sqlite":
        with editor.connection.cursor() as cursor:
            taken_off[:] = [sql for (sql,) in cursor.execute(TRIGGERS, [LINES]).fetchall()]


def put_back(apps: Any, editor: Any) -> None:
    for trigger in taken_off:
        editor.execute(trigger, params=None)
    taken_off.clear()


def name_the_key(apps: Any, editor: Any) -> None:
    """Let the keeping of what is owed name its key, which may have the company in it."""
    if editor.connection.vendor == "postgresql":
        for name in OWED:
            with editor.connection.cursor() as cursor:
                cursor.execute("SELECT pg_get_functiondef(%s::regproc)", [name])
                (function,) = cursor.fetchone()
            named = function.replace(
                "ON CONFLICT (customer_id)", "ON CONFLICT ON CONSTRAINT billing_owed_pkey"
            )
            editor.execute(named, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0011_any_past_day"),
        ("companies", "0007_keys_with_the_company"),
        ("customers", "0004_field_writes"),
        ("jobs", "0006_storage_stages"),
    ]

    operations = [
        migrations.RunPython(take_off, put_back),
        migrations.RemoveConstraint(
            model_name="invoiceline",
            name="charge_on_one_standing_invoice",
        ),
        migrations.RemoveConstraint(
            model_name="invoiceline",
            name="line_position_once",
        ),
        migrations.AddConstraint(
            model_name="invoiceline",
            constraint=models.UniqueConstraint(
                condition=Q(("stands", True)),
                fields=("charge", "company"),
                name="charge_on_one_standing_invoice",
            ),
        ),
        migrations.AddConstraint(
            model_name="invoiceline",
            constraint=models.UniqueConstraint(
                fields=("invoice", "position", "company"), name="line_position_once"
            ),
        ),
        migrations.RunPython(put_back, take_off),
        migrations.RunPython(name_the_key, elidable=False),
    ]
