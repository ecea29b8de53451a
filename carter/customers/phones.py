"""Phone numbers as people type them, and the one form in which two of them can be compared."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import phonenumbers

LONGEST_FIELD = 200
SHORTEST_NUMBER = 6
NORTH_AMERICA = frozenset(phonenumbers.COUNTRY_CODE_TO_REGION_CODE[1])

EXTENSION = re.compile(
    r"[\s,;.\-/(]{0,4}(?:extension|extn|ext|xt|x|#|poste|anexo)\s{0,2}[.:=]?\s{0,2}(\d{1,6})(?!\d)",
    re.IGNORECASE,
)
TEN_DIGITS = re.compile(
    r"(?<!\d)(?:\+?1[^\w+]{0,3})?(\d{3})[^\w+]{0,3}(\d{3})[^\w+]{0,3}(\d{4})(?!\d)"
)
SEVEN_DIGITS = re.compile(r"(?<!\d)(\d{3})[^\w+]{0,2}(\d{4})(?!\d)")
INTERNATIONAL = re.compile(r"\+[^\w+]{0,3}(?=[02-9])|^\W{0,3}(?:011|00)[^\w+]{0,3}(?=[1-9])")
VANITY = re.compile(
    r"\W{0,3}(?:1[-. ]{0,2})?\(?([2-9]\d\d)\)?[-. ]{1,3}"
    r"((?=[^a-z]*[a-z]{2})(?:[a-z\d][-. ]?){7,12})",
    re.IGNORECASE,
)
BETWEEN_NUMBERS = re.compile(r"[;,|\n\t]|\s/\s|&|\b(?:or|and|oder|et|y)\b", re.IGNORECASE)

KEYPAD = str.maketrans("abcdefghijklmnopqrstuvwxyz", "22233344455566677778889999")
WORDS_ON_KEYPAD = frozenset({"unknown", "nophone", "nonumber", "private", "blocked", "withheld"})

JUNK_AREAS = frozenset({"000", "111", "123", "999"})
JUNK_ENDINGS = frozenset({"0000000", "5555555", "5551212"})
NOBODYS = frozenset({"5551234567"})
COUNTING = "01234567890123456789"


def phone_key(text: str, country: str) -> str:
    """The first usable number in `text`: national digits, or "+" and all digits when it is foreign.

    `country` is the two-letter region a number without country code belongs to. Empty when there
    is no number, or only one that nobody has (000…, 5555555555, 1234567890).
    """
    return next((key for key, _ in phone_keys(text, country)), "")


def phone_keys(text: str, country: str) -> list[tuple[str, str]]:
    """Every usable number of a field with its extension, each number once, in the order typed."""
    plain = _plain(text)
    if not any(map(str.isdigit, plain)):
        return []
    found: dict[str, str] = {}
    for key, extension in _numbers(plain, country.upper()):
        if not is_junk_phone(key):
            found.setdefault(key, extension)
    return list(found.items())


def written(key: str, country: str) -> str:
    """A key as people of the country write the number: (303) 555-0142."""
    parsed = _parse(key, country)
    if not parsed or not phonenumbers.is_possible_number(parsed):
        return key
    abroad = key.startswith("+")
    form = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(parsed, form.INTERNATIONAL if abroad else form.NATIONAL)


def is_junk_phone(key: str) -> bool:
    """Whether these digits are a placeholder and not a number somebody answers."""
    digits = key.removeprefix("+")
    if len(set(digits)) == 1 or digits in NOBODYS or _counts(digits):
        return True
    if key.startswith("+"):
        return False
    return digits[-7:] in JUNK_ENDINGS or (len(digits) == 10 and digits[:3] in JUNK_AREAS)


def _counts(digits: str) -> bool:
    """1234567, 9876543210 and the like."""
    return digits in COUNTING or digits[::-1] in COUNTING


def _plain(text: str) -> str:
    """Western digits, plain dashes and spaces; no direction marks, whatever the keyboard."""
    text = text[:LONGEST_FIELD]
    if text.isascii():
        return text
    return "".join(map(_plain_character, unicodedata.normalize("NFKC", text)))


def _plain_character(character: str) -> str:
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    match unicodedata.category(character):
        case "Cf" | "Mn":
            return ""
        case "Pd":
            return "-"
        case "Zs" | "No":
            return " "
        case _:
            return character


def _numbers(plain: str, country: str) -> Iterator[tuple[str, str]]:
    if country not in NORTH_AMERICA or INTERNATIONAL.search(plain):
        for piece in BETWEEN_NUMBERS.split(plain):
            yield from _anywhere(piece, country)
    else:
        yield from _north_american(plain)


def _north_american(plain: str) -> Iterator[tuple[str, str]]:
    """Ten digits, else seven, by pattern alone: phonenumbers takes many times as long."""
    matches = list(TEN_DIGITS.finditer(plain)) or list(SEVEN_DIGITS.finditer(plain))
    for match in matches:
        yield "".join(match.groups()), _extension_after(plain, match.end())
    if not matches:
        yield from _spelled_out(plain)
        yield from _foreign_without_plus(plain)


def _spelled_out(plain: str) -> Iterator[tuple[str, str]]:
    """A number such as 800-GOT-JUNK; letters past the tenth digit are not dialled."""
    number, extension = _split_extension(plain)
    if spelled := VANITY.fullmatch(number.strip()):
        letters = re.sub(r"[-. ]", "", spelled[2]).lower()
        digits = letters.translate(KEYPAD)[:7]
        if letters not in WORDS_ON_KEYPAD and digits[0] >= "2":
            yield spelled[1] + digits, extension


def _extension_after(plain: str, end: int) -> str:
    extension = EXTENSION.match(plain, end)
    return extension[1] if extension else ""


def _foreign_without_plus(plain: str) -> Iterator[tuple[str, str]]:
    """A spreadsheet drops the plus: longer numbers that are valid with one."""
    number, extension = _split_extension(plain)
    digits = re.sub(r"\D", "", number)
    if 11 <= len(digits) <= 15 and digits[0] not in "01":
        parsed = _parse("+" + digits, "ZZ")
        if parsed and phonenumbers.is_valid_number(parsed):
            yield _key_of(parsed, "US"), extension


def _anywhere(piece: str, country: str) -> Iterator[tuple[str, str]]:
    """One number of any country, read by phonenumbers."""
    number, extension = _split_extension(piece)
    if country in NORTH_AMERICA:
        abroad = INTERNATIONAL.search(number)
        if not abroad:
            yield from _north_american(piece)
            return
        number = "+" + number[abroad.end() :]
    key = _settled(number, country)
    if key:
        yield key, extension


def _split_extension(piece: str) -> tuple[str, str]:
    extension = EXTENSION.search(piece)
    return (piece[: extension.start()], extension[1]) if extension else (piece, "")


@lru_cache(maxsize=4096)
def _settled(number: str, country: str) -> str:
    """The key of the number, read again until it stays: prefixes are sometimes typed twice."""
    key = ""
    for _ in range(4):
        parsed = _parse(number, country)
        if not parsed or not phonenumbers.is_possible_number(parsed):
            return ""
        key = _key_of(parsed, country)
        if len(key) < SHORTEST_NUMBER:
            return ""
        if key == number:
            return key
        number = key
    return ""


def _parse(number: str, country: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(number, country)
    except phonenumbers.NumberParseException:
        return None


def _key_of(parsed: phonenumbers.PhoneNumber, country: str) -> str:
    national = phonenumbers.national_significant_number(parsed)
    if parsed.country_code == phonenumbers.country_code_for_region(country):
        return national
    return f"+{parsed.country_code}{national}"
