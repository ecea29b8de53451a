"""The database of an installation: PostgreSQL by its address, else SQLite in Carter's folder."""

from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

SQLITE = "django.db.backends.sqlite3"

# WAL: readers read while one writes. FULL: a payment that was confirmed survives a power cut.
SQLITE_PRAGMAS = """
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA journal_size_limit = 67108864;
    PRAGMA cache_size = -8000;
    PRAGMA temp_store = MEMORY;
"""


def database(*, url: str, folder: Path, pool: int) -> dict[str, Any]:
    """Django's description of the database at the address; an empty address means SQLite.

    `pool` is how many PostgreSQL connections a process keeps open; 0 opens one per request.
    Raises ImproperlyConfigured when it is neither of the two.
    """
    if not url:
        return embedded(folder / "carter.sqlite3")
    if not url.startswith(("postgres://", "postgresql://", "sqlite:///")):
        raise ImproperlyConfigured("DATABASE_URL must begin with postgres:// or sqlite:///.")
    described: dict[str, Any] = dict(environ.Env.db_url_config(url))
    return (
        embedded(Path(described["NAME"])) if url.startswith("sqlite") else served(described, pool)
    )


def embedded(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": SQLITE,
        "NAME": str(path),
        # Kept open: closing the last connection would fold the whole log back on every request.
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # Writers queue from their first statement. With DEFERRED, two that both read first
            # and then write can never agree, and one fails at once whatever the timeout.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": SQLITE_PRAGMAS,
        },
    }


def served(described: dict[str, Any], pool: int) -> dict[str, Any]:
    # Compiling a query would take hundreds of milliseconds; Carter's end after a few rows.
    usual = {"application_name": "carter", "options": "-c jit=off"}
    options = usual | described.get("OPTIONS", {})
    if pool:
        options["pool"] = {"min_size": 1, "max_size": pool, "timeout": 10}
    return described | {"OPTIONS": options, "CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": True}
