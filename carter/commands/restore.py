"""Put a backup back: `carter restore FILE`.

Stop `carter serve` and `carter worker` first. Refuses to replace a book that holds companies unless
you add --replace. Afterwards the database is brought up to this version and examined, as by `carter
check`.
"""

import argparse
import sys
from pathlib import Path

from carter.backup.archive import CannotBackUp
from carter.backup.keeping import restore
from carter.commands import check

ENVIRONMENT = {"CARTER_DATABASE_POOL": "0"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="a file that `carter backup` made")
    parser.add_argument(
        "--replace", action="store_true", help="put it over a book that holds companies"
    )


def run(options: argparse.Namespace) -> int:
    try:
        manifest = restore(options.file, replace=options.replace)
    except CannotBackUp as reason:
        print(reason, file=sys.stderr)
        return 1
    except OSError as trouble:
        print(f"{options.file} cannot be read: {trouble.strerror}.", file=sys.stderr)
        return 1
    books = ", ".join(manifest.companies) or "no company yet"
    print(f"As of {manifest.made_at}: {books}; {sum(manifest.counts.values()):,} rows.")
    return check.run(argparse.Namespace(company=None, gateway=False))
