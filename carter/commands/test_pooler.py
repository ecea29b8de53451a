"""Check Carter on more than one machine: pgbouncer, a replica, two web servers, two workers.

All on this machine, a minute or two. Not part of `./run test`, which tests the replica alone.
"""

import argparse
import os
import shutil

from carter.commands.test import PYTEST, Step, run_step

NEEDS_DJANGO = False
MISSING = "The program pgbouncer is missing: install it (on Debian: apt install pgbouncer)."


def run(options: argparse.Namespace) -> int:
    if not shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}{os.pathsep}/usr/sbin"):
        print(MISSING)
        return 1
    return run_step(Step("Several machines work as one", [*PYTEST, "tests/pooler"])).status
