"""Makes the book that a release leaves behind, for later releases to be tried on.

    python -m tests.upgrade.making                                  on SQLite
    python -m tests.postgres python -m tests.upgrade.making         on PostgreSQL

Run both once, on the commit of a release: they write into tests/data/books/VERSION what `carter
backup` keeps of it and what is exported from it. What an earlier release left is never made anew.
"""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

FOLDER = Path(__file__).parents[1] / "data" / "books"
DAY = "2026-11-20"
"""Today in every kept book, when it is made and whenever it is looked at."""


def main() -> None:
    """Migrate an empty database, fill it in and keep it."""
    with TemporaryDirectory() as folder:
        os.environ |= {"CARTER_VAR": folder, "CARTER_ENV_FILE": os.devnull, "CARTER_DEMO": "yes"}
        os.environ |= {"CARTER_DATABASE_POOL": "0", "DJANGO_SETTINGS_MODULE": "carter.settings"}
        subprocess.run([sys.executable, "-m", "carter", "migrate"], check=True)
        subprocess.run([sys.executable, "-m", "tests.upgrade.filling"], check=True)


if __name__ == "__main__":
    main()
