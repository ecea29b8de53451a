"""What somebody typed into Search Jobs, as words that a row must have."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise

from carter.companies.models import Company
from carter.customers.addresses import SHORT_FORMS, STATES
from carter.customers.emails import email_key
from carter.customers.given_names import canons, short_names
from carter.customers.names import fold
from carter.customers.phones import EXTENSION, NORTH_AMERICA, phone_keys
from carter.search.subjects import SUBJECTS
from carter.search.words import (
    BACKWARDS,
    LONGEST_WORD,
    NEVER_SAID,
    NUMBER,
    PLACE,
    TOGETHER,
    TOLD_BY,
    WITHOUT_SPACES,
    pair_starts,
)

LONGEST_TEXT = 200
MOST_WORDS = 8
LITERAL, BY_NICKNAME, BY_PLACE = 0, 1, 2

EMAIL = re.compile(r"[^\s<>,;]*@[^\s<>,;]*")
DIGITS = re.compile(r"(?<![\w+])\+?\(?\d+(?:[\s().\-/]{1,3}\d+)*(?![^\W_])")
HALF_MAILBOX = re.compile(r"[a-z]{2,}[._][a-z0-9]")
"""The start of one, such as bob.smi: nobody writes a name so."""
NOT_DIGIT = re.compile(r"\D+")
FEWEST_LAST_DIGITS = 3
FEWEST_IN_TURN = 2
"""With one letter of a word, the other word says more."""
PHONE_DIGITS = 7
LONG_FORMS = SHORT_FORMS | {name: code.lower() for name, code in STATES.items() if " " not in name}


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


def read(text: str, company: Company) -> Question:
    """What was typed, as a question; nothing typed gives one without tokens."""
    rest = _western_digits(unicodedata.normalize("NFKC", text[:LONGEST_TEXT])).lower()
    tokens: list[Token] = []
    for take in (_take_emails, _take_codes, _take_phones):
        rest, taken = take(rest, company)
        tokens += taken
    said = fold(rest).split()
    words = [word for word in said if word not in NEVER_SAID] or ([] if tokens else said)
    words = words[: MOST_WORDS - len(tokens)]
    question = Question((*tokens, *map(_word, words)), words, _are_paired(words))
    for place, (one, other) in enumerate(pairwise(words)):
        if not (one.isdigit() or other.isdigit()):
            apart = [*tokens, *map(_word, [*words[:place], *words[place + 2 :]])]
            _pair(question, one, other, tuple(map(_literally, apart)))
    return _without_nicknames(question) if HALF_MAILBOX.search(rest) else question


def _without_nicknames(question: Question) -> Question:
    """What was typed is a mailbox, whatever else its owner is called."""
    tokens = (
        tuple(span for span in token if span.grade != BY_NICKNAME) for token in question.tokens
    )
    return replace(question, tokens=tuple(tokens), nicknamed=InOne())


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
    longer_ones = [_start(word) for word in (one, other) if len(word) > told]
    question.as_typed.in_turn.append((*_in_turn(one, other, longer_ones), *rest))
    for word, second in ((one, other), (other, one)):
        for name in nicknames_of(word):
            in_full = Span(among=(name,), grade=BY_NICKNAME)
            turned = _in_turn(name, second, [in_full, _start(second)], BY_NICKNAME)
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


def _take_emails(text: str, company: Company) -> tuple[str, list[Token]]:
    """Mailboxes, also half typed; of "@acme.com" the words of the domain are searched."""
    found = [typed for typed in EMAIL.findall(text) if not typed.startswith("@")]
    return EMAIL.sub(_domain_only, text), [_email(typed) for typed in found]


def _domain_only(match: re.Match[str]) -> str:
    return match[0][1:] if match[0].startswith("@") else " "


def _email(typed: str) -> Token:
    user, _, domain = typed.partition("@")
    plain = user.partition("+")[0]
    starts = [typed, f"{plain}@{domain}", f"{plain.replace('.', '')}@{domain}"]
    key = email_key(typed)
    return _all(*map(_start, dict.fromkeys(starts)), Span(among=(key,) if key else ()))


def _take_codes(text: str, company: Company) -> tuple[str, list[Token]]:
    """Numbers as they are shown: J-10482, c12, #10482."""
    tokens: list[Token] = []
    for sign, letters in _code_signs(company):
        code = re.compile(rf"(?<![\w#-]){sign}0*(\d+)(?!\w)")
        tokens += [_code(match, letters) for match in code.finditer(text)]
        text = code.sub(" ", text)
    return text, tokens


def _code_signs(company: Company) -> Iterator[tuple[str, str]]:
    """How numbers begin, as patterns, with the letters of the kinds of rows that have them."""
    yield "#", ""
    letters_by_sign: dict[str, str] = {}
    for subject in SUBJECTS:
        sign = fold(subject.prefix(company)).replace(" ", r"[^\w\s]?")
        if sign:
            letters_by_sign[sign] = letters_by_sign.get(sign, "") + subject.letter
    yield from ((rf"{sign}[^\w\s]?", letters) for sign, letters in letters_by_sign.items())


def _code(match: re.Match[str], letters: str) -> Token:
    typed = fold(match[0]).replace(" ", "")
    return (Span(among=(NUMBER + match[1],), letters=letters), _start(typed), _place(typed))


def _take_phones(text: str, company: Company) -> tuple[str, list[Token]]:
    """Digits typed as a phone number is written: one number, however many groups."""
    tokens: list[Token] = []
    only_digits = not any(map(str.isalpha, text))
    pieces, position = [], 0
    for match in DIGITS.finditer(text):
        if match.start() < position or not _is_phone(match[0], only_digits):
            continue
        pieces.append(text[position : match.start()])
        position = _without_extension(text, match.end())
        tokens.append(_phone(match[0], company.country))
    return " ".join([*pieces, text[position:]]), tokens


def _is_phone(typed: str, only_digits: bool) -> bool:
    groups = NOT_DIGIT.sub(" ", typed).split()
    long_enough = sum(map(len, groups)) >= PHONE_DIGITS
    as_phones_are = only_digits or long_enough or "(" in typed
    return typed[0] == "+" or (len(groups) > 1 and as_phones_are)


def _without_extension(text: str, position: int) -> int:
    extension = EXTENSION.match(text, position)
    return extension.end() if extension else position


def _phone(typed: str, country: str) -> Token:
    """From its first digits with or without country code, or by its last digits."""
    digits = NOT_DIGIT.sub("", typed)
    starts = [key.removeprefix("+") for key, _ in phone_keys(typed, country)]
    starts += [digits, digits.lstrip("0")]
    if country in NORTH_AMERICA:
        starts.append(digits.removeprefix("1"))
    lasts = [start for start in starts if len(start) >= FEWEST_LAST_DIGITS]
    spans = [*starts, *(BACKWARDS + start[::-1] for start in lasts)]
    return tuple(_start(span) for span in dict.fromkeys(spans) if span)


def _word(word: str) -> Token:
    if word.isascii() and word.isdigit():
        return _digits(word)
    others = tuple(name for name in nicknames_of(word) if not name.startswith(word))
    nicknames = Span(among=others, grade=BY_NICKNAME)
    short_forms = Span(among=_short_forms(word), grade=BY_PLACE)
    return _all(_start(word), nicknames, _place(word), short_forms)


def _digits(word: str) -> Token:
    """A number by itself: a customer's or job's, the first or last digits of a phone, a house."""
    last = BACKWARDS + word[::-1] if len(word) >= FEWEST_LAST_DIGITS else ""
    number = word.lstrip("0") or word
    return _all(Span(among=(NUMBER + number,)), _start(word), _start(last), _place(word))


@lru_cache(maxsize=4096)
def nicknames_of(name: str) -> tuple[str, ...]:
    """The other forms of a folded first name: of bob, robert; of robert, bob and rob."""
    if len(name) < 2 or not name.isalpha():
        return ()
    return tuple(sorted((short_names(name) | canons(name)) - {name}))


@lru_cache(maxsize=4096)
def _short_forms(word: str) -> tuple[str, ...]:
    """Streets and states are kept by their short form: "nor" and "north" both find N Main St."""
    shorts = {short for long, short in LONG_FORMS.items() if long.startswith(word)}
    return tuple(PLACE + short for short in sorted(shorts) if not short.startswith(word))


def _place(word: str) -> Span:
    return Span((PLACE + word)[:LONGEST_WORD], grade=BY_PLACE)


def _start(word: str) -> Span:
    return Span(word[:LONGEST_WORD])


def _all(*spans: Span) -> Token:
    return tuple(filter(None, spans))
