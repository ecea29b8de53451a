"""Work for hours on what must never go wrong: what chance is left to, with large numbers.

With words, only the steps whose title has one of them: `carter test-long kills races`. What fails
does not keep the others from running. Not part of `./run test`, which does the same for minutes.
"""

import argparse
from collections.abc import Iterator

from carter.commands.test import CARTER, PYTEST, PYTHON, Step, run_step

NEEDS_DJANGO = False
POSTGRES = [*PYTHON, "tests.postgres"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("words", nargs="*", help="parts of the titles of steps to run")


def run(options: argparse.Namespace) -> int:
    wanted = [
        step
        for step in steps()
        if not options.words or any(word in step.title.lower() for word in options.words)
    ]
    done = [run_step(step) for step in wanted]
    print()
    for outcome in done:
        holds = "held" if outcome.status == 0 else "FAILED"
        print(f"{outcome.seconds:8.0f} s  {holds:<6}  {outcome.step.title}")
    return max((outcome.status for outcome in done), default=1)


def steps() -> Iterator[Step]:
    yield _step("Proration and splits: 1,000,000", "billing/test_rounding.py", SPLITS=1_000_000)
    yield _step("Prices of periods: 1,000,000", "recurring/test_plan.py", SPLITS=1_000_000)
    yield _step("Anchors: 20,000 for 120 months", "recurring/test_months.py", ANCHORS=20_000)
    yield _step("Papers read back: 500", "printing/test_papers.py", PAPERS=500)
    yield _step(
        "Races for money: 2,000 invoices, 4,000 forms, 10,000 numbers, on PostgreSQL",
        "billing/test_racing.py",
        before=POSTGRES,
        RACES=2_000,
    )
    yield _step(
        "Races for periods: 2,000, on PostgreSQL",
        "recurring/test_racing.py",
        before=POSTGRES,
        RACES=2_000,
    )
    for name, before in (("SQLite", []), ("PostgreSQL", POSTGRES)):
        yield _step(
            f"Kills of clerks: 500, on {name}", "billing/test_killing.py", before, KILLS=500
        )
        yield _step(
            f"Auto-pay: 1,000 charges, on {name}", "gateway/test_figures.py", before, CHARGES=1_000
        )
        yield _step(
            f"Ledger: 50,000 steps, on {name}",
            "billing/test_ledger_property.py",
            before,
            LEDGER_STEPS=50_000,
        )
    yield _step("Merges: 20,000 and undone", "merging/test_any_order.py", MERGES=20_000)
    yield _step(
        "Merges in an office: 20,000 steps",
        "merging/test_whatever_is_merged.py",
        MERGING_STEPS=20_000,
    )
    yield Step("hledger: 100 books", [*CARTER, "test-hledger"], {"CARTER_TEST_BOOKS": "100"})


def _step(title: str, file: str, before: list[str] | None = None, **numbers: int) -> Step:
    environment = {f"CARTER_TEST_{name}": str(number) for name, number in numbers.items()}
    return Step(title, [*(before or []), *PYTEST, f"tests/{file}"], environment)
