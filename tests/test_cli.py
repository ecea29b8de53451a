import os
import re
import subprocess
import sys

import pytest

from carter import ROOT, cli, version

NOT_MIGRATED = "The database is not up to date: run `carter migrate`. See `carter doctor`.\n"
NOT_ANSWERING = "The database does not answer. See `carter doctor`.\n"


def test_the_version_is_the_newest_of_the_changelog():
    headings = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)

    assert version() == headings[0]


def test_without_a_command_the_commands_are_listed(capsys):
    assert cli.main([]) == 0

    listed = re.findall(r"^  (\S+) +\S", capsys.readouterr().out, re.MULTILINE)
    assert listed == cli.command_names()


def test_every_command_has_a_line_of_help_that_fits_a_terminal():
    names = [*cli.command_names(), *cli.family_names()]
    helps = {name: cli.summary(name) for name in names}

    assert [name for name, line in helps.items() if not 0 < len(line) <= 100] == []


def test_a_mistyped_command_is_answered_with_the_nearest(capsys):
    assert cli.main(["migrat"]) == 2

    assert capsys.readouterr().err == (
        "Carter has no command “migrat”. Did you mean `carter migrate`?\n"
    )


def test_a_family_lists_its_commands(capsys):
    assert cli.main(["match"]) == 0
    said = capsys.readouterr().out
    assert re.findall(r"^  (\S+ \S+) +\S", said, re.MULTILINE) == cli.family_names("match")

    assert cli.main(["match", "--help"]) == 0
    assert capsys.readouterr().out == said


def test_a_mistyped_command_of_a_family_is_answered_with_the_nearest(capsys):
    assert cli.main(["match", "repord"]) == 2

    assert capsys.readouterr().err == (
        "Carter has no command “match repord”. Did you mean `carter match report`?\n"
    )


def test_a_command_explains_itself(capsys):
    try:
        cli.main(["worker", "--help"])
    except SystemExit as end:
        status = end.code

    assert status == 0
    assert "--once" in capsys.readouterr().out


def test_djangos_own_commands_are_within_reach(capsys):
    assert cli.main(["django", "check"]) == 0

    assert capsys.readouterr().out == "System check identified no issues (0 silenced).\n"


@pytest.mark.parametrize(
    ("command", "database", "words"),
    [
        (["open-company", "--name", "A", "--owner-email", "a@example.com"], "", NOT_MIGRATED),
        (["worker", "--once"], "", "The database is not up to date: run `carter migrate`.\n"),
        (["migrate"], "postgres://me:sesame@127.0.0.1:9/carter", NOT_ANSWERING),
        (["migrate"], "sqlite:////nowhere/at/all.sqlite3", NOT_ANSWERING),
    ],
)
def test_a_database_that_is_not_there_yet_is_told_in_a_sentence(tmp_path, command, database, words):
    done = subprocess.run(
        [sys.executable, "-m", "carter", *command],
        env={"CARTER_VAR": str(tmp_path), "DATABASE_URL": database, "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
        input="",
    )

    assert (done.returncode, done.stderr) == (1, words)
