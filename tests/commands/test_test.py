"""The check script, by its steps; that each step passes is what running it shows."""

import sys

from carter.commands.test import Step, all_tests, ask, before_tests, run_step


def test_every_check_is_made_in_order():
    steps = [*before_tests("folder"), *all_tests("folder")]

    assert [step.title for step in steps] == [
        "The code is formatted",
        "The code has no lint",
        "The templates are formatted",
        "Nothing imports from a floor above",
        "The types agree",
        "An installation for the internet is safe",
        "Every change of a model has its migration",
        "The migrations make a database",
        "Tests on SQLite",
        "Tests on PostgreSQL",
        "There is a browser",
        "Tests in the browser",
        "Nothing became dearer",
    ]


FAILING = Step("Nothing goes wrong", [sys.executable, "-c", "print('No.'); raise SystemExit(3)"])


def test_a_step_that_fails_says_so_by_its_status(capfd):
    assert run_step(FAILING).status == 3
    assert capfd.readouterr().out == "\n=== Nothing goes wrong\nNo.\n"


def test_what_a_step_beside_others_says_is_kept_for_its_turn(capfd):
    outcome = ask(FAILING)

    assert (outcome.status, outcome.said, capfd.readouterr().out) == (3, "No.\n", "")
