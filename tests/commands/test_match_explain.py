from xml.etree import ElementTree

import pytest

from carter import cli
from carter.matching.batch.comparing import compare_all
from carter.matching.batch.files import read_rows, record_of

BOOK = """customer_id,name,company_name,category,phone,email,address
1,Ted Gray,,residential,303 555 0199,,
2,"Smith, Robert",,residential,(303) 555-0142,bob@acme.com,
3,Bob Smith,,residential,303 555 0142,,12 Oak St
4,Bob Smith,,residential,303 555 0142,,12 Oak St
5,Bob Smith,,residential,303 555 0142,,12 Oak St
"""


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "customers.csv"
    path.write_text(BOOK)
    return path


def explain(book, *words):
    return cli.main(["match", "explain", "--csv", str(book), *words])


def test_the_evidence_and_how_it_adds_up_are_told(book, capsys):
    assert explain(book, "3", "2") == 0

    told = capsys.readouterr().out
    assert told.startswith(
        "2 · Smith, Robert · residential · (303) 555-0142 · bob@acme.com\n"
        "3 · Bob Smith · residential · 303 555 0142 · 12 Oak St\n"
        "\nSurely the same customer: score 0.99"
    )
    assert "  for      Bob is short for Robert\n" in told
    assert "  for      same phone number, which 4 customers share\n" in told
    assert told.splitlines()[-1].strip().startswith("together")


def test_the_score_is_the_one_that_all_pairs_get(book, capsys):
    pairs = compare_all(read_rows(book), record_of=lambda row: record_of(row, "US"))
    scores = {(pair.one, pair.other): pair.probability for pair in pairs}

    for one, other in (("2", "3"), ("3", "5")):
        assert explain(book, one, other) == 0
        assert f"score {scores[one, other]:.6f}\n" in capsys.readouterr().out


def test_two_who_have_nothing_in_common_are_explained_as_well(book, capsys):
    assert explain(book, "1", "2") == 0
    assert "\nNot held to be the same: score 0.000000\n" in capsys.readouterr().out


def test_it_is_drawn_on_request(book, tmp_path):
    assert explain(book, "2", "3", "--svg", str(tmp_path / "why.svg")) == 0
    assert ElementTree.parse(tmp_path / "why.svg").getroot().tag.endswith("svg")


def test_customers_that_the_file_does_not_have_are_told(book, capsys):
    assert (explain(book, "2", "77"), explain(book, "2", "2")) == (1, 1)
    assert capsys.readouterr().err == (
        "customers.csv has no customer 77.\nName two customers, not one twice.\n"
    )
