"""Examinations of how Carter was set up."""

import filecmp
import stat
import time
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.mail import get_connection

from carter.health.finding import Examination, Finding, broken, fine, note

SHORTEST_KEY = 50
FEWEST_SIGNS = 10
SILENCE_SECONDS = 180
SENDS_NOTHING = ("filebased", "console", "locmem", "dummy")


def secret_key() -> Finding:
    key, path = settings.SECRET_KEY, Path(settings.VAR) / "secret-key"
    if len(key) < SHORTEST_KEY or len(set(key)) < FEWEST_SIGNS:
        return broken("Secret key", f"It is too weak: use {SHORTEST_KEY} random characters.")
    if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
        return broken("Secret key", f"Others can read it: run `chmod 600 {path}`.")
    return fine("Secret key", "It is long and nobody else can read it.")


def folder() -> Finding:
    """Whether other users of the machine can read the book where it lies."""
    place = Path(settings.VAR)
    kept = [place / name for name in ("carter.sqlite3", "mail", "uploads")]
    open_to_others = [path for path in kept if path.exists() and is_open(path)]
    if open_to_others and is_open(place):
        return broken("Folder", f"Others can read what is in it: run `chmod 700 {place}`.")
    return fine("Folder", "Nobody else can read what Carter keeps.")


def is_open(path: Path) -> bool:
    return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


def address() -> Finding:
    url = settings.PUBLIC_URL
    if settings.DEBUG:
        return broken("Address", "Debug pages show the company's data: unset CARTER_DEBUG.")
    if settings.HTTPS and not settings.PROXIES:
        return broken(
            "Address", f"{url} needs a proxy that ends TLS in front: set CARTER_PROXIES=1."
        )
    if not settings.HTTPS:
        return note("Address", f"{url} is not encrypted: for more than this machine, use https.")
    return fine("Address", url)


def mail() -> Finding:
    if any(kind in settings.EMAIL_BACKEND for kind in SENDS_NOTHING):
        return note("Mail", "It is kept and not sent: set CARTER_MAIL_URL to send it.")
    try:
        connection = get_connection()
        connection.open()
        connection.close()
    except OSError as trouble:
        return broken(
            "Mail", f"{settings.EMAIL_HOST} does not take it ({trouble}): look at CARTER_MAIL_URL."
        )
    return fine("Mail", f"{settings.EMAIL_HOST} takes it.")


def static_files() -> Finding:
    kept = settings.STATIC_ROOT
    if kept is None:
        return fine("Static files", "They are served where they lie.")
    stale = [name for name, file in every_static_file() if not is_copy(kept / name, file)]
    if stale:
        return broken("Static files", f"{len(stale)} are not collected: run `carter migrate`.")
    return fine("Static files", "All are collected.")


def every_static_file() -> list[tuple[str, Path]]:
    """Each file's name and where this version of Carter has it."""
    found = [each for finder in finders.get_finders() for each in finder.list([])]
    return [(name, Path(storage.path(name))) for name, storage in found]


def is_copy(kept: Path, file: Path) -> bool:
    return kept.exists() and filecmp.cmp(kept, file, shallow=False)


def worker() -> Finding:
    sign = Path(settings.VAR) / "worker-alive"
    if not sign.exists() or time.time() - sign.stat().st_mtime > SILENCE_SECONDS:
        return note("Worker", "None has shown life for a while: run `carter worker`.")
    return fine("Worker", "One is at work.")


EXAMINATIONS: tuple[Examination, ...] = (
    secret_key,
    folder,
    address,
    mail,
    static_files,
    worker,
)
