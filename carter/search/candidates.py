"""Which rows have all that was typed.

A start is rare or common. Of a rare one all words are read and sorted. Of a common one the words
are walked by row, newest first, until there are enough: it is common, so they come soon. Of
several things typed the rarest leads, and each of its rows is asked whether it has the others.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import chain

from carter.companies.models import Company
from carter.search.conditions import (
    TABLE,
    Sql,
    also,
    counted,
    fetched,
    joined,
    words_in,
    words_walked,
)
from carter.search.reading import (
    BY_NICKNAME,
    BY_PLACE,
    LITERAL,
    InOne,
    Question,
    Reading,
    Span,
    Token,
)
from carter.search.subjects import STORAGE_JOB

COMMON = 800
COMMON_AMONG_SEVERAL = 4_000
"""From so many words on a start is common. Few rows have several, so walks for them are long."""
RARE = 800
"""So many rows are asked one by one for more when something was found already."""
PLENTY = 4
"""A row may have several words of a span: with so many times more words its rows are enough."""
MOST_READINGS = 40
"""Of many nicknames: SQLite takes no more than five hundred queries in one."""
SPARE = 3
"""How many more rows are read than are enough: two may lead to the same customer."""


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


class Candidates:
    """The keys of rows of a company that answer a question, by the letter of their kind.

    First what was typed is taken literally, two neighbouring words in one: each of them may be
    common. Then, for the kinds of which that did not give `enough`, by nickname, and where it gave
    nothing in every way, also as an address: "smith denver" is one, "bob smith" hardly. Two queries
    or four, seldom one or two more.
    """

    def __init__(self, company: Company, question: Question, letters: str, enough: int) -> None:
        self.company = company
        self.question = question
        self.enough = enough
        self.ranks: dict[str, dict[int, int]] = {letter: {} for letter in letters}
        self.sizes: dict[tuple[str, Span], int] = {}
        self.searched: set[Asked] = set()

    def best_first(self) -> dict[str, list[int]]:
        for ways in (self._literally, self._otherwise):
            self._search([asked for letter in self.ranks for asked in ways(letter)])
        return {
            letter: sorted(ranks, key=lambda key: (ranks[key], -key))
            for letter, ranks in self.ranks.items()
        }

    def _literally(self, letter: str) -> Iterator[Asked]:
        """As typed, two words in one."""
        if not self.question.as_typed.together:
            yield from _asked(letter, Way.APART, [self.question.tokens], LITERAL)
        yield from _in_one(letter, self.question.as_typed, LITERAL)

    def _otherwise(self, letter: str) -> Iterator[Asked]:
        """In other ways, where something is wanting."""
        found = len(self.ranks[letter])
        if found < self.enough:
            yield from _in_one(letter, self.question.as_typed, LITERAL)
            yield from _in_one(letter, self.question.nicknamed, LITERAL, BY_NICKNAME)
            grades = self._further_grades(letter, found)
            yield from _asked(letter, Way.APART, [self.question.tokens], *grades)

    def _further_grades(self, letter: str, found: int) -> tuple[int, ...]:
        """How words may be meant each by itself, when so many rows were found.

        The words of a storage job's locations are not paired with its names.
        """
        if not found:
            return LITERAL, BY_NICKNAME, BY_PLACE
        if len(self.question.tokens) == 1:
            return BY_NICKNAME, BY_PLACE
        is_all_paired = self.question.are_paired and letter != STORAGE_JOB.letter
        return () if is_all_paired else (LITERAL, BY_NICKNAME)

    def _search(self, asked: list[Asked]) -> None:
        """Add the rows that have all tokens of one of the readings. Two queries, seldom three."""
        new = [each for each in asked if each not in self.searched]
        self._measure(new)
        needed = self._without_needless(new)
        self._measure((each for each in needed if self._is_common(each)), waiting=True)
        self.searched.update(needed)
        arms = list(self._arms(needed))
        for letter, rank, key in fetched(joined("UNION ALL", arms)) if arms else ():
            ranks = self.ranks[letter]
            ranks[key] = min(rank, ranks.get(key, rank))

    def _measure(self, asked: Iterable[Asked], *, waiting: bool = False) -> None:
        """Count the words of each span, up to where they are common. One query, if any is new."""
        spans: Iterable[tuple[str, Span]] = (
            (each.letter, span)
            for each in asked
            for token in each.reading
            for span in token
            if waiting or not span.may_wait
        )
        if len(self.question.tokens) == 1:
            spans = chain.from_iterable((pair, _exact(*pair)) for pair in spans)
        if new := [pair for pair in dict.fromkeys(spans) if pair not in self.sizes]:
            self.sizes |= zip(new, counted(self.company, new, self._common), strict=True)

    def _without_needless(self, asked: list[Asked]) -> list[Asked]:
        """Without what stands in turn, where what stands together is plenty."""
        words: Counter[str] = Counter()
        for each in asked:
            if each.way == Way.TOGETHER and len(each.reading) == 1:
                words[each.letter] += sum(self._sizes(each))
        return [
            each
            for each in asked
            if each.way != Way.IN_TURN or words[each.letter] < PLENTY * self.enough
        ]

    @property
    def _common(self) -> int:
        return COMMON if len(self.question.tokens) == 1 else COMMON_AMONG_SEVERAL

    def _size(self, letter: str, span: Span) -> int:
        """How many words it has; of one that was not worth counting, as many as can be."""
        return self.sizes.get((letter, span), self._common)

    def _is_common(self, asked: Asked) -> bool:
        return min(self._sizes(asked)) >= RARE

    def _sizes(self, asked: Asked) -> list[int]:
        return [sum(self._size(asked.letter, span) for span in token) for token in asked.reading]

    def _arms(self, asked: list[Asked]) -> Iterator[Sql]:
        """The queries that list the rows, each for all kinds of which the same token is rarest."""
        led: dict[tuple[Way, Reading, int], list[str]] = {}
        for each in filter(self._is_worth_it, asked):
            sizes = self._sizes(each)
            key = (each.way, each.reading, sizes.index(min(sizes)))
            led.setdefault(key, []).append(each.letter)
        for (way, reading, leader), letters in led.items():
            others = [self._held(letters, token) for token in reading]
            token = others.pop(leader)
            needed = {letter: self._needed(letter, token, among=others) for letter in letters}
            for span in token:
                wanted = [letter for letter in letters if span in needed[letter]]
                yield from self._led_by(span, _ranks(span, way), wanted, also(self.company, others))

    def _is_worth_it(self, asked: Asked) -> bool:
        """Not when of several words apart none is rare, and something was found already."""
        sizes = self._sizes(asked)
        may_be_common = asked.way != Way.APART or len(sizes) == 1 or not self.ranks[asked.letter]
        return all(sizes) and (may_be_common or min(sizes) < RARE)

    def _held(self, letters: list[str], token: Token) -> Token:
        return tuple(span for span in token if any(self._size(letter, span) for letter in letters))

    def _needed(self, letter: str, token: Token, *, among: list[Token]) -> list[Span]:
        """The spans to be led by: of one thing, until there are words enough to fill the list."""
        words, needed = 0, []
        for span in sorted(token, key=lambda span: span.grade):
            if among or span.grade == LITERAL or words < PLENTY * self.enough:
                needed.append(span)
            words += self._size(letter, span)
        return needed

    def _led_by(
        self, span: Span, ranks: tuple[int, int], letters: list[str], others: Sql
    ) -> Iterator[Sql]:
        common = [letter for letter in letters if self._size(letter, span) >= self._common]
        rare = [letter for letter in letters if letter not in common and self._size(letter, span)]
        if rare:
            yield self._best(span, ranks, rare, others)
        for letter in common:
            yield from self._walked(span, ranks, letter, others)

    def _best(self, span: Span, ranks: tuple[int, int], letters: list[str], others: Sql) -> Sql:
        """All words of a rare span, the best rows of each kind."""
        word, (exact, longer) = span.word or span.among[0], ranks
        words = words_in(self.company, letters, span) + others
        return Sql(
            BEST.format(exact=exact, longer=longer, most=self.enough + SPARE, words=words.text),
            [word, *words.values],
        )

    def _walked(
        self, span: Span, ranks: tuple[int, int], letter: str, others: Sql
    ) -> Iterator[Sql]:
        """The newest rows of a kind that have a word of a common span.

        Where the word itself is plenty, no longer ones are looked for: they may be few, and far.
        """
        exact, longer = ranks
        is_plenty = self.sizes.get(_exact(letter, span), 0) >= PLENTY * self.enough
        if span.among or not others.text:
            equal = words_in(self.company, [letter], Span(among=span.among or (span.word,)))
            yield self._newest(letter, exact, equal + others)
        if not span.among and (others.text or not is_plenty):
            walked = words_walked(self.company, letter, span) + others
            yield self._newest(letter, longer, walked)

    def _newest(self, letter: str, rank: int, words: Sql) -> Sql:
        select = f"SELECT '{letter}', {rank}, a.* FROM (SELECT DISTINCT w.subject_id"
        end = f"ORDER BY w.subject_id DESC LIMIT {self.enough + SPARE}) a"
        return Sql(f"{select} FROM {TABLE} w WHERE") + words + Sql(end)


BEST = f"""
    SELECT subject, grade, subject_id FROM (
        SELECT g.*, ROW_NUMBER() OVER (
            PARTITION BY subject ORDER BY grade, subject_id DESC
        ) AS place
        FROM (
            SELECT w.subject, w.subject_id,
                MIN(CASE WHEN w.word = %s THEN {{exact}} ELSE {{longer}} END) AS grade
            FROM {TABLE} w WHERE {{words}} GROUP BY w.subject, w.subject_id
        ) g
    ) a WHERE place <= {{most}}
"""


def _ranks(span: Span, way: Way) -> tuple[int, int]:
    """Of rows with the word of a span itself, and with longer ones; by first letters comes last."""
    exact, longer, in_turn = (3 * span.grade + place for place in range(3))
    if way == Way.IN_TURN:
        return in_turn, in_turn
    return exact, exact if span.among else longer


def _exact(letter: str, span: Span) -> tuple[str, Span]:
    """The part of a span that is its word itself."""
    return letter, Span(among=span.among or (span.word,))


def _in_one(letter: str, ways: InOne, *grades: int) -> Iterator[Asked]:
    yield from _asked(letter, Way.TOGETHER, ways.together[:MOST_READINGS], *grades)
    yield from _asked(letter, Way.IN_TURN, ways.in_turn[:MOST_READINGS], *grades)


def _asked(letter: str, way: Way, readings: Iterable[Reading], *grades: int) -> Iterator[Asked]:
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
