"""The database of an installation: PostgreSQL by its address, else SQLite in Carter's folder.

PostgreSQL may have a pooler before it, and a streaming replica that answers pages which only read.
"""

from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

SQLITE = "django.db.backends.sqlite3"
POSTGRESQL = "carter.postgresql"
POSTGRES = ("postgres://", "postgresql://")
REPLICA = "replica"
"""What Django calls the replica's connection; there is none without CARTER_REPLICA_URL."""

# WAL: readers read while one writes. FULL: a payment that was confirmed survives a power cut.
SQLITE_PRAGMAS = """
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA journal_size_limit = 67108864;
    PRAGMA cache_size = -8000;
    PRAGMA temp_store = MEMORY;
"""


def databases(
    *, url: str, replica_url: str, folder: Path, pool: int, pooler: bool
) -> dict[str, dict[str, Any]]:
    """Django's description of every database of the installation, by what Django calls them.

    Raises ImproperlyConfigured when one of them cannot be what it is said to be.
    """
    described = {"default": database(url=url, folder=folder, pool=pool, pooler=pooler)}
    if replica_url and not url.startswith(POSTGRES):
        raise ImproperlyConfigured("CARTER_REPLICA_URL is for a PostgreSQL named by DATABASE_URL.")
    if replica_url:
        described[REPLICA] = replica(environ.Env.db_url_config(replica_url), pooler=pooler)
    return described


def database(*, url: str, folder: Path, pool: int, pooler: bool = False) -> dict[str, Any]:
    """Django's description of the database at the address; an empty address means SQLite.

    `pool` is how many PostgreSQL connections a process keeps open; 0 opens one per request.
    `pooler`: what answers at the address is a pooler that hands out connections by transaction.
    Raises ImproperlyConfigured when it is neither of the two.
    """
    if not url:
        return embedded(folder / "carter.sqlite3")
    if not url.startswith((*POSTGRES, "sqlite:///")):
        raise ImproperlyConfigured("DATABASE_URL must begin with postgres:// or sqlite:///.")
    described: dict[str, Any] = dict(environ.Env.db_url_config(url))
    if url.startswith("sqlite"):
        return embedded(Path(described["NAME"]))
    return served(described, pool, pooler=pooler)


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


def served(described: dict[str, Any], pool: int, *, pooler: bool = False) -> dict[str, Any]:
    options = {**usual_options(pooler), **described.get("OPTIONS", {})}
    if pool:
        # Who waits for a database that is away is told soon. By itself the pool asks for it more
        # and more seldom, for minutes after it is back.
        waiting = {"timeout": 5, "reconnect_timeout": 5}
        options["pool"] = {"min_size": 1, "max_size": pool, **waiting}
    return described | {
        "ENGINE": POSTGRESQL,
        "OPTIONS": options,
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        # A cursor of the server lives in a session, and the next transaction may have another one.
        "DISABLE_SERVER_SIDE_CURSORS": pooler,
    }


def replica(described: dict[str, Any], *, pooler: bool) -> dict[str, Any]:
    """The replica: a connection for each thread, which gives up quickly.

    No pool: it would let a page wait for a replica that is away, and the primary can answer.
    """
    in_haste = {"connect_timeout": 2, "tcp_user_timeout": 5_000}
    options = {**usual_options(pooler), **in_haste, **described.get("OPTIONS", {})}
    return served(described, pool=0, pooler=pooler) | {
        "OPTIONS": options,
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": False,
    }


def usual_options(pooler: bool) -> dict[str, Any]:
    """How a connection is opened.

    A pooler refuses `options`, and knows no statement that was prepared on another connection.
    Without one, what a connection asked a few times is planned once: a payment costs a fifth less.
    """
    if pooler:
        return {"application_name": "carter", "prepare_threshold": None}
    planned_once = {"server_side_binding": True, "prepare_threshold": 5}
    # Compiling a query would take hundreds of milliseconds; Carter's end after a few rows.
    return {"application_name": "carter", "options": "-c jit=off", **planned_once}
