"""Who a row names: the person, household or company, and how to reach them."""

import re
from collections.abc import Callable, Iterator

from carter.customers.emails import email_key
from carter.customers.models import Customer, Email, Phone
from carter.customers.names import fold, person_name
from carter.customers.phones import phone_key
from carter.transfer.understanding.cells import Cells
from carter.transfer.understanding.fields import Field
from carter.transfer.understanding.said import RowRefused
from carter.transfer.understanding.values import PHONE_LABELS

F = Field

MAYBE_HOUSEHOLD = re.compile(r"[&+/]| and |\b(?:family|household|residence)\b", re.IGNORECASE)
BETWEEN_PHONES = re.compile(r"\s*(?:[;,|&\n]|\s/\s|\bor\b|\band\b)\s*", re.IGNORECASE)
BETWEEN_EMAILS = re.compile(r"[\s;,|]+")
ROUNDED = re.compile(r"\d(?:[.,]\d+)?E\+\d+", re.IGNORECASE)
NOTHING = frozenset({"-", "--", "—", "n/a", "na", "none", "null", "nil", "."})
PHONE_FIELDS = (
    (F.PHONE, Phone.Label.MOBILE),
    (F.MOBILE, Phone.Label.MOBILE),
    (F.HOME_PHONE, Phone.Label.HOME),
    (F.WORK_PHONE, Phone.Label.WORK),
    (F.FAX, Phone.Label.FAX),
)
LONGEST_NAME = 300

Labelled = tuple[tuple[str, str], ...]


def person_in(cells: Cells) -> tuple[str, str]:
    """The person's name as typed, and a full name that says something else, if there is one."""
    apart = " ".join(filter(None, (cells[F.FIRST_NAME], cells[F.LAST_NAME])))
    whole = cells[F.NAME]
    name = whole or apart
    if len(name) > LONGEST_NAME:
        raise RowRefused(f"The name has {len(name)} characters; {LONGEST_NAME} is the most.")
    differs = bool(whole and apart) and set(fold(whole).split()) != set(fold(apart).split())
    return name, apart if differs else ""


def kind_of_person(name: str) -> str:
    """A household when two people or a family are named, else a person."""
    if MAYBE_HOUSEHOLD.search(name) and person_name(name).household:
        return Customer.Kind.HOUSEHOLD
    return Customer.Kind.PERSON


def phones_in(cells: Cells, country: str, odd: list[str]) -> Labelled:
    """Every phone of the row with its label; a second number in one cell is a second phone.

    What is no number at all, such as “call the office”, goes to `odd` as a line for the notes.
    """
    found: dict[str, tuple[str, str]] = {}
    said = PHONE_LABELS.get(fold(cells[F.PHONE_TYPE]))
    for field, label in PHONE_FIELDS:
        for column, text in cells.named(field):
            refuse_rounded(column, text)
            if not any(map(str.isdigit, text)):
                odd.extend(_odd(column, text))
                continue
            for piece in _pieces(text, BETWEEN_PHONES, lambda one: phone_key(one, country)):
                key = phone_key(piece, country) or piece
                found.setdefault(key, (piece, said or label if field == F.PHONE else label))
    return tuple(found.values())


def emails_in(cells: Cells, label: str, odd: list[str]) -> Labelled:
    """Every email of the row with its label; what is none goes to `odd`."""
    found: dict[str, tuple[str, str]] = {}
    for field, its_label in ((F.EMAIL, label), (F.WORK_EMAIL, Email.Label.WORK)):
        for column, text in cells.named(field):
            if "@" not in text:
                odd.extend(_odd(column, text))
                continue
            for piece in _pieces(text, BETWEEN_EMAILS, email_key):
                found.setdefault(email_key(piece) or piece, (piece, its_label))
    return tuple(found.values())


def refuse_rounded(column: str, text: str) -> None:
    """A spreadsheet that shows 5.1E+10 has thrown digits away."""
    if ROUNDED.fullmatch(text):
        raise RowRefused(
            f"“{column}” holds {text}: a spreadsheet has rounded the number. "
            "Make the column a text column and export again."
        )


def _pieces(text: str, between: re.Pattern[str], key: Callable[[str], str]) -> list[str]:
    """The values of a cell when it holds several, each usable on its own; else the cell."""
    pieces = [piece for piece in between.split(text) if piece]
    return pieces if len(pieces) > 1 and all(map(key, pieces)) else [text]


def _odd(column: str, text: str) -> Iterator[str]:
    """A cell that holds something else than its column is for, unless it only says “none”."""
    if text.casefold() not in NOTHING:
        yield f"{column}: {text}"
