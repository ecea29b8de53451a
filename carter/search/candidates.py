"""Which rows have all that was typed, best first."""

from collections import Counter
from collections.abc import Iterator
from itertools import chain

from carter.companies.models import Company
from carter.search.asking import Asked, Way, asked_of, in_one
from carter.search.conditions import fetched, joined
from carter.search.listing import rows_led
from carter.search.looking import SPARE, Looked
from carter.search.question import BY_NICKNAME, BY_PLACE, LITERAL, Question
from carter.search.subjects import STORAGE_JOB


class Candidates:
    """The keys of rows of a company that answer a question, by the letter of their kind.

    First what was typed is taken literally, two neighbouring words in one: each of them may be
    common. Then, for the kinds of which that did not give `enough`, by nickname, and where it gave
    nothing in every way, also as an address: "smith denver" is one, "bob smith" hardly. Two queries
    or four, seldom one or two more.
    """

    def __init__(self, company: Company, question: Question, letters: str, enough: int) -> None:
        self.question = question
        self.enough = enough
        self.looked = Looked(company, question, enough)
        self.ranks: dict[str, dict[int, int]] = {letter: {} for letter in letters}
        self.searched: set[Asked] = set()

    def best_first(self) -> dict[str, list[int]]:
        for ways in (self._literally, self._otherwise):
            self._search([asked for letter in self.ranks for asked in ways(letter)])
        return {
            letter: sorted(ranks, key=lambda key: (ranks[key], -key))[: self.enough + SPARE]
            for letter, ranks in self.ranks.items()
        }

    def _literally(self, letter: str) -> Iterator[Asked]:
        """As typed, two words in one."""
        if not self.question.as_typed.together:
            yield from asked_of(letter, Way.APART, [self.question.tokens], LITERAL)
        yield from in_one(letter, self.question.as_typed, LITERAL)

    def _otherwise(self, letter: str) -> Iterator[Asked]:
        """In other ways, where something is wanting."""
        found = len(self.ranks[letter])
        if found < self.enough:
            yield from in_one(letter, self.question.as_typed, LITERAL)
            yield from in_one(letter, self.question.nicknamed, LITERAL, BY_NICKNAME)
            grades = self._further_grades(letter, found)
            yield from asked_of(letter, Way.APART, [self.question.tokens], *grades)

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
        """Add the rows that have all tokens of one of the readings. A query or two, seldom three.

        Where what is asked for is rare, its rows were listed as its words were counted.
        """
        new = [each for each in asked if each not in self.searched]
        self.looked.look(new)
        needed = self._without_needless(new)
        self.looked.look(filter(self.looked.is_common, needed), waiting=True)
        self.searched.update(needed)
        listed = [each for each in needed if self._is_listed(each)]
        others = [each for each in needed if each not in listed and self._is_worth_it(each)]
        queries = list(rows_led(self.looked, others))
        rows = fetched(joined("UNION ALL", queries)) if queries else ()
        known = (
            self.looked.rows(each.letter, each.reading[0], each.way, alone=True) for each in listed
        )
        for letter, rank, key in chain(rows, *known):
            ranks = self.ranks[letter]
            ranks[key] = min(rank, ranks.get(key, rank))

    def _is_listed(self, asked: Asked) -> bool:
        token, *others = asked.reading
        return not others and self.looked.is_listed(asked.letter, token)

    def _without_needless(self, asked: list[Asked]) -> list[Asked]:
        """Without what stands in turn, where what stands together is plenty."""
        words: Counter[str] = Counter()
        for each in asked:
            if each.way == Way.TOGETHER and len(each.reading) == 1:
                words[each.letter] += sum(self.looked.sizes(each))
        return [
            each
            for each in asked
            if each.way != Way.IN_TURN or words[each.letter] < self.looked.plenty
        ]

    def _is_worth_it(self, asked: Asked) -> bool:
        """Not when of several words apart none is rare, and something was found already."""
        sizes = self.looked.sizes(asked)
        may_be_common = asked.way != Way.APART or len(sizes) == 1 or not self.ranks[asked.letter]
        return all(sizes) and (may_be_common or not self.looked.is_common(asked))
