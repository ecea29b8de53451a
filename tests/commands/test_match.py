"""Measuring, learning and drawing from the command line."""

import json
from xml.etree import ElementTree

import pytest

from carter.cli import main
from carter.matching.weights import SHIPPED, Weights

BOOK = """customer_id,name,company_name,category,phone,email,address
1,Bob Smith,,residential,303 555 0142,,
2,"Smith, Robert",,residential,(303) 555-0142,,
3,Mary Smith,,residential,303.555.0142,,
4,Ted Gray,,residential,,,
"""
TRUTH = "customer_id,entity_id\n1,A\n2,A\n3,B\n4,C\n"


@pytest.fixture
def carter(capsys):
    """Runs a command as the terminal does: its status, what it said, and what it complained of."""

    def called(*words):
        status = main(["match", *map(str, words)])
        said = capsys.readouterr()
        return status, said.out, said.err

    return called


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "customers.csv"
    path.write_text(BOOK)
    return path


@pytest.fixture
def truth(tmp_path):
    path = tmp_path / "truth.csv"
    path.write_text(TRUTH)
    return path


def test_the_report_says_how_right_matching_is(carter, book, truth):
    status, out, _ = carter("report", "--csv", book, "--truth", truth)

    first, *lines = out.splitlines()
    assert status == 0
    assert first.startswith("4 records, 3 pairs compared in ")
    assert [" ".join(line.split()) for line in lines[:9]] == [
        "flag 1 pairs precision 1.0000 recall 1.0000 F1 1.0000",
        "sure 1 pairs precision 1.0000 recall 1.0000 F1 1.0000",
        "household 2 pairs",
        "desk 0 pairs",
        "groups B-cubed precision 1.0000 recall 1.0000 F1 1.0000",
        "connected B-cubed precision 1.0000 recall 1.0000 F1 1.0000",
        "leads of known customers: 100.0% of 2 find theirs among the first 3",
        "leads of new customers: 0.0% of 2 flagged",
        "probability pairs expected right",
    ]
    assert [line.split()[0] + line[-7:] for line in lines[9:]] == ["0.10   0.0%", "0.99 100.0%"]


def test_the_report_uses_other_weights_when_they_are_given(carter, book, truth, tmp_path):
    never = SHIPPED.person.met._replace(same=1e-9)
    model = tmp_path / "model.json"
    model.write_text(
        json.dumps(Weights(SHIPPED.person._replace(met=never), SHIPPED.account).stored())
    )
    _, out, _ = carter("report", "--csv", book, "--truth", truth, "--model", model)
    assert "flag              0 pairs" in out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["report", "--csv", "{book}"], "Say with --truth FILE who the customers"),
        (["report", "--csv", "{book}", "--truth", "{book}"], "lacks the column entity_id"),
        (["report", "--csv", "{truth}", "--truth", "{truth}"], "truth.csv lacks name"),
        (["report", "--csv", "{book}", "--truth", "{short}"], "does not say who customer 1 is"),
        (["report", "--csv", "{book}", "--truth", "{truth}", "--model", "{book}"], "no weights"),
        (["train", "--csv", "{book}"], "About 1 pairs of this book are the same customer"),
        (["train", "--csv", "nowhere.csv"], "nowhere.csv cannot be read"),
        (["weights", "--svg", "{book}/x.svg"], "cannot be written"),
        (["weights", "--svg", "x.svg", "--model", "nowhere.json"], "nowhere.json cannot be read"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(carter, words, told, book, truth, tmp_path):
    short = tmp_path / "short.csv"
    short.write_text("customer_id,entity_id\n")
    places = {"book": book, "truth": truth, "short": short}
    status, out, complaint = carter(*(word.format(**places) for word in words))
    assert (status, told in complaint, out) == (1, True, "")


def test_what_was_learnt_from_a_file_is_written(carter, tmp_path):
    book, model = tmp_path / "customers.csv", tmp_path / "model.json"
    lines = [BOOK.splitlines()[0]]
    for number in range(400):
        row = f"Person{number:04} Surname{number:04},,residential,303555{number:04},,"
        lines += [f"{number}a,{row}", f"{number}b,{row}"]
    book.write_text("\n".join(lines))
    _, out, _ = carter("train", "--csv", book, "--out", model)
    assert out.startswith("Learnt from 400 pairs of persons, about 367")
    assert Weights.restored(json.loads(model.read_text())) != SHIPPED


def test_the_weights_are_drawn(carter, tmp_path):
    drawn = tmp_path / "weights.svg"
    carter("weights", "--svg", drawn)
    picture = ElementTree.parse(drawn).getroot()
    assert picture.get("aria-label") == "What agreement is worth, in bits for the same customer"


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["report", "--truth", "truth.csv"], "Say with --csv FILE"),
        (["train", "--out", "model.json"], "say which with --csv FILE"),
        (["train", "--csv", "book.csv", "--revert"], "leave --csv out"),
    ],
)
def test_options_that_say_nothing_together_are_refused(words, complaint, carter, db):
    status, out, err = carter(*words)
    assert (status, out) == (1, "")
    assert complaint in err


@pytest.mark.parametrize("command", ["report", "bench"])
def test_a_book_of_nobody_is_nothing_to_measure(command, carter, book, truth):
    book.write_text(BOOK.splitlines()[0])
    status, _, err = carter(command, "--csv", book, "--truth", truth)
    assert (status, err.strip()) == (
        1,
        "There are no customers in the file, and so nothing to measure.",
    )


def test_a_country_that_does_not_exist_is_refused(carter, book, capsys):
    with pytest.raises(SystemExit):
        carter("explain", "--csv", book, "--country", "XX", "1", "2")
    assert "“XX” is not a country such as US, CA or MX." in capsys.readouterr().err
