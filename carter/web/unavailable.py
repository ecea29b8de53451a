"""What keeps Carter from answering although it made no mistake: the database, or the disk."""

import errno
import sqlite3

from django.db import InterfaceError, OperationalError

AWAY = "The database of Carter does not answer at the moment."
BUSY = "The database of Carter is busy with something that takes long."
FULL = "There is no room left on the disk of Carter. Tell whoever looks after it."
DISK = "The disk of Carter cannot be read or written: full, perhaps. Tell whoever looks after it."

BY_SQLITE = {
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_IOERR: DISK,
    sqlite3.SQLITE_CANTOPEN: AWAY,
    sqlite3.SQLITE_READONLY: AWAY,
}
BY_POSTGRESQL = {
    "": AWAY,  # It was not reached, or gone before it could say why.
    "08": AWAY,
    "57P": AWAY,
    "58": AWAY,
    "531": FULL,
    "53": BUSY,
    "40": BUSY,
    "55P03": BUSY,
    "57014": BUSY,
}
"""By how the state begins that is told; what says more comes first."""
NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


def why_unavailable(trouble: BaseException | None) -> str:
    """The reason in a sentence; empty for what is a mistake of Carter's."""
    if isinstance(trouble, OSError):
        return FULL if trouble.errno in NO_ROOM else ""
    if not isinstance(trouble, OperationalError | InterfaceError):
        return ""
    cause = trouble.__cause__
    if isinstance(cause, sqlite3.Error):
        # The low byte is the kind, the rest says more exactly where.
        return BY_SQLITE.get(getattr(cause, "sqlite_errorcode", 0) & 0xFF, "")
    state = getattr(cause, "sqlstate", None) or ""
    return next((why for start, why in BY_POSTGRESQL.items() if _begins(state, start)), "")


def _begins(state: str, start: str) -> bool:
    return state.startswith(start) if start else not state
