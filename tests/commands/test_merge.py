"""`carter merge` shows what it will do, does it, and takes it back."""

from io import StringIO

import pytest

from carter.cli import main
from tests.builders import a_customer, a_job


@pytest.fixture
def two(ours):
    bob, rob = a_customer(ours, "Bob Smith"), a_customer(ours, "Ann Lee", phone="303 555 0142")
    a_job(rob)
    return bob, rob


def test_a_dry_run_only_shows_it(two, capsys):
    assert main(["merge", "C-1", "c-2", "--dry-run"]) == 0

    said = capsys.readouterr().out
    assert "Merge Ann Lee (C-2) into Bob Smith (C-1):" in said
    assert "1 lead or job" in said
    assert "share no name, phone or email" in said
    assert two[1].refreshed().is_current


def test_it_merges_and_takes_it_back(two, ada, capsys):
    assert main(["merge", "1", "2", "--yes", "--as", ada.user.email]) == 0
    assert two[1].refreshed().leads_to == two[0]
    merge = ada.company.merges.get()
    assert merge.by == ada

    assert main(["merge", "--undo", str(merge.pk), "--dry-run"]) == 0
    shown = capsys.readouterr().out
    assert "Back to Ann Lee (C-2):" in shown
    assert "Stays: $" in shown
    assert not two[1].refreshed().is_current

    assert main(["merge", "--undo", str(merge.pk)]) == 0
    assert "Ann Lee (C-2) is apart again." in capsys.readouterr().out
    assert two[1].refreshed().is_current


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["1", "9"], "no customer “9”"),
        (["1"], "two customers or more"),
        ([], "no customer “”"),
        (["1", "1"], "chosen twice"),
        (["--undo", "9"], "no merge 9"),
    ],
)
def test_what_makes_no_sense_is_said_in_a_sentence(words, said, two, capsys):
    assert main(["merge", *words, "--yes"]) == 1
    assert said in capsys.readouterr().err


def test_what_changed_while_it_asked_is_named_and_nothing_is_merged(two, capsys, monkeypatch):
    class SlowPerson(StringIO):
        """Somebody who answers after a colleague has called the customer."""

        def isatty(self):
            return True

        def readline(self, *args):
            two[0].add_note("Has a piano.", by=None)
            return "y\n"

    monkeypatch.setattr("sys.stdin", SlowPerson())

    assert main(["merge", "1", "2"]) == 1
    assert capsys.readouterr().err.splitlines() == [
        "Something changed since you looked. Nothing is merged yet.",
        "  Bob Smith (C-1): Carter noted “Has a piano.”",
    ]
    assert two[1].refreshed().is_current
