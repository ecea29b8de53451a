"""Check that Spark finds the same pairs as DuckDB; `./run add-spark` installs it.

In local mode, on a book of 10,000: a minute or two. Not part of `./run test`.
"""

import argparse
from importlib.util import find_spec

from carter.commands.test import PYTEST, Step, run_step
from carter.matching.batch.engines import NOT_INSTALLED

NEEDS_DJANGO = False


def run(options: argparse.Namespace) -> int:
    if not find_spec("pyspark"):
        print(NOT_INSTALLED)
        return 1
    return run_step(Step("Spark and DuckDB agree", [*PYTEST, "tests/spark"])).status
