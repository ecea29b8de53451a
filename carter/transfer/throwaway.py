"""An empty book that is gone afterwards, for measuring: nothing of the real one is touched."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.management import call_command
from django.db import connections
from django.db.utils import ConnectionHandler
from django.test.utils import override_settings

from carter.companies.models import Member
from carter.companies.opening import open_company
from carter.database import embedded


@contextmanager
def throwaway_book() -> Iterator[Member]:
    """A company with its owner in a database and a folder of their own, while this lasts."""
    with TemporaryDirectory() as folder, override_settings(VAR=folder):
        real = connections["default"]
        own = ConnectionHandler({"default": embedded(Path(folder) / "measured.sqlite3")})
        connections["default"] = own["default"]
        try:
            call_command("migrate", interactive=False, verbosity=0)
            yield open_company(
                name="Measured Movers",
                owner_name="Owner",
                owner_email="owner@example.com",
                password=None,
            )
        finally:
            connections["default"].close()
            connections["default"] = real
