"""Examinations of the database: there, safe, up to date."""

from datetime import datetime, timedelta
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection, connections
from django.utils import timezone

from carter.database import REPLICA
from carter.health.finding import Examination, Finding, broken, fine, note
from carter.health.readiness import waiting_migrations

LARGEST_DRIFT = timedelta(seconds=5)
LATEST_LETTER = timedelta(hours=2)
SAFE_PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}

FOLLOWS = "SELECT pg_is_in_recovery(), pg_wal_lsn_diff(%s::pg_lsn, pg_last_wal_replay_lsn())"


def reachable() -> Finding:
    """Examined first: the others mean nothing without it."""
    try:
        connection.ensure_connection()
    except DatabaseError as trouble:
        reason = str(trouble).partition("\n")[0]
        return broken("Database", f"It does not answer ({reason}): look at DATABASE_URL.")
    version = ".".join(str(part) for part in connection.get_database_version())
    return fine("Database", f"{connection.display_name} {version} answers.")


def migrations() -> Finding:
    waiting = waiting_migrations()
    if waiting:
        return broken("Migrations", f"{len(waiting)} to be applied: run `carter migrate`.")
    return fine("Migrations", "All are applied.")


def safety() -> Finding:
    """Whether what was confirmed survives a power cut."""
    found = postgresql_safety() if connection.vendor == "postgresql" else sqlite_safety()
    if found:
        return broken("Safety", f"{found}: what was confirmed may be lost in a power cut.")
    return fine("Safety", "What was confirmed survives a power cut.")


def postgresql_safety() -> str:
    names = ("fsync", "synchronous_commit", "full_page_writes")
    off = [name for name in names if value_of(f"SHOW {name}") == "off"]
    return f"PostgreSQL runs with {', '.join(off)} off" if off else ""


def sqlite_safety() -> str:
    values = {name: value_of(f"PRAGMA {name}") for name in SAFE_PRAGMAS}
    wrong = [f"{name}={value}" for name, value in values.items() if value != SAFE_PRAGMAS[name]]
    return f"SQLite runs with {', '.join(wrong)}" if wrong else ""


def value_of(question: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]


def replica() -> Finding:
    """The streaming replica; while it is away or behind, the primary answers."""
    if REPLICA not in connections.settings:
        return fine("Replica", "None is named; the database answers every page.")
    try:
        at = str(value_of("SELECT pg_current_wal_insert_lsn()"))
        with connections[REPLICA].cursor() as cursor:
            cursor.execute(FOLLOWS, [at])
            follows, behind = cursor.fetchone()
    except DatabaseError as trouble:
        reason = str(trouble).partition("\n")[0]
        return broken("Replica", f"It does not answer ({reason}): look at CARTER_REPLICA_URL.")
    if not follows:
        return broken("Replica", "What CARTER_REPLICA_URL names follows no other database.")
    return fine("Replica", f"It answers, {max(0, behind):,.0f} bytes of the log behind.")


def letters() -> Finding:
    """Mail that did not leave; only a person can decide about some of it."""
    # By name: this module is read before there are models.
    unsent = apps.get_model("outbox", "Letter").across_companies.unsent()
    try:
        to_decide = unsent.for_a_person().count()
        late = unsent.filter(at__lt=timezone.now() - LATEST_LETTER).count()
    except DatabaseError:
        return broken("Letters", "Their table is missing: run `carter migrate`.")
    if to_decide:
        return note("Letters", f"{to_decide} failed or are unsure: look at Settings › Mail.")
    if late:
        return note("Letters", f"{late} have waited for hours: look at Settings › Mail.")
    return fine("Letters", "None waits for long.")


def papers() -> Finding:
    """Issued documents whose PDF is not made by itself any more: only a person can help."""
    due = apps.get_model("billing", "PaperDue").across_companies
    try:
        given_up = due.filter(due_at=None).first()
        count = due.filter(due_at=None).count() if given_up else 0
    except DatabaseError:
        return broken("Papers", "Their table is missing: run `carter migrate`.")
    if given_up:
        return note("Papers", f"{count} could not be printed, as {given_up}: {given_up.trouble}")
    return fine("Papers", "All that was issued is printed, or is to be.")


def shared_memory() -> Finding:
    """The cache table, which holds the limits on sign-in attempts."""
    try:
        cache.set("doctor", "was here", timeout=10)
        kept = cache.get("doctor") == "was here"
    except DatabaseError:
        kept = False
    if not kept:
        return broken("Cache", "Its table is missing: run `carter migrate`.")
    return fine("Cache", "It keeps what it is given.")


def clock() -> Finding:
    drift = drift_of_clock()
    if drift > LARGEST_DRIFT:
        return broken(
            "Clock", f"It is off by {drift.total_seconds():.0f} s: let the system set it (NTP)."
        )
    return fine("Clock", f"{timezone.now():%Y-%m-%d %H:%M} UTC agrees with the database.")


def drift_of_clock() -> timedelta:
    """How far this clock is from the database server's, or behind the database file's."""
    if connection.vendor == "postgresql":
        there = value_of("SELECT clock_timestamp()")
        return abs(timezone.now() - there) if isinstance(there, datetime) else timedelta(0)
    written = Path(settings.DATABASES["default"]["NAME"])
    if not written.exists():
        return timedelta(0)
    return timedelta(seconds=written.stat().st_mtime - timezone.now().timestamp())


EXAMINATIONS: tuple[Examination, ...] = (
    migrations,
    safety,
    replica,
    shared_memory,
    letters,
    papers,
    clock,
)
