"""What is typed into Search Jobs, by its kind: mailboxes, numbers as shown, phones, words."""

import re
from collections.abc import Iterator
from functools import lru_cache

from carter.companies.models import Company
from carter.customers.addresses import SHORT_FORMS, STATES
from carter.customers.emails import email_key
from carter.customers.given_names import canons, short_names
from carter.customers.names import fold
from carter.customers.phones import EXTENSION, NORTH_AMERICA, phone_keys
from carter.search.question import BY_NICKNAME, BY_PLACE, Span, Token
from carter.search.subjects import SUBJECTS
from carter.search.words import BACKWARDS, LONGEST_WORD, NUMBER, PLACE

EMAIL = re.compile(r"[^\s<>,;]*@[^\s<>,;]*")
HALF_MAILBOX = re.compile(r"(?<!\S)[a-z]{2,}[._][a-z0-9][^\s<>,;]*")
"""The start of one, such as bob.smi: nobody writes a name so."""
DIGITS = re.compile(r"(?<![\w+])\+?\(?\d+(?:[\s().\-/]{1,3}\d+)*(?![^\W_])")
NOT_DIGIT = re.compile(r"\D+")
FEWEST_LAST_DIGITS = 3
PHONE_DIGITS = 7
LONG_FORMS = SHORT_FORMS | {name: code.lower() for name, code in STATES.items() if " " not in name}


def take_emails(text: str, company: Company) -> tuple[str, list[Token]]:
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
    return _all(*map(starting, dict.fromkeys(starts)), Span(among=(key,) if key else ()))


def take_half_mailboxes(text: str) -> tuple[str, list[Token]]:
    """The starts of mailboxes, without their @."""
    return HALF_MAILBOX.sub(" ", text), [(starting(each),) for each in HALF_MAILBOX.findall(text)]


def take_codes(text: str, company: Company) -> tuple[str, list[Token]]:
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
    return (Span(among=(NUMBER + match[1],), letters=letters), starting(typed), _place(typed))


def take_phones(text: str, company: Company) -> tuple[str, list[Token]]:
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
    return tuple(starting(span) for span in dict.fromkeys(spans) if span)


def word_token(word: str) -> Token:
    """A plain word, perhaps half typed: of a name, a nickname, a place."""
    if word.isascii() and word.isdigit():
        return _digits(word)
    others = tuple(name for name in nicknames_of(word) if not name.startswith(word))
    nicknames = Span(among=others, grade=BY_NICKNAME)
    short_forms = Span(among=_short_forms(word), grade=BY_PLACE)
    return _all(starting(word), nicknames, _place(word), short_forms)


def _digits(word: str) -> Token:
    """A number by itself: a customer's or job's, the first or last digits of a phone, a house."""
    last = BACKWARDS + word[::-1] if len(word) >= FEWEST_LAST_DIGITS else ""
    number = word.lstrip("0") or word
    return _all(Span(among=(NUMBER + number,)), starting(word), starting(last), _place(word))


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


def starting(word: str) -> Span:
    """Every word that starts so."""
    return Span(word[:LONGEST_WORD])


def _all(*spans: Span) -> Token:
    return tuple(filter(None, spans))
