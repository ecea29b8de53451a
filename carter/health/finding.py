"""What an examination of an installation finds."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How a thing stands; only `BROKEN` makes an installation unhealthy."""

    FINE = "ok"
    NOTE = "note"
    BROKEN = "FIX"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at, in one line: how it stands and, if need be, what to do."""

    subject: str
    verdict: Verdict
    words: str

    def __str__(self) -> str:
        return f"{self.verdict:<5} {self.subject:<15} {self.words}"


Examination = Callable[[], Finding]


def fine(subject: str, words: str) -> Finding:
    return Finding(subject, Verdict.FINE, words)


def note(subject: str, words: str) -> Finding:
    return Finding(subject, Verdict.NOTE, words)


def broken(subject: str, words: str) -> Finding:
    return Finding(subject, Verdict.BROKEN, words)
