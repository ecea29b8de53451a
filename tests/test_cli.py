import re

from carter import ROOT, cli, version


def test_the_version_is_the_newest_of_the_changelog():
    headings = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)

    assert version() == headings[0]


def test_without_a_command_the_commands_are_listed(capsys):
    assert cli.main([]) == 0

    listed = re.findall(r"^  (\S+) +\S", capsys.readouterr().out, re.MULTILINE)
    assert listed == cli.command_names()


def test_every_command_has_a_line_of_help_that_fits_a_terminal():
    helps = {name: cli.summary(name) for name in cli.command_names()}

    assert [name for name, line in helps.items() if not 0 < len(line) <= 100] == []


def test_a_mistyped_command_is_answered_with_the_nearest(capsys):
    assert cli.main(["migrat"]) == 2

    assert capsys.readouterr().err == (
        "Carter has no command “migrat”. Did you mean `carter migrate`?\n"
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
