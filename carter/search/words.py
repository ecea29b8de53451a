"""The words of a row, and the signs that keep kinds of words apart.

Names, firms, emails and phones stand as they are. Words of addresses begin with "/", numbers of
customers and jobs with "#", and the digits of a phone once more, backwards, with "<", so that
the last digits find it.

Most people say a first and a last name, and both are often common. So two neighbours in a name
stand together as well, in both orders, with "=" between them: "john s" begins "john=smith". And
every two words of a row's names and mailboxes stand together by their first letters in turn,
after "+": Bob Smith is "+bsomib", which begins with what "bo sm" and "smi bob" say.
"""

import re
import string
from collections.abc import Iterable, Iterator
from itertools import chain, combinations, pairwise

from carter.customers.addresses import address_words
from carter.customers.emails import ADDRESS, email_key, email_parts, is_free_mail
from carter.customers.names import company_key, fold
from carter.customers.phones import phone_keys

LONGEST_WORD = 80
PLACE, NUMBER, BACKWARDS, TOGETHER, IN_TURN = "/", "#", "<", "=", "+"
STARTS = string.ascii_lowercase + string.digits + PLACE + NUMBER + BACKWARDS + TOGETHER + IN_TURN
ELSEWHERE = "~"
"""The start of what begins otherwise, such as a name in another script."""

NEVER_SAID = frozenset({"and", "the"})
WITHOUT_SPACES = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
TOLD_BY = 3
"""So many letters of each of two words stand in turn."""
MOST_PAIRED = 40
"""So many words of a row are paired, each with each."""
LOCAL_DIGITS = 7
NATIONAL_DIGITS = 10
FEWEST_DIGITS = 5


def start_of(word: str) -> str:
    """What the word is sorted under."""
    if TOGETHER in word:
        return TOGETHER
    return word[0] if word[0] in STARTS else ELSEWHERE


def name_words(text: str) -> set[str]:
    """The parts of a person's or firm's name; of a name written without spaces, every ending."""
    parts = _parts(text)
    endings = {
        word[start:]
        for word in parts
        if WITHOUT_SPACES.match(word)
        for start in range(1, len(word))
    }
    return {*parts, *endings, *_together(parts)}


def _together(parts: list[str]) -> Iterator[str]:
    """Neighbours, and the first with the last, in both orders."""
    for one, other in {*pairwise(parts), *zip(parts[:1], parts[-1:], strict=True)}:
        if one != other:
            yield f"{one}{TOGETHER}{other}"
            yield f"{other}{TOGETHER}{one}"


def pair_words(
    names: Iterable[str], emails: Iterable[str] = (), firms: Iterable[str] = ()
) -> set[str]:
    """Each two words of a row in one: of its names, its mailboxes, and its firms run together."""
    said = chain(
        chain.from_iterable(map(_parts, names)),
        chain.from_iterable(map(_mailbox_parts, emails)),
        filter(None, map(_in_one, firms)),
    )
    parts = dict.fromkeys(said)
    return {
        _in_turn(*sorted(pair), letters=TOLD_BY)
        for pair in combinations(list(parts)[:MOST_PAIRED], 2)
    }


def pair_starts(one: str, other: str) -> list[str]:
    """How the word of two begins that each begin with one of these; whatever their order."""
    first, second = sorted((one, other))
    letters = min(len(first), len(second), TOLD_BY)
    start = _in_turn(first, second, letters=letters)
    if second.startswith(first):
        return list(dict.fromkeys([start, _in_turn(second, first, letters=letters)]))
    return [start + first[letters:TOLD_BY][:1]]  # Of the first, a letter more may be known.


def _parts(text: str) -> list[str]:
    return [word for word in fold(text).split() if word not in NEVER_SAID]


def _in_turn(one: str, other: str, *, letters: int) -> str:
    one, other = (word[:letters].ljust(letters) for word in (one, other))
    return IN_TURN + "".join(map("".join, zip(one, other, strict=True)))


def firm_words(text: str) -> set[str]:
    """The parts of a firm's name, and all of it in one, so that "uhaul" finds U-Haul."""
    whole = _in_one(text)
    return name_words(text) | ({whole} if whole else set())


def _in_one(firm: str) -> str:
    return company_key(firm).replace(" ", "")


def email_words(text: str) -> set[str]:
    """Every mailbox as it is and as typed, the parts of its user, and those of a firm's domain."""
    typed = ADDRESS.findall(text.lower())
    return {*map(email_key, typed), *typed, *_mailbox_parts(text)} - {""}


def _mailbox_parts(text: str) -> Iterator[str]:
    for typed in ADDRESS.findall(text.lower()):
        user, domain = email_parts(typed)
        yield from fold(user).split()
        if not is_free_mail(email_parts(email_key(typed))[1]):
            yield from fold(domain).split()


def phone_words(text: str, country: str) -> set[str]:
    """The digits of every number in the field: from the first, from the local part, and backwards.

    A field without a usable number is found by the digits that were typed.
    """
    keys = [key.removeprefix("+") for key, _ in phone_keys(text, country)]
    if not keys:
        typed = "".join(filter(str.isdigit, text))
        keys = [typed] if len(typed) >= FEWEST_DIGITS else []
    words = set()
    for digits in keys:
        words |= {digits, BACKWARDS + digits[::-1]}
        if len(digits) == NATIONAL_DIGITS:
            words.add(digits[-LOCAL_DIGITS:])
    return words


def place_words(text: str) -> set[str]:
    """The words of an address: number, street, city, state, postcode."""
    return {PLACE + word for word in address_words(text)}


def number_word(number: int) -> str:
    """The number of a customer or job, without the company's letters before it."""
    return f"{NUMBER}{number}"


def trimmed(words: set[str]) -> set[str]:
    """Words as they are stored: none longer than its column."""
    return {word[:LONGEST_WORD] for word in words}
