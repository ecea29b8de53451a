"""Cells that no spreadsheet runs, and getting the same text back from them."""

import re

RUNS = "=+\\-@\uff1d\uff0b\uff0d\uff20"
"""What starts a formula in Excel, LibreOffice or Google Sheets, also in its wide Asian form."""

# A spreadsheet that takes semicolons for the delimiter splits a cell in two, and then runs the
# second half. So a formula is held down after every sign that may split, not only at the start.
BEFORE = r"""(?:\A|[;,|\t\r\n])[\s"]{0,20}"""
AT_START = re.compile(rf"\A('+)(?=[{RUNS}\t\r])")
RISKY = re.compile(rf"({BEFORE})('*)(?=[{RUNS}])")
HELD = re.compile(rf"({BEFORE})'('*)(?=[{RUNS}])")
BLANK_FIRST = re.compile(r"'*[\t\r]")
SPACES = re.compile(r"[^\S\n]+")
INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\u2060\ufeff]")
QUOTED_TEXT = re.compile(r'="([^"]*)"')


def held_down(text: str) -> str:
    """The text with an apostrophe wherever a spreadsheet would otherwise start a formula."""
    held = RISKY.sub(r"\1'\2", text)
    return f"'{held}" if BLANK_FIRST.match(held) else held


def let_go(text: str) -> str:
    """What `held_down` was given."""
    if text[:1] == "'" and BLANK_FIRST.match(text):
        text = text[1:]
    return HELD.sub(r"\1\2", text)


def plain(text: str) -> str:
    """A cell of anybody's file as it was meant: trimmed, without signs that cannot be seen.

    ="00142" is how Excel is told to keep zeros; an apostrophe in front keeps it from running.
    """
    text = text.strip()
    if not text or (text.isalnum() and text.isascii()):
        return text
    if not text.isprintable():
        text = INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
        text = SPACES.sub(" ", text).strip()
    if text[:1] in "='":
        quoted = QUOTED_TEXT.fullmatch(text)
        return quoted[1] if quoted else AT_START.sub(lambda found: found[1][1:], text)
    return text
