"""What somebody typed into Search Jobs, as words that a row must have."""

import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from carter.companies.models import Company
from carter.customers.names import fold
from carter.search.question import BY_NICKNAME, LITERAL, Question, Reading, Span, Token
from carter.search.tokens import (
    nicknames_of,
    starting,
    take_codes,
    take_emails,
    take_half_mailboxes,
    take_phones,
    word_token,
)
from carter.search.words import (
    LONGEST_WORD,
    NEVER_SAID,
    TOGETHER,
    TOLD_BY,
    WITHOUT_SPACES,
    pair_starts,
)

LONGEST_TEXT = 200
MOST_WORDS = 8

FEWEST_IN_TURN = 2
"""With one letter of a word, the other word says more."""


def questions(text: str, company: Company) -> Iterator[Question]:
    """What was typed, as questions, the likeliest first; nothing typed gives none.

    The start of a mailbox may also be names; whoever has the mailbox was meant before them.
    """
    typed = _western_digits(unicodedata.normalize("NFKC", text[:LONGEST_TEXT])).lower()
    rest, tokens = typed, list[Token]()
    for take in (take_emails, take_codes, take_phones):
        rest, taken = take(rest, company)
        tokens += taken
    others, mailboxes = take_half_mailboxes(rest)
    if mailboxes:
        yield _question(others, [*tokens, *mailboxes])
    question = _question(rest, tokens)
    if question.tokens:
        yield question


def _question(text: str, tokens: list[Token]) -> Question:
    """What is known to be asked for, and the words of the rest of the text."""
    tokens, said = tokens[:MOST_WORDS], fold(text).split()
    words = [word for word in said if word not in NEVER_SAID] or ([] if tokens else said)
    words = words[: MOST_WORDS - len(tokens)]
    question = Question((*tokens, *map(word_token, words)), words, _are_paired(words))
    for place, (one, other) in enumerate(pairwise(words)):
        if not (one.isdigit() or other.isdigit()):
            apart = [*tokens, *map(word_token, [*words[:place], *words[place + 2 :]])]
            _pair(question, one, other, tuple(map(_literally, apart)))
    return question


def _are_paired(words: list[str]) -> bool:
    """Whether every row's names have each two of them in one.

    Not a single letter, an ending of a name without spaces, nor two nicknames at once.
    """
    plain = [word for word in words if not word.isdigit()]
    return (
        len(plain) > 1
        and all(len(word) >= FEWEST_IN_TURN and not WITHOUT_SPACES.match(word) for word in plain)
        and sum(1 for word in plain if nicknames_of(word)) < 2
    )


def _pair(question: Question, one: str, other: str, rest: Reading) -> None:
    """Ask for two parts of names, perhaps half typed, in one."""
    nicknamed = tuple(_together(name, other, BY_NICKNAME) for name in nicknames_of(one))
    question.nicknamed.together.append((nicknamed, *rest))
    if min(len(one), len(other)) < FEWEST_IN_TURN:
        shorter, longer = sorted((one, other), key=len)
        question.as_typed.together.append(((_together(longer, shorter),), *rest))
        return
    question.as_typed.together.append(((_together(one, other),), *rest))
    told = min(len(one), len(other), TOLD_BY)
    longer_ones = [starting(word) for word in (one, other) if len(word) > told]
    question.as_typed.in_turn.append((*_in_turn(one, other, longer_ones), *rest))
    for word, second in ((one, other), (other, one)):
        for name in nicknames_of(word):
            in_full = Span(among=(name,), grade=BY_NICKNAME)
            turned = _in_turn(name, second, [in_full, starting(second)], BY_NICKNAME)
            question.nicknamed.in_turn.append((*turned, *rest))


def _together(one: str, other: str, grade: int = LITERAL) -> Span:
    return Span(f"{one}{TOGETHER}{other}"[:LONGEST_WORD], grade=grade)


def _in_turn(one: str, other: str, also: list[Span], grade: int = LITERAL) -> Reading:
    """What stands for two words, and the words themselves where that does not tell them."""
    starts = tuple(Span(start, grade=grade) for start in pair_starts(one, other))
    return (starts, *((replace(span, may_wait=True),) for span in also))


def _literally(token: Token) -> Token:
    return tuple(span for span in token if span.grade == LITERAL)


def _western_digits(text: str) -> str:
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)
