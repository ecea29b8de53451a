"""Whether Carter can serve right now."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor


def why_not_ready() -> str:
    """The reason Carter cannot serve, in a sentence; empty when it can."""
    try:
        behind = bool(waiting_migrations())
    except DatabaseError:
        return "The database does not answer."
    return "The database is not up to date: run `carter migrate`." if behind else ""


def waiting_migrations() -> list[str]:
    """The names of the migrations that this version has and the database has not seen."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]
