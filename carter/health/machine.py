"""Examinations of the machine: what must hold before Carter's settings can even be read."""

import os
import platform
import shutil
import sys
import zoneinfo
from pathlib import Path

from carter.configuration import env
from carter.health.finding import Examination, Finding, broken, fine

OLDEST_PYTHON = (3, 11)
NEEDED_SPACE_MB = 500


def python() -> Finding:
    running = platform.python_version()
    if sys.version_info < OLDEST_PYTHON:
        return broken("Python", f"{running} is too old: install Python 3.11 or newer.")
    return fine("Python", running)


def folder() -> Finding:
    path = Path(env("CARTER_VAR"))
    home = next(place for place in (path, *path.absolute().parents) if place.exists())
    if not home.is_dir() or not os.access(home, os.W_OK | os.X_OK):
        return broken(
            "Folder", f"{path} cannot be written: give it to this user or set CARTER_VAR."
        )
    return fine("Folder", f"{path} can be written.")


def disk_space() -> Finding:
    path = Path(env("CARTER_VAR")).absolute()
    home = next(place for place in (path, *path.parents) if place.exists())
    free = shutil.disk_usage(home).free // 1_000_000
    if free < NEEDED_SPACE_MB:
        return broken("Disk space", f"{free} MB are free: make room for {NEEDED_SPACE_MB} MB.")
    return fine("Disk space", f"{free:,} MB are free.")


def time_zones() -> Finding:
    try:
        zoneinfo.ZoneInfo("America/Denver")
    except zoneinfo.ZoneInfoNotFoundError:
        return broken(
            "Time zones", "There is no time zone data: install the tzdata package of the system."
        )
    return fine("Time zones", f"{len(zoneinfo.available_timezones())} are known.")


EXAMINATIONS: tuple[Examination, ...] = (python, folder, disk_space, time_zones)
