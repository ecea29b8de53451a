"""CSV files as people's programs write them, and what only looks like one."""

import pytest

from carter.transfer.reading.limits import UnreadableFile
from carter.transfer.reading.text import UNCLOSED, form_of, text_rows


@pytest.fixture
def read(tmp_path):
    """Form and rows of a file with this content."""

    def of(content: bytes):
        path = tmp_path / "people.csv"
        path.write_bytes(content)
        form = form_of(path)
        return form, list(text_rows(path, form))

    return of


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("utf-8", "CSV with commas, UTF-8"),
        ("utf-8-sig", "CSV with commas, UTF-8"),
        ("cp1252", "CSV with commas, Windows-1252"),
        ("utf-16", "CSV with commas, UTF-16"),
        ("utf-16-le", "CSV with commas, UTF-16-LE"),
        ("utf-16-be", "CSV with commas, UTF-16-BE"),
        ("utf-32", "CSV with commas, UTF-32"),
    ],
)
def test_any_usual_encoding_is_read(read, encoding, words):
    form, rows = read("name,city\nJosé Müller,Zürich\nZoë O’Neil,Orléans\n".encode(encoding))

    assert form.words == words
    assert rows == [
        (["name", "city"], ""),
        (["José Müller", "Zürich"], ""),
        (["Zoë O’Neil", "Orléans"], ""),
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_any_usual_delimiter_and_line_ending_is_read(read, delimiter, ending):
    lines = [["name", "note"], ["Bob", "a, b; c"], ["Ann", ""]]
    text = ending.join(delimiter.join(f'"{cell}"' for cell in line) for line in lines)

    _, rows = read(text.encode())

    assert [cells for cells, _ in rows] == lines


def test_excels_hint_of_the_delimiter_is_no_row_of_its_own(read):
    form, rows = read(b"sep=;\r\nname;phone\r\nBob;3035550142\r\n")

    assert form.delimiter == ";"
    assert [cells for cells, _ in rows] == [[], ["name", "phone"], ["Bob", "3035550142"]]


def test_a_cell_may_have_several_lines(read):
    _, rows = read(b'name,note\r\nBob,"call first\nno early mornings"\r\nAnn,\r\n')

    assert rows[1:] == [(["Bob", "call first\nno early mornings"], ""), (["Ann", ""], "")]


def test_a_quotation_mark_without_partner_is_noticed(read):
    _, rows = read(b'name,note\nBob,"call first\nAnn,\nCarl,\n')

    assert rows[1:] == [(["Bob", "call first\nAnn,\nCarl,\n"], UNCLOSED)]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"  \n\n", "The file is empty."),
        (b"%PDF-1.7 ...", "This is a PDF, not a table. Save it as CSV or XLSX first."),
        (
            b"\x89PNG\r\n\x1a\n\0\0",
            "This is a picture, not a table. Save it as CSV or XLSX first.",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            (
                "This is an old Excel file (.xls) or one with a password, not a table. "
                "Save it as CSV or XLSX first."
            ),
        ),
        (
            b"<html><table><tr><td>Bob",
            (
                "This is a web page or XML, not a table, whatever its name ends in. "
                "Open it in your spreadsheet and save it as CSV or XLSX."
            ),
        ),
        (
            b"\x7fELF\0\0\0\1\2\3abc,def",
            "This is not a table but a program's own file. Save it as CSV or XLSX.",
        ),
        (
            b"name,city\nBob,\x81\x8d\n",
            (
                "Some letters of this file cannot be read: it is neither UTF-8 nor Windows-1252. "
                "Save it as “CSV UTF-8” and choose it again."
            ),
        ),
    ],
)
def test_what_is_no_table_gets_a_sentence(read, content, sentence):
    with pytest.raises(UnreadableFile) as refused:
        read(content)

    assert str(refused.value) == sentence


def test_two_encodings_in_one_file_are_refused_rather_than_guessed(read):
    content = "name\nJosé\n".encode() + "Müller\n".encode("cp1252")

    with pytest.raises(
        UnreadableFile, match=r"^Line 2 is written in UTF-8 and other lines are not"
    ):
        read(content)


def test_zeros_deep_in_a_file_are_noticed(read):
    with pytest.raises(UnreadableFile, match="holds bytes that no text has"):
        read(b"name,city\n" + b"Bob,Reno\n" * 1000 + b"\0\n")


def test_a_cell_without_end_stops_the_reading(read):
    with pytest.raises(UnreadableFile, match=r"^From line 2 on the file is no table"):
        read(b'name,note\nBob,"' + b"x" * (33 * 2**20) + b'"\n')
