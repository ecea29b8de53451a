"""How common what is asked for is, and whose it is where it is rare."""

from collections.abc import Iterable
from itertools import chain

from carter.companies.models import Company
from carter.search.asking import Asked, Way, exact, ranks
from carter.search.conditions import Found, Row, found_in
from carter.search.question import LITERAL, Question, Span, Token

COMMON = 400
COMMON_AMONG_SEVERAL = 4_000
"""From so many words on a start is common. Few rows have several, so walks for them are long."""
RARE = 800
"""So many rows are asked one by one for more when something was found already."""
PLENTY = 4
"""A row may have several words of a span: with so many times more words its rows are enough."""
SPARE = 3
"""How many more rows are read than are enough: two may lead to the same customer."""


class Looked:
    """What was seen of the words of a company, by kind of rows and span."""

    def __init__(self, company: Company, question: Question, enough: int) -> None:
        self.company = company
        self.is_alone = len(question.tokens) == 1
        self.common = COMMON if self.is_alone else COMMON_AMONG_SEVERAL
        self.enough = enough
        self.plenty = PLENTY * enough
        self.found: dict[tuple[str, Span], Found] = {}

    def look(self, asked: Iterable[Asked], *, waiting: bool = False) -> None:
        """Look at the words of each span, up to where they are common. One query, if any is new."""
        spans: Iterable[tuple[str, Span]] = (
            (each.letter, span)
            for each in asked
            for token in each.reading
            for span in token
            if waiting or not span.may_wait
        )
        if self.is_alone:
            spans = chain.from_iterable((pair, exact(*pair)) for pair in spans)
        if new := [pair for pair in dict.fromkeys(spans) if pair not in self.found]:
            self.found |= zip(new, found_in(self.company, new, self.common), strict=True)

    def size(self, letter: str, span: Span) -> int:
        """How many words it has; of one that was not worth a look, as many as can be."""
        found = self.found.get((letter, span))
        return found.words if found else self.common

    def sizes(self, asked: Asked) -> list[int]:
        """How many words each of its tokens has."""
        return [sum(self.size(asked.letter, span) for span in token) for token in asked.reading]

    def is_common(self, asked: Asked) -> bool:
        """Whether none of its tokens is rare."""
        return min(self.sizes(asked)) >= RARE

    def is_plenty(self, letter: str, span: Span) -> bool:
        """Whether the word itself, without longer ones, is more than enough."""
        itself = self.found.get(exact(letter, span))
        return itself is not None and itself.words >= self.plenty

    def is_listed(self, letter: str, token: Token) -> bool:
        """Whether all rows that have it are known: it is rare."""
        all_found = (self.found.get((letter, span)) for span in token)
        return all(found and found.is_listed and found.words < self.common for found in all_found)

    def rows(self, letter: str, token: Token, way: Way, *, alone: bool) -> list[Row]:
        """Those rows, the best first: of what is asked alone, as far as they are needed."""
        best: dict[int, int] = {}
        for span in self.needed(letter, token, alone=alone):
            found = self.found[letter, span]
            itself, longer = ranks(span, way)
            for rank, keys in ((itself, found.exact), (longer, found.longer)):
                best |= {key: min(rank, best.get(key, rank)) for key in keys}
        in_order = sorted((rank, -key) for key, rank in best.items())
        most = self.enough + SPARE if alone else None
        return [(letter, rank, -key) for rank, key in in_order[:most]]

    def needed(self, letter: str, token: Token, *, alone: bool) -> list[Span]:
        """The spans to be led by: of what is asked alone, until there are words enough."""
        words, needed = 0, []
        for span in sorted(token, key=lambda span: span.grade):
            if not alone or span.grade == LITERAL or words < self.plenty:
                needed.append(span)
            words += self.size(letter, span)
        return needed
