import argparse

import pytest
from django.db import connection

from carter.commands import distribute


@pytest.mark.django_db
def test_only_postgresql_has_something_to_divide(capsys):
    status = distribute.run(argparse.Namespace(keys_only=True))

    printed = capsys.readouterr()
    if connection.vendor == "postgresql":
        assert (status, printed.out[:7]) == (0, "BEGIN;\n")
    else:
        assert (status, printed.out) == (1, "")
        assert printed.err == "Only a PostgreSQL book can be divided: set DATABASE_URL.\n"
