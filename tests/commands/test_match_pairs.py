import os
import subprocess
import sys

import pytest

from carter import cli
from tests.matching.book import BookMaker

HEADER = "customer_id,name,company_name,category,phone,email,address"
BOOK = f"""{HEADER}
B-1,Bob Smith,,residential,303 555 0142,,
B-2,"Smith, Robert",,residential,(303) 555-0142,,
B-3,Mary Smith,,residential,303.555.0142,,
"B,4",Bob Smith,,residential,,,
"""


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "customers.csv"
    path.write_text(BOOK, encoding="utf-8")
    return path


@pytest.fixture
def out(tmp_path):
    return tmp_path / "pairs.csv"


def pairs(book, out, *words):
    return cli.main(["match", "pairs", "--csv", str(book), "--out", str(out), *words])


def written(out):
    header, *lines = out.read_text(encoding="utf-8").splitlines()
    assert header == "customer_id_a,customer_id_b,score,class"
    return [(one, other, kind) for one, other, _, kind in (line.split(",") for line in lines)]


def test_the_pairs_worth_a_look_are_written_surest_or_not(book, out, capsys):
    assert pairs(book, out) == 0

    assert written(out) == [("B-1", "B-2", "sure")]
    assert capsys.readouterr().out == f"1 pairs in {out}\n  sure               1\n"


def test_households_are_written_when_asked_for(book, out):
    assert pairs(book, out, "--all") == 0

    assert ("B-1", "B-3", "household") in written(out)


def test_the_threshold_may_be_sure_or_a_score(book, out):
    assert pairs(book, out, "--threshold", "sure") == 0
    assert written(out) == [("B-1", "B-2", "sure")]

    assert pairs(book, out, "--threshold", "0.9999999") == 0
    assert written(out) == []

    assert pairs(book, out, "--threshold", "0") == 0
    assert ("B-1", "B-3", "household") in written(out)


@pytest.mark.parametrize("threshold", ["often", "1.5", "-1", "nan"])
def test_another_threshold_is_refused(book, out, threshold, capsys):
    with pytest.raises(SystemExit) as end:
        pairs(book, out, f"--threshold={threshold}")

    assert end.value.code == 2
    assert f"“{threshold}” is not flag, sure or a number from 0 to 1." in capsys.readouterr().err


def test_a_file_of_nobody_gives_no_pairs(tmp_path, out):
    book = tmp_path / "customers.csv"
    book.write_text(HEADER + "\n")

    assert pairs(book, out) == 0
    assert written(out) == []


def test_an_unreadable_file_leaves_what_was_written_before(book, out, capsys):
    out.write_text("of yesterday")
    book.write_text(BOOK + "B-1,Again,,,,,\n")

    assert pairs(book, out) == 1
    assert capsys.readouterr().err == "Line 6 has the customer_id B-1 of line 2 again.\n"
    assert out.read_text() == "of yesterday"
    assert sorted(path.name for path in out.parent.iterdir()) == ["customers.csv", "pairs.csv"]


def test_a_place_that_cannot_be_written_is_told_at_once(book, tmp_path, capsys):
    assert pairs(book, tmp_path) == 1
    assert pairs(book, tmp_path / "nowhere" / "pairs.csv") == 1
    assert pairs(book, book) == 1

    told = capsys.readouterr().err.splitlines()
    assert told == [
        f"{tmp_path} is not a file.",
        f"{tmp_path}/nowhere/pairs.csv cannot be written: No such file or directory.",
        f"{book} is the file that is read: choose another name.",
    ]
    assert book.read_text(encoding="utf-8") == BOOK


def test_a_million_letters_and_other_scripts_do_no_harm(tmp_path, out):
    book = tmp_path / "customers.csv"
    rows = [f"{row},{'Bob ' * 2_500},,,303555014{row % 2},,{'Oak ' * 9_000}" for row in range(8)]
    rows += ["c,王小明,,,303 555 0199,,", "d,王小明,,,(303) 555-0199,,", "e,🙂,,,,🙂@🙂.com,🙂"]
    book.write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")

    assert pairs(book, out) == 0
    assert written(out)[-1] == ("c", "d", "likely")


def test_the_same_file_gives_the_same_bytes_without_a_database(tmp_path):
    book = tmp_path / "customers.csv"
    rows = (typed for _, typed in BookMaker(3).rows(2_500))
    book.write_text(
        "\n".join(
            [HEADER]
            + [
                f'{number},"{row["name"]}","{row["company_name"]}",'
                f"{'commercial' if row['company_name'] else ''},{row['phone']},{row['email']},"
                f'"{row["address"]}"'
                for number, row in enumerate(rows)
            ]
        )
    )
    made = [_bytes_of_a_run(book, tmp_path / f"{seed}.csv", seed) for seed in ("1", "2")]

    assert made[0] == made[1]
    assert made[0].count(b"\n") > 500


def _bytes_of_a_run(book, out, seed):
    """What another process writes: its sets have another order, and it knows of no database."""
    environment = {"PATH": os.environ["PATH"], "PYTHONHASHSEED": seed, "DATABASE_URL": "nonsense"}
    command = [sys.executable, "-m", "carter", "match", "pairs", "--csv", book, "--out", out]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return out.read_bytes()
