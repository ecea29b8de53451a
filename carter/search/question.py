"""What a row must have to be an answer, in parts of the words table."""

from dataclasses import dataclass, field

LITERAL, BY_NICKNAME, BY_PLACE = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Span:
    """A part of the words table: every word that starts with `word`, or exactly the words `among`.

    `grade` says how well it answers, the lowest best. `letters` limits it to kinds of rows. What
    `may_wait` is counted only when all else in its reading is common.
    """

    word: str = ""
    among: tuple[str, ...] = ()
    grade: int = LITERAL
    letters: str = ""
    may_wait: bool = False

    def __bool__(self) -> bool:
        return bool(self.word or self.among)


Token = tuple[Span, ...]
"""One thing that was typed: a row has it when a word of the row is in one of the spans."""
Reading = tuple[Token, ...]
"""One way to take what was typed: a row must have every token."""


@dataclass(frozen=True)
class InOne:
    """Ways to ask for two neighbouring words in one, as they stand in the words of a row.

    `together` in a name, the first in full; `in_turn` by the first letters of both, wherever in the
    row's names they are.
    """

    together: list[Reading] = field(default_factory=list)
    in_turn: list[Reading] = field(default_factory=list)


@dataclass(frozen=True)
class Question:
    """What a row must have: every one of `tokens`.

    The others ask for two neighbouring words in one, `as_typed` or `nicknamed`: with another form
    of one of them. `words` are the plain words, as typed; when they `are_paired`, that finds all
    who have them in their names and mailboxes.
    """

    tokens: Reading
    words: list[str]
    are_paired: bool = False
    as_typed: InOne = field(default_factory=InOne)
    nicknamed: InOne = field(default_factory=InOne)
