"""`carter tick`: does what is due, says what will be, and tells a timer when something is wrong."""

import pytest

from carter.cli import main
from carter.recurring import bounds
from tests.recurring.builders import a_schedule, at, invoiced, storage


@pytest.fixture
def ours(ours):
    ours.has_storage = True
    ours.save()
    with at("2026-01-01"):
        a_schedule(storage(ours))
    return ours


def test_it_does_what_is_due_once(ours, capsys):
    with at("2026-02-01"):
        assert [main(["tick"]), main(["tick"])] == [0, 0]

    assert capsys.readouterr().out == (
        "Ada’s Movers\n  invoices: 1\nAda’s Movers\n  papers printed: 2\nNothing was due.\n"
    )
    assert len(invoiced(ours)) == 2


def test_a_dry_run_says_what_will_be_and_does_nothing(ours, capsys):
    with at("2026-01-15"):
        assert main(["tick", "--dry-run", "--until", "2026-03-01"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert [line.split() for line in lines[1:]] == [
        ["2026-02-01", "1", "invoices", "$100.00"],
        ["2026-03-01", "1", "invoices", "$100.00"],
        ["in", "all", "2", "invoices", "$200.00"],
    ]
    assert len(invoiced(ours)) == 1


def test_a_day_without_a_dry_run_is_refused(ours, capsys):
    assert main(["tick", "--until", "2026-03-01"]) == 2


def test_what_fails_is_told_to_the_timer(ours, capsys):
    ours.recurring_invoices.get().lines.update(quantity_thousandths=10**12)
    with at("2026-02-01"):
        assert main(["tick"]) == 1

    assert "FAILED Storage Job S-1: A quantity is more than zero" in capsys.readouterr().out


def test_a_run_that_asks_is_told_to_the_timer(ours, monkeypatch, capsys):
    monkeypatch.setattr(bounds, "MORE_THAN_USUAL", -1)
    monkeypatch.setattr(bounds, "TIMES_USUAL", 0)
    with at("2026-02-01"):
        assert main(["tick"]) == 1

    assert len(invoiced(ours)) == 1
