"""Check that hledger, a bookkeeping program by others, comes to the same balances as Carter.

Of twenty books made by chance, or as many as CARTER_TEST_BOOKS says. Not part of `./run test`.
"""

import argparse
import shutil

from carter.commands.test import PYTEST, Step, run_step

NEEDS_DJANGO = False

NOT_INSTALLED = (
    "hledger is not installed: `apt install hledger` gets it, or see https://hledger.org."
)


def run(options: argparse.Namespace) -> int:
    if not shutil.which("hledger"):
        print(NOT_INSTALLED)
        return 1
    return run_step(Step("hledger comes to the same balances", [*PYTEST, "tests/hledger"])).status
