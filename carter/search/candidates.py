"""Which rows have all that was typed.

A start is rare or common. Of a rare one all words are read and sorted. Of a common one the words
are walked by row, newest first, until there are enough: it is common, so they come soon. Of
several things typed the rarest leads, and each of its rows is asked whether it has the others.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from carter.companies.models import Company
from carter.search.conditions import TABLE, Sql, also, fetched, joined, words_in, words_walked
from carter.search.reading import BY_NICKNAME, BY_PLACE, LITERAL, Question, Span, Token

COMMON = 800
COMMON_AMONG_SEVERAL = 4_000
"""From so many words on a start is common. Few rows have several, so walks for them are long."""
RARE = 800
"""So many rows are asked one by one for more when something was found already."""
PLENTY = 4
"""A row may have several words of a span: with so many times more words its rows are enough."""
SPARE = 3
"""How many more rows are read than are enough: two may lead to the same customer."""

Asked = tuple[str, list[Token]]
"""A kind of rows by its letter, and the tokens its rows must have."""


class Candidates:
    """The keys of rows of a company that answer a question, by the letter of their kind.

    Names, numbers, phones and emails are searched first, nicknames for the kinds of which that
    did not give `enough`. Two neighbouring words are asked for in one as long as that gives
    enough: each of them may be common. Addresses of several words are searched where nothing else
    was found: "smith denver" is one, "bob smith" hardly. At most eight queries.
    """

    def __init__(self, company: Company, question: Question, letters: str, enough: int) -> None:
        self.company = company
        self.question = question
        self.enough = enough
        self.ranks: dict[str, dict[int, int]] = {letter: {} for letter in letters}
        self.sizes: dict[tuple[str, Span], int] = {}

    def best_first(self) -> dict[str, list[int]]:
        if self.question.together:
            self._search_in_one()
        else:
            self._search(self._asked(self.ranks, self._literally))
        further = self._asked(self._short(), self._further_readings)
        self._search(further, soon=self._asked(self._empty(), self._every_reading))
        self._search(self._asked(self._empty(), self._every_reading))
        return {
            letter: sorted(ranks, key=lambda key: (ranks[key], -key))
            for letter, ranks in self.ranks.items()
        }

    def _search_in_one(self) -> None:
        """Two words in one, the most exact way first, for the kinds that have not enough yet."""
        ways = (self.question.together, self.question.in_turn, self.question.nicknamed)
        first, *later = (partial(_all_graded, way) for way in ways)
        soon = [each for way in later for each in self._asked(self.ranks, way)]
        self._search(self._asked(self.ranks, first), soon=soon, in_one=True)
        for way in later:
            self._search(self._asked(self._short(), way), in_one=True)

    def _literally(self, letter: str) -> Iterator[list[Token]]:
        yield _graded(self.question.tokens, letter, LITERAL)

    def _further_readings(self, letter: str) -> Iterator[list[Token]]:
        """By nickname; a single word also as an address, two words of a name also apart."""
        single = len(self.question.tokens) == 1
        grades = (BY_NICKNAME, BY_PLACE) if single else (LITERAL, BY_NICKNAME)
        yield _graded(self.question.tokens, letter, *grades)

    def _every_reading(self, letter: str) -> Iterator[list[Token]]:
        """Every way in which several words may be meant."""
        if len(self.question.tokens) > 1:
            yield _graded(self.question.tokens, letter, LITERAL, BY_NICKNAME, BY_PLACE)

    def _empty(self) -> list[str]:
        return [letter for letter, ranks in self.ranks.items() if not ranks]

    def _short(self) -> list[str]:
        return [letter for letter, ranks in self.ranks.items() if len(ranks) < self.enough]

    def _asked(
        self, letters: Iterable[str], readings: Callable[[str], Iterator[list[Token]]]
    ) -> list[Asked]:
        return [
            (letter, tokens) for letter in letters for tokens in readings(letter) if all(tokens)
        ]

    def _search(
        self, asked: list[Asked], *, soon: Sequence[Asked] = (), in_one: bool = False
    ) -> None:
        """Add the rows that have all tokens in one of the readings of their kind. Two queries.

        What is asked `soon` is measured along, so that it takes one query then, unless it may wait.
        Two words that are asked for `in_one` are not too common to ask, whatever was found.
        """
        soon_spans = (pair for pair in _spans(soon) if not pair[1].may_wait)
        self._measure([*_spans(asked), *soon_spans])
        arms = [arm for letter, tokens in asked for arm in self._arms(letter, tokens, in_one)]
        for letter, rank, key in fetched(joined("UNION ALL", arms)) if arms else ():
            ranks = self.ranks[letter]
            ranks[key] = min(rank, ranks.get(key, rank))

    def _measure(self, spans: Iterable[tuple[str, Span]]) -> None:
        """Count the words of each span, up to where they are common. One query."""
        if new := [pair for pair in dict.fromkeys(spans) if pair not in self.sizes]:
            counts = [self._counted(letter, span) for letter, span in new]
            (sizes,) = fetched(Sql("SELECT") + joined(",", counts))
            self.sizes |= zip(new, sizes, strict=True)

    def _counted(self, letter: str, span: Span) -> Sql:
        words = words_in(self.company, letter, span)
        text = f"SELECT 1 FROM {TABLE} w WHERE {words.text} LIMIT {self._common}"
        return Sql(f"(SELECT COUNT(*) FROM ({text}) c)", words.values)

    @property
    def _common(self) -> int:
        return COMMON if len(self.question.tokens) == 1 else COMMON_AMONG_SEVERAL

    def _arms(self, letter: str, tokens: list[Token], in_one: bool) -> Iterator[Sql]:
        """The queries that list the rows: one or two for each span of the rarest token.

        None when none of several is rare and something was found already, but for two `in_one`.
        """
        held = [tuple(span for span in token if self._size(letter, span)) for token in tokens]
        sizes = [sum(self._size(letter, span) for span in token) for token in held]
        is_worth_it = in_one or len(sizes) == 1 or not self.ranks[letter]
        if all(sizes) and (is_worth_it or min(sizes) < RARE):
            leader = sizes.index(min(sizes))
            others = also(self.company, letter, [*held[:leader], *held[leader + 1 :]])
            for span in held[leader] if others.text else self._needed(letter, held[leader]):
                yield from self._led_by(letter, span, others)

    def _needed(self, letter: str, spans: Token) -> Iterator[Span]:
        """Best first, until there are words enough to fill the list several times."""
        words = 0
        for span in sorted(spans, key=lambda span: span.grade):
            if span.grade == LITERAL or words < PLENTY * self.enough:
                yield span
            words += self.sizes.get((letter, span), 0)

    def _size(self, letter: str, span: Span) -> int:
        return self.sizes[letter, span]

    def _led_by(self, letter: str, span: Span, others: Sql) -> Iterator[Sql]:
        words = words_in(self.company, letter, span) + others
        exact, longer = 2 * span.grade, 2 * span.grade + 1
        if span.among:
            yield self._newest(letter, exact, words)
        elif self._size(letter, span) < self._common:
            yield self._best(letter, span.word, (exact, longer), words)
        else:
            if not others.text:
                equal = words_in(self.company, letter, Span(among=(span.word,)))
                yield self._newest(letter, exact, equal)
            walked = words_walked(self.company, letter, span) + others
            yield self._newest(letter, longer, walked)

    def _newest(self, letter: str, rank: int, words: Sql) -> Sql:
        select = f"SELECT '{letter}', {rank}, a.* FROM (SELECT DISTINCT w.subject_id"
        end = f"ORDER BY w.subject_id DESC LIMIT {self.enough + SPARE}) a"
        return Sql(f"{select} FROM {TABLE} w WHERE") + words + Sql(end)

    def _best(self, letter: str, word: str, ranks: tuple[int, int], words: Sql) -> Sql:
        exact, longer = ranks
        rank = f"MIN(CASE WHEN w.word = %s THEN {exact} ELSE {longer} END)"
        select = f"SELECT '{letter}', a.* FROM (SELECT {rank}, w.subject_id FROM {TABLE} w WHERE"
        end = f"GROUP BY 2 ORDER BY 1, 2 DESC LIMIT {self.enough + SPARE}) a"
        return Sql(select, [word]) + words + Sql(end)


def _spans(asked: Iterable[Asked]) -> Iterator[tuple[str, Span]]:
    """Each span with the letter of the kind it is asked of."""
    return ((letter, span) for letter, tokens in asked for token in tokens for span in token)


def _all_graded(readings: list[list[Token]], letter: str) -> Iterator[list[Token]]:
    for tokens in readings:
        yield _graded(tokens, letter, LITERAL, BY_NICKNAME)


def _graded(tokens: list[Token], letter: str, *grades: int) -> list[Token]:
    """The tokens with only the spans of these grades that one kind of rows can have."""
    return [
        tuple(
            span
            for span in token
            if span.grade in grades and (not span.letters or letter in span.letters)
        )
        for token in tokens
    ]
