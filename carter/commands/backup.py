"""Keep everything in one file: `carter backup [FILE]`, also while people work.

    carter backup                       into the folder backups of Carter's folder
    carter backup /mnt/nas/carter.zip   a file of that name is replaced when the new one is whole

Without PostgreSQL nothing else is needed; with it, PostgreSQL's program pg_dump. The secret key is
not in it: without the old one, people sign in anew and links that were sent stop working. Keep a
copy of it apart. Exit status 1 when no backup was made, for a timer to notice.
"""

import argparse
import sys
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from carter.backup.archive import CannotBackUp
from carter.backup.keeping import back_up
from carter.health.readiness import why_not_ready

# A single connection: pg_dump has its own.
ENVIRONMENT = {"CARTER_DATABASE_POOL": "0"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", nargs="?", type=Path, help="where to; made when it is not there")


def run(options: argparse.Namespace) -> int:
    if reason := why_not_ready():
        print(reason, file=sys.stderr)
        return 1
    place = options.file or settings.VAR / "backups" / f"{timezone.now():carter-%Y%m%d-%H%M%S}.zip"
    try:
        manifest = back_up(place)
    except CannotBackUp as reason:
        print(reason, file=sys.stderr)
        return 1
    except OSError as trouble:
        print(f"{place} cannot be written: {trouble.strerror}.", file=sys.stderr)
        return 1
    rows, megabytes = sum(manifest.counts.values()), place.stat().st_size / 1_000_000
    books = ", ".join(manifest.companies) or "no company yet"
    print(f"{place}: {books}; {rows:,} rows in {megabytes:,.1f} MB.")
    return 0
