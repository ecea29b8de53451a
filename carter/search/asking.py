"""In which ways a question is asked of each kind of rows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from carter.search.question import InOne, Reading, Span

MOST_READINGS = 40
"""Of many nicknames: SQLite takes no more than five hundred queries in one."""


class Way(Enum):
    """How the words of a reading stand in a row."""

    APART = "apart"
    TOGETHER = "two words in one"
    IN_TURN = "two words in one, by their first letters"


@dataclass(frozen=True, slots=True)
class Asked:
    """A reading that is asked for of a kind of rows, by its letter."""

    letter: str
    reading: Reading
    way: Way


def ranks(span: Span, way: Way) -> tuple[int, int]:
    """Of rows with the word of a span itself, and with longer ones; by first letters comes last."""
    exact, longer, in_turn = (3 * span.grade + place for place in range(3))
    if way == Way.IN_TURN:
        return in_turn, in_turn
    return exact, exact if span.among else longer


def exact(letter: str, span: Span) -> tuple[str, Span]:
    """The part of a span that is its word itself."""
    return letter, Span(among=span.among or (span.word,))


def in_one(letter: str, ways: InOne, *grades: int) -> Iterator[Asked]:
    """The readings with two words in one, as far as a kind of rows can have them."""
    yield from asked_of(letter, Way.TOGETHER, ways.together[:MOST_READINGS], *grades)
    yield from asked_of(letter, Way.IN_TURN, ways.in_turn[:MOST_READINGS], *grades)


def asked_of(letter: str, way: Way, readings: Iterable[Reading], *grades: int) -> Iterator[Asked]:
    """The readings that one kind of rows can have, with only the spans of these grades."""
    for reading in readings:
        tokens = tuple(
            tuple(
                span
                for span in token
                if span.grade in grades and (not span.letters or letter in span.letters)
            )
            for token in reading
        )
        if all(tokens):
            yield Asked(letter, tokens, way)
