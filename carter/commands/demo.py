"""Start Carter with a demo book: three years of an invented moving company in Denver.

The book is made when the database holds no company yet; otherwise what is there is served and
nothing in it is touched.
"""

import argparse
import os
import sys
from pathlib import Path

from django.conf import settings

from carter.commands import serve
from carter.commands.migrate import bring_up_to_date
from carter.companies.models import Company
from carter.configuration import public_url
from carter.demo.book import make_book
from carter.demo.people import COMPANY
from carter.demo.tour import welcome

ENVIRONMENT = {"CARTER_DEMO": "yes"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--again",
        action="store_true",
        help="a fresh demo book in a file of its own, demo.sqlite3; no other database is touched",
    )


def run(options: argparse.Namespace) -> int:
    if options.again:
        start_over(Path(settings.VAR) / "demo.sqlite3")
    print(prepared(), flush=True)
    return serve.run(argparse.Namespace(with_worker=True))


def prepared() -> str:
    """Bring the database up to date, make the book if there is none; what to tell about it."""
    bring_up_to_date()
    if not Company.objects.exists():
        print("Making the demo book …", flush=True)
        make_book()
    demo = Company.objects.filter(name=COMPANY).first()
    if demo is None:
        return (
            f"Carter is at {public_url()}\n"
            "This database holds the book of another company, so no demo was made in it.\n"
            "For one in a file of its own: carter demo --again"
        )
    return welcome(demo, public_url())


def start_over(path: Path) -> None:
    """Replace this process by a demo on a new file in the place of the old one."""
    for file in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
        file.unlink(missing_ok=True)
    os.environ["DATABASE_URL"] = f"sqlite:///{path}"
    words = [word for word in sys.orig_argv if word != "--again"]
    os.execv(sys.executable, words)  # noqa: S606 (the very words it was started with)
