"""Print the SQL that makes a PostgreSQL book divisible by company, and divides it with Citus.

    carter distribute > divide.sql
    carter distribute --keys-only > keys.sql    without Citus: what plain PostgreSQL takes, too

It changes nothing itself. After `carter migrate` it may have something to print again. Step by
step, and what was never tried: docs/scaling.md.
"""

import argparse
import sys

from django.db import connection

from carter.distributing import statements


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--keys-only", action="store_true", help="without the calls to Citus")


def run(options: argparse.Namespace) -> int:
    if connection.vendor != "postgresql":
        print("Only a PostgreSQL book can be divided: set DATABASE_URL.", file=sys.stderr)
        return 1
    script = ["BEGIN", *statements(with_citus=not options.keys_only), "COMMIT"]
    print("\n".join(f"{statement};" for statement in script))
    return 0
