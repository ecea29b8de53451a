"""A file is read once, into rows that are all accounted for."""

import pytest

from carter.transfer.reading import limits
from carter.transfer.reading.limits import UnreadableFile
from carter.transfer.reading.spooling import ABOVE, Row, read_spool, spool_file
from carter.transfer.understanding.shapes import is_header, is_ours
from tests.transfer.importing import a_csv


@pytest.fixture
def spooled(tmp_path):
    """Table and rows of a file with this content."""

    def of(content: bytes):
        source, spool = tmp_path / "people.csv", tmp_path / "people.spool"
        source.write_bytes(content)
        table = spool_file(source, spool, is_header=is_header, is_ours=is_ours)
        return table, list(read_spool(spool))

    return of


def test_rows_have_the_number_a_spreadsheet_shows(spooled):
    table, rows = spooled(b'name,note\nBob,"two\nlines"\n\nAnn,\n')

    assert (table.columns, table.rows) == (["name", "note"], 3)
    assert rows == [Row(2, ["Bob", "two\nlines"]), Row(3, []), Row(4, ["Ann", ""])]


def test_titles_above_the_column_names_are_rows_with_a_reason(spooled):
    table, rows = spooled(a_csv(["Customer Contact List"], [], ["name", "phone"], ["Bob", "303"]))

    assert table.columns == ["name", "phone"]
    assert rows == [Row(1, ["Customer Contact List"], ABOVE), Row(2, []), Row(4, ["Bob", "303"])]


def test_every_column_gets_a_name_of_its_own(spooled):
    table, _ = spooled(a_csv(["name", "phone", "phone", "", "phone", ""], ["Bob"]))

    assert table.columns == ["name", "phone", "phone (2)", "Column 4", "phone (3)"]


def test_more_cells_than_column_names_is_a_problem_of_that_row_only(spooled):
    _, rows = spooled(a_csv(["name", "phone"], ["Bob", "303", "extra"], ["Ann", "720", ""]))

    assert [row.problem for row in rows] == [
        (
            "The row has more cells than the 2 column names. "
            "Is a text with a comma missing its quotation marks?"
        ),
        "",
    ]


def test_a_cell_of_five_megabytes_is_a_problem_of_that_row_only(spooled):
    table, rows = spooled(a_csv(["name", "note"], ["Bob", "x" * 5_000_000], ["Ann", "hello"]))

    assert table.rows == 2
    assert rows[0].problem == (
        "One cell holds 5,000,000 characters; 32,767 is the most. "
        "Is a quotation mark missing its partner?"
    )
    assert rows[1] == Row(3, ["Ann", "hello"])


def test_three_hundred_columns_get_a_sentence(spooled):
    with pytest.raises(UnreadableFile) as refused:
        spooled(a_csv([f"column {number}" for number in range(300)], ["Bob"] * 300))

    assert str(refused.value) == (
        "The file has 300 columns; Carter reads up to 256. Delete those you do not need."
    )


def test_a_file_without_column_names_does_not_lose_its_first_row(spooled):
    with pytest.raises(UnreadableFile, match=r"^The first row holds an email address"):
        spooled(a_csv(["Bob", "bob@example.com"], ["Ann", "ann@example.com"]))


@pytest.mark.parametrize(
    ("limit", "value", "sentence"),
    [
        ("MOST_BYTES", 10, "The file is larger than 0 MB. Split it into parts."),
        ("MOST_ROWS", 2, "The file has more than 2 rows. Split it into parts."),
    ],
)
def test_a_file_beyond_the_limits_is_not_read(spooled, monkeypatch, limit, value, sentence):
    monkeypatch.setattr(limits, limit, value)

    with pytest.raises(UnreadableFile) as refused:
        spooled(a_csv(["name"], ["Bob"], ["Ann"], ["Carl"]))

    assert str(refused.value) == sentence
