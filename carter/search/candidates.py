"""Which rows have all that was typed.

A start is rare or common. Of a rare one all words are read and sorted. Of a common one the words
are walked by row, newest first, until there are enough: it is common, so they come soon. Of
several things typed the rarest leads, and each of its rows is asked whether it has the others.
"""

from collections.abc import Iterator, Sequence

from carter.companies.models import Company
from carter.search.conditions import TABLE, Sql, also, fetched, joined, words_in
from carter.search.reading import BY_NICKNAME, BY_PLACE, LITERAL, Span, Token
from carter.search.words import start_of

COMMON = 800
COMMON_AMONG_SEVERAL = 1_500
"""From so many words on a start is common. Few rows have several, so walks for them are long."""
SPARE = 3
"""How many more rows are read than are enough: two may lead to the same customer."""


class Candidates:
    """The keys of rows of a company that have all tokens, by the letter of their kind.

    Names, numbers, phones and emails are searched first, then nicknames for the kinds of which
    that did not give `enough`, then addresses. At most five queries.
    """

    def __init__(self, company: Company, tokens: list[Token], letters: str, enough: int) -> None:
        self.company = company
        self.tokens = tokens
        self.enough = enough
        self.ranks: dict[str, dict[int, int]] = {letter: {} for letter in letters}
        self.sizes: dict[tuple[str, Span], int] = {}

    def best_first(self) -> dict[str, list[int]]:
        self._search({letter: [self._of(letter, LITERAL)] for letter in self.ranks}, measure=True)
        self._search({letter: self._with_nickname(letter) for letter in self._short()})
        places = {letter: [self._of(letter, LITERAL, BY_PLACE)] for letter in self._for_places()}
        self._search(places, measure=True)
        return {
            letter: sorted(ranks, key=lambda key: (ranks[key], -key))
            for letter, ranks in self.ranks.items()
        }

    def _of(self, letter: str, *grades: int) -> list[Token]:
        """The tokens with only the spans of these grades that one kind of rows can have."""
        return [
            tuple(
                span
                for span in token
                if span.grade in grades and (not span.letters or letter in span.letters)
            )
            for token in self.tokens
        ]

    def _with_nickname(self, letter: str) -> list[list[Token]]:
        """For each token that is a name in use: the tokens with its other forms in its place."""
        literal = self._of(letter, LITERAL)
        return [
            [*literal[:place], nickname, *literal[place + 1 :]]
            for place, nickname in enumerate(self._of(letter, BY_NICKNAME))
            if nickname
        ]

    def _short(self) -> list[str]:
        return [letter for letter, ranks in self.ranks.items() if len(ranks) < self.enough]

    def _for_places(self) -> list[str]:
        """Several words that found a name are no address, unless one is a number."""
        may_be = len(self.tokens) == 1 or any(token[-1].word[1:].isdigit() for token in self.tokens)
        return [letter for letter in self._short() if may_be or not self.ranks[letter]]

    def _search(self, readings: dict[str, list[list[Token]]], *, measure: bool = False) -> None:
        """Add the rows that have all tokens in one of the readings of their kind."""
        asked = [
            (letter, tokens) for letter, some in readings.items() for tokens in some if all(tokens)
        ]
        if measure:
            self._measure(asked)
        arms = [arm for letter, tokens in asked for arm in self._arms(letter, tokens)]
        for letter, rank, key in fetched(joined("UNION ALL", arms)) if arms else ():
            ranks = self.ranks[letter]
            ranks[key] = min(rank, ranks.get(key, rank))

    def _measure(self, asked: Sequence[tuple[str, list[Token]]]) -> None:
        """Count the words of each span, up to where they are common. One query."""
        pairs = {(letter, span) for letter, tokens in asked for token in tokens for span in token}
        new = sorted(pairs - self.sizes.keys(), key=repr)
        if new:
            counts = [self._counted(letter, span) for letter, span in new]
            (sizes,) = fetched(Sql("SELECT") + joined(",", counts))
            self.sizes |= zip(new, sizes, strict=True)

    def _counted(self, letter: str, span: Span) -> Sql:
        words = words_in(self.company, letter, span)
        text = f"SELECT 1 FROM {TABLE} w WHERE {words.text} LIMIT {self._common}"
        return Sql(f"(SELECT COUNT(*) FROM ({text}) c)", words.values)

    @property
    def _common(self) -> int:
        return COMMON if len(self.tokens) == 1 else COMMON_AMONG_SEVERAL

    def _arms(self, letter: str, tokens: list[Token]) -> Iterator[Sql]:
        """The queries that list the rows: one or two for each span of the rarest token."""
        held = [tuple(span for span in token if self._size(letter, span)) for token in tokens]
        if all(held):
            sizes = [sum(self._size(letter, span) for span in token) for token in held]
            leader = sizes.index(min(sizes))
            others = also(self.company, letter, [*held[:leader], *held[leader + 1 :]])
            for span in held[leader]:
                yield from self._led_by(letter, span, others)

    def _size(self, letter: str, span: Span) -> int:
        """How many words; of what was not measured, a little less than what is common."""
        return self.sizes.get((letter, span), self._common - 1)

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
            walk = words + Sql("AND w.start = %s", [start_of(span.word)])
            yield self._newest(letter, longer, walk)

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
