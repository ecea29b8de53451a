"""Check everything, as continuous integration does; or run some tests: `carter test tests/billing`.

Without words: each step below in order, stopping at the first that fails; those before
the tests side by side. With words: pytest with those words, on SQLite. For the same on PostgreSQL:
`python -m tests.postgres python -m pytest …`.
"""

import argparse
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from carter import ROOT

NEEDS_DJANGO = False
PASSES_WORDS_ON = True

TOOLS = Path(sys.executable).parent
PYTHON = [sys.executable, "-m"]
CARTER = [*PYTHON, "carter"]
PYTEST = [*PYTHON, "pytest"]
AT_ONCE = ["--numprocesses", str(min(os.cpu_count() or 1, 4)), "--dist", "worksteal"]
APART = ("browser", "hledger", "pooler", "spark")
WITHOUT_BROWSER = ["-p", "no:playwright", *(f"--ignore=tests/{name}" for name in APART)]
EVERYWHERE = [*AT_ONCE, "--durations=20", *WITHOUT_BROWSER, "tests"]
FEWER = {"CARTER_TEST_BAD_INPUTS": "1500"}
# Chance works for longer on SQLite: the rules are the same.
SHORTER = {
    "CARTER_TEST_BAD_INPUTS": "400",
    "CARTER_TEST_CHARGES": "30",
    "CARTER_TEST_LEDGER_STEPS": "300",
    "CARTER_TEST_MERGES": "100",
    "CARTER_TEST_MERGING_STEPS": "60",
}
ASKED_OF_BOTH = (
    "billing",
    "customers",
    "duplicates",
    "fuzzing",
    "leads",
    "lists",
    "storage",
    "sweep",
)
"""Screens whose lists each database finds and orders by itself; of the others it only keeps what
the deeds below them write, and those are asked of both."""
RECORDED = ROOT / "carter" / "bench" / "recorded.json"
AGAINST = ["--one-client", "--times=20", f"--against={RECORDED}", "--allow=1.5"]
"""A small book is measured and compared with what was recorded. See docs/performance.md."""


@dataclass(frozen=True)
class Step:
    """One thing that must hold, and the program that tells."""

    title: str
    program: list[str]
    environment: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """What the program of a step came to, and what it said if that was not shown at once."""

    step: Step
    status: int
    seconds: float
    said: str | None = None


def run(options: argparse.Namespace) -> int:
    if options.words:
        return run_step(Step("Some tests, on SQLite", [*PYTEST, *options.words])).status
    started, seconds = time.monotonic(), {}
    with tempfile.TemporaryDirectory(prefix="carter-check-") as folder:
        for outcome in outcomes(folder):
            if outcome.status:
                print(f"\nFAILED: {outcome.step.title} (status {outcome.status})", flush=True)
                return outcome.status
            seconds[outcome.step.title] = outcome.seconds
    print(f"\nEverything holds, seen in {time.monotonic() - started:.0f} s:", flush=True)
    for title, taken in seconds.items():
        print(f"{taken:6.0f} s  {title}", flush=True)
    return 0


def outcomes(folder: str) -> Iterator[Outcome]:
    """The steps before the tests side by side, as each keeps one processor busy; then the tests."""
    with ThreadPoolExecutor(os.cpu_count()) as side_by_side:
        for outcome in side_by_side.map(ask, before_tests(folder)):
            print(f"\n=== {outcome.step.title}\n{outcome.said}", end="", flush=True)
            yield outcome
    yield from map(run_step, all_tests(folder))


def before_tests(folder: str) -> Iterator[Step]:
    """What must hold before a test is worth its time, the quickest to tell first."""
    yield Step("The code is formatted", [tool("ruff"), "format", "--check"])
    yield Step("The code has no lint", [tool("ruff"), "check"])
    yield Step("The templates are formatted", [tool("djade"), "--check", *templates()])
    yield Step("Nothing imports from a floor above", [sys.executable, tool("lint-imports")])
    yield Step("The types agree", [*PYTHON, "mypy"], {"CARTER_VAR": folder})
    yield Step(
        "An installation for the internet is safe",
        [*CARTER, "django", "check", "--deploy", "--fail-level=WARNING"],
        like_production(folder),
    )
    yield Step(
        "Every change of a model has its migration",
        [*CARTER, "django", "makemigrations", "--check", "--dry-run"],
        {"CARTER_VAR": folder},
    )
    yield Step(
        "The migrations make a database",
        [*PYTHON, "tests.migrated"],
        {"CARTER_TEST_DATABASES": folder},
    )


def all_tests(folder: str) -> Iterator[Step]:
    copied = {"CARTER_TEST_DATABASES": folder}
    yield Step("Tests on SQLite", [*PYTEST, *EVERYWHERE], FEWER | copied)
    on_postgresql = [*PYTHON, "tests.postgres", *PYTEST, *EVERYWHERE, *other_screens()]
    yield Step("Tests on PostgreSQL", on_postgresql, SHORTER)
    yield Step("There is a browser", [*PYTHON, "tests.browser.chromium"])
    yield Step("Tests in the browser", [*PYTEST, *AT_ONCE, "tests/browser"], copied)
    yield Step("Nothing became dearer", [*CARTER, "bench", *AGAINST], {"CARTER_VAR": folder})


def run_step(step: Step) -> Outcome:
    """Run its program while one watches."""
    print(f"\n=== {step.title}", flush=True)
    return ask(step, output=None)


def ask(step: Step, output: int | None = subprocess.PIPE) -> Outcome:
    started = time.monotonic()
    done = subprocess.run(
        step.program,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **step.environment},
        stdout=output,
        stderr=output and subprocess.STDOUT,
        text=True,
        check=False,
    )
    return Outcome(step, done.returncode, time.monotonic() - started, done.stdout)


def tool(name: str) -> str:
    return str(TOOLS / name)


def templates() -> list[str]:
    return sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("carter/**/templates/**/*.*"))


def other_screens() -> list[str]:
    """Tests of screens that one database is enough for."""
    kept = {f"test_{name}.py" for name in ASKED_OF_BOTH}
    files = sorted(ROOT.glob("tests/web/test_*.py"))
    return [f"--ignore={path.relative_to(ROOT)}" for path in files if path.name not in kept]


def like_production(folder: str) -> dict[str, str]:
    return {
        "CARTER_VAR": folder,
        "CARTER_ENV_FILE": os.devnull,
        "CARTER_URL": "https://carter.example.com",
        "CARTER_PROXIES": "1",
        "CARTER_SECRET_KEY": secrets.token_urlsafe(64),
    }
