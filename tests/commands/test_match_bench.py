"""Racing matching against Splink; the race itself needs Splink, which no test installs."""

import importlib.util

from carter.cli import main
from carter.commands.match.bench import NOT_INSTALLED, at_its_best
from carter.matching.measure import Figures
from carter.matching.verdicts import Judged, Verdict

BOOK = """customer_id,name,company_name,category,phone,email,address
1,Bob Smith,,residential,303 555 0142,,
2,"Smith, Robert",,residential,(303) 555-0142,,
3,Mary Smith,,residential,303.555.0142,,
"""


def judged(one, other, probability):
    return Judged(one, other, probability, Verdict.NONE)


def test_carter_runs_alone_or_says_that_splink_is_missing(tmp_path, capsys):
    book, truth = tmp_path / "customers.csv", tmp_path / "truth.csv"
    book.write_text(BOOK)
    truth.write_text("customer_id,entity_id\n1,A\n2,A\n3,B\n")
    words = ["match", "bench", "--csv", str(book), "--truth", str(truth)]
    assert main(words) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("   ")[:3] for line in lines] == [
        [f"Carter, {level}  precision 1.0000", "recall 1.0000", "F1 1.0000"]
        for level in ("flag", "sure")
    ]
    if importlib.util.find_spec("splink") is None:
        assert main([*words, "--vs-splink"]) == 1
        assert capsys.readouterr().err.strip() == NOT_INSTALLED


def test_a_rival_is_judged_at_the_threshold_that_is_best_for_it():
    truth = {"1": "a", "2": "a", "3": "b", "4": "b", "5": "c"}
    pairs = [judged("1", "5", 0.2), judged("3", "4", 0.7), judged("1", "2", 0.9)]
    assert at_its_best(pairs, truth) == Figures(found=2, right=2, there_are=2)
    assert at_its_best([], truth) == Figures(0, 0, 2)
