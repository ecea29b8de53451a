import shutil
from pathlib import Path

import pytest

from carter.health import machine
from carter.health.finding import Verdict


def test_this_machine_is_fine():
    verdicts = [examine().verdict for examine in machine.EXAMINATIONS]

    assert set(verdicts) == {Verdict.FINE}


def test_a_folder_that_is_a_file_is_to_be_fixed(monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("CARTER_VAR", str(tmp_path / "file" / "var"))

    finding = machine.folder()

    assert finding.verdict is Verdict.BROKEN
    assert finding.words.endswith("give it to this user or set CARTER_VAR.")


def test_a_folder_that_is_not_there_yet_is_judged_by_the_one_it_will_be_in(monkeypatch, tmp_path):
    monkeypatch.setenv("CARTER_VAR", str(tmp_path / "new" / "var"))

    assert machine.folder().verdict is Verdict.FINE
    assert machine.disk_space().verdict is Verdict.FINE
    assert not Path(tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("free", "verdict"), [(499_000_000, Verdict.BROKEN), (500_000_000, Verdict.FINE)]
)
def test_a_full_disk_is_to_be_fixed(monkeypatch, free, verdict):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(1, 1, free))

    assert machine.disk_space().verdict is verdict
