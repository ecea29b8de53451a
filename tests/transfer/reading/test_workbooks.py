"""Workbooks, and archives that only pretend to be one."""

import zipfile
from datetime import date, datetime

import pytest
import xlsxwriter

from carter.transfer.reading import limits
from carter.transfer.reading.limits import UnreadableFile
from carter.transfer.reading.workbooks import Workbook

A_MOMENT = datetime(2026, 11, 11, 14, 30)  # noqa: DTZ001 - a spreadsheet knows no zone.
SHEET = "xl/worksheets/sheet1.xml"
ROWS = "<worksheet><sheetData>{}</sheetData></worksheet>"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "people.xlsx"


@pytest.fixture
def written(path):
    """A workbook with these rows in its first sheet."""

    def of(*rows, others=()):
        with xlsxwriter.Workbook(path, {"default_date_format": "mm/dd/yyyy"}) as book:
            sheet = book.add_worksheet("People")
            for line, row in enumerate(rows):
                sheet.write_row(line, 0, row)
            for name in others:
                book.add_worksheet(name).write(0, 0, "more")
        return Workbook(path)

    return of


def tampered(path, sheet: str, *, name: str = SHEET) -> None:
    """Put other XML in the place of the first sheet."""
    with zipfile.ZipFile(path) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    parts[name] = sheet.encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)


def refusal(path) -> str:
    with pytest.raises(UnreadableFile) as refused:
        Workbook(path)
    return str(refused.value)


def test_cells_read_as_somebody_would_type_them(written):
    row = ["Bob", 51000000000, 12.5, True, date(2026, 11, 11), A_MOMENT]

    book = written(["name", "id", "cost", "vip", "day", "moment"], row)

    assert [cells for cells, _ in book.rows()][1] == [
        "Bob", "51000000000", "12.5", "yes", "2026-11-11", "2026-11-11 14:30",
    ]  # fmt: skip


def test_sheets_that_are_not_read_are_named(written):
    assert written(["name"], ["Bob"], others=["Old", "Older"]).others == ["Old", "Older"]


def test_rows_keep_their_numbers_when_the_table_starts_further_down(path):
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write_column(3, 2, ["name", "Bob"])

    rows = [cells for cells, _ in Workbook(path).rows()]

    assert [rows[3], rows[4], len(rows)] == [["", "", "name"], ["", "", "Bob"], 5]


def test_a_formula_counts_with_the_result_it_has(path):
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write_formula(0, 0, '="Bob"', None, "Bob")

    book = Workbook(path)

    assert (list(book.rows()), book.scan.formulas) == ([(["Bob"], "")], 1)


@pytest.mark.parametrize(
    "cell",
    ['<c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c>', '<c r="B2"><f>A1</f></c>'],
)
def test_a_formula_without_a_result_is_named(written, path, cell):
    written(["name", "phone"], ["Bob", "303"])
    tampered(path, ROWS.format(f'<row r="2"><c r="A2" t="str"><v>Bob</v></c>{cell}</row>'))

    problems = [problem for _, problem in Workbook(path).rows()]

    assert problems == ["", "Cell B2 holds a formula without a result."]


def test_a_bomb_is_not_opened(written, path, monkeypatch):
    written(["name"], ["Bob"])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/bomb.bin", b"\0" * (20 * 2**20))

    assert refusal(path).startswith("This workbook unpacks to far more")


def test_a_part_that_lies_about_its_size_is_measured(written, path):
    written(["name"], ["Bob"])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/bomb.bin", b"\0" * (20 * 2**20))
    content = path.read_bytes()
    path.write_bytes(
        content.replace((20 * 2**20).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    )

    assert refusal(path).startswith("This workbook unpacks to far more")


def test_many_parts_are_no_table(written, path):
    written(["name"], ["Bob"])
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(limits.MOST_ENTRIES):
            archive.writestr(f"xl/media/{number}", b"")

    assert refusal(path).endswith("parts: it is no table.")


def test_two_far_corners_do_not_take_the_memory_between_them(written, path):
    written(["name"], ["Bob"])
    tampered(
        path, ROWS.format('<row r="1"><c r="A1"/></row><row r="1048576"><c r="IV1048576"/></row>')
    )

    assert refusal(path) == (
        "The sheet reaches down to row 1,048,576: too much for one file. "
        "Split it, or save it as CSV."
    )


def test_too_many_columns_are_counted_before_the_sheet_is_opened(written, path):
    written(["name"], ["Bob"])
    tampered(path, ROWS.format('<row r="1"><c r="XFD1"/></row>'))

    assert refusal(path) == (
        "The sheet has 16,384 columns; Carter reads up to 256. Delete those you do not need."
    )


@pytest.mark.parametrize(
    "sheet", ["<worksheet><sheetData>", '<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>', "no XML"]
)
def test_a_damaged_or_crafted_sheet_is_not_opened(written, path, sheet):
    written(["name"], ["Bob"])
    tampered(path, sheet)

    assert "of this workbook" in refusal(path)


def test_an_archive_that_is_no_workbook_is_refused(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("people.csv", "name\nBob\n")

    assert refusal(path).startswith("This is an archive and no Excel workbook.")


def test_a_workbook_cut_off_in_the_middle_is_damaged(written, path):
    written(["name"], ["Bob"])
    path.write_bytes(path.read_bytes()[:-200])

    assert refusal(path).startswith("This workbook is damaged.")


def test_an_empty_workbook_says_so(path):
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet()

    assert refusal(path) == "The workbook is empty."
