"""The check script, by its steps; that each step passes is what running it shows."""

import sys

from carter.commands.test import Step, run_step, steps


def test_every_check_is_made_in_order():
    assert [step.title for step in steps("folder")] == [
        "The code is formatted",
        "The code has no lint",
        "The templates are formatted",
        "Nothing imports from a floor above",
        "The types agree",
        "An installation for the internet is safe",
        "Every change of a model has its migration",
        "Tests on SQLite",
        "Tests on PostgreSQL",
        "There is a browser",
        "Tests in the browser",
    ]


def test_a_step_that_fails_says_so_by_its_status(capfd):
    failing = Step("Nothing goes wrong", [sys.executable, "-c", "raise SystemExit(3)"])

    assert run_step(failing) == 3
    assert capfd.readouterr().out == "\n=== Nothing goes wrong\n"
