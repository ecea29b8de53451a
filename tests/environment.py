"""The settings that tests run with, whatever the developer's own are.

Pytest loads this first of all (`-p` in pyproject.toml), before Django reads its settings.
"""

import os
import tempfile

FOLDER = tempfile.TemporaryDirectory(prefix="carter-tests-")
ABOUT_THE_TESTS = {
    "CARTER_BROWSER",
    "CARTER_TEST_ANCHORS",
    "CARTER_TEST_BOOKS",
    "CARTER_TEST_BAD_INPUTS",
    "CARTER_TEST_CHARGES",
    "CARTER_TEST_DIVIDED",
    "CARTER_TEST_DATABASES",
    "CARTER_TEST_KILLS",
    "CARTER_TEST_LEDGER_STEPS",
    "CARTER_TEST_PAPERS",
    "CARTER_TEST_MERGES",
    "CARTER_TEST_MERGING_STEPS",
    "CARTER_TEST_POSTGRES",
    "CARTER_TEST_RACES",
    "CARTER_TEST_SEED",
    "CARTER_TEST_SPLITS",
}

for name in [name for name in os.environ if name.startswith("CARTER_")]:
    if name not in ABOUT_THE_TESTS:
        del os.environ[name]

os.environ |= {
    "CARTER_ENV_FILE": os.devnull,
    "CARTER_VAR": FOLDER.name,
    "CARTER_DEMO": "yes",
    # As many as race each other in a test, and one for the test itself.
    "CARTER_DATABASE_POOL": "8",
}
