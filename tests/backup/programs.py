"""PostgreSQL's own programs for tests, where the machine has them from the wheel only."""

import os

import pytest
from django.conf import settings

from tests.postgres import programs


@pytest.fixture(autouse=True)
def programs_of_the_server(monkeypatch):
    """Put them at the end of the path: the machine's own come first."""
    if settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        monkeypatch.setenv("PATH", f"{os.environ['PATH']}{os.pathsep}{programs()}")
