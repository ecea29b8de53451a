"""Names as people type them: "Last, First", "Mary & John O'Brien", MR. BOB SMITH JR, Acme, L.L.C.

Everything is compared in a folded form: small letters without accents, one space between words.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import jellyfish
from cleanco.termdata import terms_by_type

LONGEST_NAME = 300

LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)
APOSTROPHES = re.compile(r"['’‘ʼ`´]")
NOT_ASCII_WORD = re.compile(r"[^a-z0-9]+")
COUPLE = re.compile(r"\s*[&+/]\s*|\s+(?:and|und)\s+", re.IGNORECASE)
NICKNAME = re.compile(r"[\"“”(]\s*([^\"“”()]*)[\"“”)]|(?<!\w)['‘]([^'’\s]+)['’](?!\w)")

TITLES = frozenset(
    {"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "rev", "sir", "madam", "hon", "sra", "srta"}
)
CREDENTIALS = frozenset({"md", "phd", "dds", "esq", "cpa", "rn", "dvm", "jd", "mba", "ret"})
PARTICLES = frozenset(
    {"de", "la", "las", "los", "del", "da", "das", "dos", "do", "di", "du", "le", "van", "von"}
    | {"der", "den", "ter", "ten", "bin", "ibn", "al", "el", "st", "san", "mc", "mac"}
)
GENERATIONS = {
    **dict.fromkeys(("sr", "senior"), "sr"),
    **dict.fromkeys(("jr", "junior", "ii", "2nd"), "jr"),
    **dict.fromkeys(("iii", "3rd"), "iii"),
    **dict.fromkeys(("iv", "4th"), "iv"),
}
FAMILY = frozenset({"family", "household", "residence"})

NOBODYS = """
    unknown none no name not given test testing tester customer client caller lead new web website
    online form inquiry prospect anonymous somebody someone person guest asdf asdfg qwerty xxx
    tbd na null nil blank first last firstname lastname walkin cash deleted duplicate
"""
NOBODY = frozenset(NOBODYS.split())

LEGAL_FORMS = frozenset(
    term.replace(".", "")
    for terms in terms_by_type.values()
    for term in terms
    if term.isascii() and term.replace(".", "").isalpha() and len(term) > 1
) - {"private", "sf", "pp", "vat", "dat"}
UNMISTAKABLE_FORMS = frozenset(
    {"llc", "inc", "corp", "ltd", "llp", "pllc", "plc", "gmbh", "incorporated", "corporation"}
)
LINKING_WORDS = frozenset({"the", "and"})


@dataclass(frozen=True, slots=True)
class PersonName:
    """The parts of a person's name, folded. What was not typed is empty.

    Of a couple the first named is the person; `household` says that more than one was meant.
    `generation` is sr, jr (also II), iii or iv; `nickname` what stood in quotes or brackets.
    """

    first: str = ""
    middle: str = ""
    last: str = ""
    generation: str = ""
    nickname: str = ""
    partner_first: str = ""
    partner_last: str = ""
    household: bool = False

    def __bool__(self) -> bool:
        return bool(self.first or self.last)

    @property
    def last_parts(self) -> tuple[str, ...]:
        """The halves of a double surname, without van, de la and the like."""
        parts = tuple(part for part in self.last.split() if part not in PARTICLES)
        return parts or tuple(self.last.split())


def fold(text: str) -> str:
    """Small letters without accents and marks, words apart by one space; other scripts stay."""
    text = APOSTROPHES.sub("", text)
    if text.isascii():
        return NOT_ASCII_WORD.sub(" ", text.lower()).strip()
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    letters = "".join(map(_folded_character, plain.translate(LETTERS)))
    return unicodedata.normalize("NFC", " ".join(letters.split()))


def person_name(text: str) -> PersonName:
    """Take a person's name apart, whichever way it was typed."""
    text = text[:LONGEST_NAME]
    if is_junk_name(text):
        return PersonName()
    plain = NICKNAME.sub(" ", text)
    surname, given = _at_the_comma(plain)
    name = _couple(given, surname=surname)
    return replace(name, nickname=_nickname(text)) if plain != text else name


def is_junk_name(text: str) -> bool:
    """Whether the field says nobody: Unknown, Test Test, New Lead, N/A, 12345, bob@acme.com."""
    if "@" in text:
        return True
    words = [word for word in fold(text).split() if not word.isdigit()]
    return all(word in NOBODY for word in words) or words in (["n", "a"], ["walk", "in"])


@lru_cache(maxsize=65536)
def sound(last: str) -> str:
    """How a folded surname sounds; the surname itself where Latin letters do not apply."""
    heard = jellyfish.metaphone(last) if last.isascii() else ""
    return (heard.replace(" ", "") if isinstance(heard, str) else "") or last


def is_firm_name(text: str) -> bool:
    """Whether a name ends in a legal form that no person has: Acme Logistics LLC."""
    words = fold(text[:LONGEST_NAME].replace(".", "")).split()
    return len(words) > 1 and words[-1] in UNMISTAKABLE_FORMS


def company_key(text: str) -> str:
    """A company's name without legal form, "the" and "and".

    ACME LOGISTICS, L.L.C. and Acme Logistics are both acme logistics.
    """
    words = fold(text[:LONGEST_NAME].replace(".", "")).split()
    named = [word for word in words if word not in LINKING_WORDS]
    while len(named) > 1 and named[-1] in LEGAL_FORMS:
        named.pop()
    key = " ".join(named)
    return "" if is_junk_name(key) else key


def _folded_character(character: str) -> str:
    """Accents of Latin letters go; the vowel signs of other scripts are letters and stay."""
    if "\u0300" <= character <= "\u036f" or unicodedata.category(character) == "Cf":
        return ""
    return character if unicodedata.category(character)[0] in "LMN" else " "


def _at_the_comma(text: str) -> tuple[str, str]:
    """Surname and given names of "Smith, Bob"; no surname where a comma only sets off Jr. or MD."""
    surname, _, given = text.partition(",")
    suffix, more, rest = given.partition(",")
    if more and _only_suffixes(suffix):
        surname, given = f"{surname} {suffix}", rest
    return ("", text) if _only_suffixes(given) else (surname, given)


def _couple(text: str, surname: str) -> PersonName:
    """One person, or the first named of two with the other as partner."""
    parts = [words for part in COUPLE.split(text) if (words := _words(part))]
    people = [words for words in parts if not TITLES.issuperset(words)]
    if not people:
        return _one(parts[0] if parts else [], _words(surname))
    name = _one(people[0], _words(surname))
    if len(people) > 1:
        name = _with_partner(name, people[0], _one(people[1], _words(surname)))
    return replace(name, household=True) if len(parts) > 1 else name


def _words(text: str) -> list[str]:
    """The folded words, a hyphened one kept together as "smith jones", J.R. taken apart."""
    first, *others = text.replace(",", " ").split() or [""]
    typed = [*first.split("."), *(word.replace(".", "") for word in others)]
    folded = (fold(word) for word in typed)
    return [word for word in folded if word and (word.isalpha() or _is_name(word))]


def _is_name(word: str) -> bool:
    return word in GENERATIONS or not any(map(str.isdigit, word))


def _with_partner(name: PersonName, typed: Sequence[str], partner: PersonName) -> PersonName:
    """In "Mary A. & John O'Brien" the surname is said once and belongs to both."""
    if not name.last or all(len(word) == 1 for word in typed[1:]):
        middle = " ".join(typed[1:]) if not name.middle else name.middle
        name = replace(name, last=partner.last, middle=middle if len(typed) > 1 else "")
    return replace(
        name, partner_first=partner.first, partner_last=partner.last or name.last, household=True
    )


def _one(words: Sequence[str], surname: Sequence[str]) -> PersonName:
    """The name of one person; a surname before the comma is given apart."""
    given, titled = _without_titles(words)
    last, _ = _without_titles(surname)
    given, generation = _without_suffixes(given, keep=0 if last else 1)
    last, other_generation = _without_suffixes(last, keep=1)
    if not last:
        given, last, family = _surname_apart(given, titled=titled)
    else:
        last, family = [word for word in last if word not in FAMILY] or last, False
    return PersonName(
        first=given[0] if given else "",
        middle=" ".join(given[1:]),
        last=" ".join(last).replace("mc ", "mc").replace("mac ", "mac"),
        generation=generation or other_generation,
        household=family,
    )


def _without_titles(words: Sequence[str]) -> tuple[list[str], bool]:
    rest = list(words)
    while rest and (rest[0] in TITLES or (rest[0] == "sr" and len(rest) > 2)):
        rest.pop(0)
    return rest, len(rest) < len(words)


def _without_suffixes(words: Sequence[str], keep: int) -> tuple[list[str], str]:
    rest, generation = list(words), ""
    while len(rest) > keep and (rest[-1] in GENERATIONS or rest[-1] in CREDENTIALS):
        generation = GENERATIONS.get(rest.pop(), generation)
    return rest, generation


def _surname_apart(words: list[str], *, titled: bool) -> tuple[list[str], list[str], bool]:
    """Given names and surname of "Maria de la Cruz", "Mrs. Smith", "The Smith Family", "Bob"."""
    if len(words) > 1 and words[-1] in FAMILY:
        return [], [word for word in words[:-1] if word != "the"], True
    if len(words) < 2:
        return ([], words, False) if titled else (words, [], False)
    start = len(words) - 1
    while start > 1 and words[start - 1] in PARTICLES:
        start -= 1
    return words[:start], words[start:], False


def _only_suffixes(text: str) -> bool:
    words = _words(text)
    return all(word in GENERATIONS or word in CREDENTIALS or word in TITLES for word in words)


def _nickname(text: str) -> str:
    """One word in quotes or brackets; longer remarks are no name."""
    found = NICKNAME.search(text)
    nickname = fold(found[1] or found[2] or "") if found else ""
    return nickname if nickname.isalpha() else ""
