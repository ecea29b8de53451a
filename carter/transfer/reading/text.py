"""Reading CSV as people's programs write it: any usual encoding, delimiter and line ending."""

import codecs
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from mmap import ACCESS_READ, mmap
from pathlib import Path
from statistics import median

from carter.transfer.reading.limits import MEGABYTE, UnreadableFile

# One cell may be as long as this before the file as a whole counts as broken. The csv module
# keeps one limit for the process; its own would end the reading at a cell of 131,072 characters.
csv.field_size_limit(32 * MEGABYTE)

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
OTHER_FORMATS = (
    (b"%PDF", "a PDF"),
    (b"\xd0\xcf\x11\xe0", "an old Excel file (.xls) or one with a password"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a compressed archive"),
    (b"Rar!", "a compressed archive"),
    (b"7z\xbc\xaf", "a compressed archive"),
    (b"{\\rtf", "a text document"),
    (b"SQLite format 3", "a database"),
)
MARKUP = re.compile(rb"\s*<(?:!doctype|html|\?xml|table|svg)", re.IGNORECASE)
DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
UTF8_LETTER = re.compile(rb"[\xc2-\xc5][\x80-\xbf]")
"""É and the like as UTF-8; in Windows-1252 the same bytes would read “Ã‰”, which no one writes."""
SEPARATOR_HINT = re.compile(r'"?sep=(.)"?\r?\n?', re.IGNORECASE)
PEEK = 256 * 1024
UNCLOSED = "A quotation mark opens in this row and is never closed."


@dataclass(frozen=True)
class TextForm:
    """How a text file is written."""

    encoding: str
    delimiter: str

    @property
    def words(self) -> str:
        """For the screen: "CSV with commas, UTF-8"."""
        names = {"utf-8-sig": "UTF-8", "cp1252": "Windows-1252"}
        encoding = names.get(self.encoding, self.encoding.upper())
        return f"CSV with {DELIMITERS.get(self.delimiter, repr(self.delimiter))}, {encoding}"


def form_of(path: Path) -> TextForm:
    """Encoding and delimiter of the file. Raises UnreadableFile when it is no text."""
    with path.open("rb") as file:
        head = file.read(4096)
    _refuse_other_formats(head)
    encoding = _encoding(path, head)
    with path.open(encoding=encoding, newline="") as file:
        return TextForm(encoding, _delimiter(file.read(PEEK)))


def text_rows(path: Path, form: TextForm) -> Iterator[tuple[list[str], str]]:
    """Each record's cells, with the problem it has, if any. A blank line is an empty record."""
    with path.open(encoding=form.encoding, newline="") as file:
        lines = _Lines(file)
        reader = csv.reader(lines, delimiter=form.delimiter)
        try:
            for position, cells in enumerate(reader):
                if position == 0 and len(cells) <= 2 and SEPARATOR_HINT.match(lines.first):
                    yield [], ""
                    continue
                yield cells, UNCLOSED if lines.ended_early else ""
        except csv.Error as trouble:
            raise UnreadableFile(
                f"From line {reader.line_num} on the file is no table ({trouble}). "
                "A quotation mark without its partner is the usual cause."
            ) from trouble


class _Lines:
    """The lines of a file; knows whether the last record was cut off by the end of the file."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self.first = ""
        self.ended_early = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        try:
            line = next(self._lines)
        except StopIteration:
            # The reader asks past the end only to finish a record that is still open.
            self.ended_early = True
            raise
        self.first = self.first or line
        return line


def _refuse_other_formats(head: bytes) -> None:
    if not head.strip():
        raise UnreadableFile("The file is empty.")
    for magic, what in OTHER_FORMATS:
        if head.startswith(magic):
            raise UnreadableFile(f"This is {what}, not a table. Save it as CSV or XLSX first.")
    if MARKUP.match(head):
        raise UnreadableFile(
            "This is a web page or XML, not a table, whatever its name ends in. "
            "Open it in your spreadsheet and save it as CSV or XLSX."
        )


def _encoding(path: Path, head: bytes) -> str:
    for mark, encoding in BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return _checked(path, encoding)
    if b"\0" in head:
        return _checked(path, _wide_encoding(head))
    if _first_undecodable(path, "utf-8") is None:
        return "utf-8"
    _refuse_mixture(path)
    return _checked(path, "cp1252")


def _wide_encoding(head: bytes) -> str:
    """UTF-16 that lacks its mark shows a zero beside nearly every letter."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) < len(head) * 0.3 or min(even, odd) > len(head) * 0.02:
        raise UnreadableFile(
            "This is not a table but a program's own file. Save it as CSV or XLSX."
        )
    return "utf-16-le" if odd > even else "utf-16-be"


def _checked(path: Path, encoding: str) -> str:
    """The encoding, when the whole file can be read in it and holds text."""
    if _first_undecodable(path, encoding) is not None:
        raise UnreadableFile(
            "Some letters of this file cannot be read: it is neither UTF-8 nor Windows-1252. "
            "Save it as “CSV UTF-8” and choose it again."
        )
    return encoding


def _first_undecodable(path: Path, encoding: str) -> int | None:
    """Where the file stops making sense in the encoding, in bytes; None when it never does."""
    decoder = codecs.getincrementaldecoder(encoding)()
    done = 0
    with path.open("rb") as file:
        while True:
            piece = file.read(MEGABYTE)
            try:
                text = decoder.decode(piece, final=not piece)
            except UnicodeDecodeError as trouble:
                return done + trouble.start
            if "\0" in text:
                raise UnreadableFile("This is not a table: it holds bytes that no text has.")
            if not piece:
                return None
            done += len(piece)


def _refuse_mixture(path: Path) -> None:
    """A file that is UTF-8 in one place and not in another would be misread in any encoding."""
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as content:
        found = UTF8_LETTER.search(content)
        line = content[: found.start()].count(b"\n") + 1 if found else 0
    if found:
        raise UnreadableFile(
            f"Line {line} is written in UTF-8 and other lines are not. "
            "Save the file as “CSV UTF-8” and choose it again."
        )


def _delimiter(sample: str) -> str:
    """What separates the cells: what makes the most columns in most of the first rows."""
    hint = SEPARATOR_HINT.match(sample)
    if hint:
        return hint[1]
    widths = {delimiter: _usual_width(sample, delimiter) for delimiter in DELIMITERS}
    return max(DELIMITERS, key=lambda delimiter: widths[delimiter])


def _usual_width(sample: str, delimiter: str) -> float:
    rows = csv.reader(sample.splitlines(keepends=True)[:200], delimiter=delimiter)
    try:
        widths = [len(cells) for cells in rows if any(cells)]
    except csv.Error:
        return 0
    return median(widths[:50]) if widths else 0
