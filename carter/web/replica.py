"""Pages that only read are read from the streaming replica, where the installation has one.

A view says `@only_reads`. Its page is then made with the replica in the primary's place, if the
replica has everything that this browser wrote, and nothing else it lacks is older than
CARTER_REPLICA_SECONDS. Whatever goes wrong there, the primary makes the page: also a page that
turns out to write, which a replica refuses (docs/decisions/0071-replica.md).
"""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from carter.database import REPLICA
from carter.web.middleware.company import StaffRequest

log = structlog.get_logger(__name__)

View = Callable[..., HttpResponseBase]

COOKIE = f"{settings.COOKIE_PREFIX}carter_written"
POSITION = re.compile(r"[0-9A-F]{1,8}-[0-9A-F]{1,8}")
"""As PostgreSQL writes it, but for the slash, which a cookie would have to quote."""
NOWHERE, BEYOND_ALL = "0/0", "FFFFFFFF/FFFFFFFF"
# As far as the log is written, not only as far as it is on disk: a commit may not wait for that.
WHERE_THE_PRIMARY_IS = "SELECT pg_current_wal_insert_lsn()::text"
HAS_REPLAYED = """
    SELECT pg_is_in_recovery() AND pg_last_wal_replay_lsn() >= GREATEST(%s::pg_lsn, %s::pg_lsn)
"""
LEFT_ALONE_SECONDS = 5
"""So long nobody knocks at a replica that was away."""


def only_reads(view: View) -> View:
    """Say that a page only reads: the replica may make it, the primary can."""

    @wraps(view)
    def guarded(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if REPLICA in connections.settings and replica.has(_written_by(request)):
            try:
                with replica.in_place_of_the_primary():
                    return view(request, *args, **kwargs)
            except DatabaseError as trouble:
                log.info("replica did not answer", path=request.path, trouble=str(trouble))
                request.META[COOKIE] = "It may have been asked to write."
        return view(request, *args, **kwargs)

    guarded.only_reads = True  # type: ignore[attr-defined]
    return guarded


class RememberWrites:
    """Has a browser remember how far the primary's log was after it wrote something."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if REPLICA not in connections.settings:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method not in ("GET", "HEAD", "OPTIONS") or COOKIE in request.META:
            response.set_cookie(
                COOKIE,
                _now().replace("/", "-"),
                httponly=True,
                secure=settings.SESSION_COOKIE_SECURE,
                samesite="Lax",
            )
        return response


class Replica:
    """What this process knows of the replica: how far it must be, and when it was last away.

    `_least` is where the primary was `_seen_at`. A page that shows everything up to there is at
    most so old; every CARTER_REPLICA_SECONDS the primary is asked again.
    """

    def __init__(self) -> None:
        self._least, self._seen_at = NOWHERE, float("-inf")
        self._away_until = float("-inf")

    def has(self, written: str) -> bool:
        """Whether it is there and has all up to this position, and nothing too old is missing."""
        now = time.monotonic()
        if now < self._away_until:
            return False
        if now - self._seen_at >= settings.REPLICA_SECONDS:
            self._least, self._seen_at = _now(), now
        try:
            with connections[REPLICA].cursor() as cursor:
                cursor.execute(HAS_REPLAYED, [written, self._least])
                return bool(cursor.fetchone()[0])
        except DatabaseError as trouble:
            log.warning("replica away", trouble=str(trouble).partition("\n")[0])
            self._away_until = now + LEFT_ALONE_SECONDS
            connections[REPLICA].close()
            return False

    @contextmanager
    def in_place_of_the_primary(self) -> Iterator[None]:
        """Let every question of this thread go to it, also those that are written in SQL."""
        primary = connections[DEFAULT_DB_ALIAS]
        connections[DEFAULT_DB_ALIAS] = connections[REPLICA]
        try:
            yield
        finally:
            connections[DEFAULT_DB_ALIAS] = primary


replica = Replica()


def _written_by(request: HttpRequest) -> str:
    """How far the log was when this browser last wrote."""
    said = request.COOKIES.get(COOKIE)
    if said is None:
        return NOWHERE
    return said.replace("-", "/") if POSITION.fullmatch(said) else BEYOND_ALL


def _now() -> str:
    """Where the primary is. When it does not say, where no replica will ever be."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(WHERE_THE_PRIMARY_IS)
            return str(cursor.fetchone()[0])
    except DatabaseError:
        return BEYOND_ALL
