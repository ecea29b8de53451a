"""Putting an address into street, city, state and postcode, whichever columns it came in.

Exports run a city into the street, put the apartment where the city belongs and push everything
one column on, or give the whole address in one cell. Nothing typed is lost: what cannot be told
apart with confidence stays in the street.
"""

import re
from typing import NamedTuple

from carter.customers.addresses import COUNTRY, DIRECTIONS, STATES, SUFFIXES, UNIT
from carter.customers.names import fold

POSTCODE = re.compile(r"\d{5}(?:-\d{4})?|[a-z]\d[a-z] ?\d[a-z]\d", re.IGNORECASE)
POSTCODE_AT_END = re.compile(rf"(?:^|[\s,]+)({POSTCODE.pattern})$", re.IGNORECASE)


class Place(NamedTuple):
    """An address in the columns Carter keeps."""

    street: str = ""
    city: str = ""
    state: str = ""
    postcode: str = ""


def place_of(
    street: str, unit: str, city: str, state: str, postcode: str, whole: str
) -> tuple[Place, str]:
    """The address the cells mean, and what `whole` says that does not fit the other cells."""
    if unit:
        street = f"{street}, {unit}" if street else unit
    if not any((street, city, state, postcode)):
        return split(whole), ""
    place = _shifted_back(Place(street, city, state, postcode))
    if place.street and not any(place[1:]):
        place = split(place.street)
    if not whole or _says_no_more(whole, place):
        return place, ""
    return (split(whole), "") if _says_no_more(" ".join(place), split(whole)) else (place, whole)


def split(line: str) -> Place:
    """An address on one line, taken apart as far as that is certain."""
    rest = COUNTRY.sub("", line.strip(" ,")).strip(" ,")
    rest, postcode = _without_postcode(rest)
    parts = [part for part in (part.strip() for part in rest.split(",")) if part]
    parts, state = _without_state(parts, certain=bool(postcode))
    parts, city = _without_city(parts, certain=bool(postcode or state))
    if not parts:
        return Place(street=line.strip())
    return Place(", ".join(parts), city, state, postcode)


def _shifted_back(place: Place) -> Place:
    """Columns as they belong when the apartment stands where the city should."""
    found = UNIT.match(f" {place.city}")
    if not found:
        return place
    unit, rest = (
        f" {place.city}"[: found.end()].strip(),
        f" {place.city}"[found.end() :].strip(" ,"),
    )
    street = f"{place.street}, {unit}" if place.street else unit
    if rest:
        rest, postcode = _without_postcode(rest)
        parts, state = _without_state([rest], certain=bool(postcode))
        return Place(street, " ".join(parts), place.state or state, place.postcode or postcode)
    if POSTCODE.fullmatch(place.postcode) or not place.state:
        return place._replace(street=street, city="")
    return Place(street, f"{place.state} {place.postcode}".strip())


def _without_postcode(line: str) -> tuple[str, str]:
    found = POSTCODE_AT_END.search(line)
    return (line[: found.start()].rstrip(" ,"), found[1]) if found else (line, "")


def _without_state(parts: list[str], *, certain: bool) -> tuple[list[str], str]:
    """A state after a comma, or before a postcode; CT and the like may be a street's suffix."""
    if not parts:
        return parts, ""
    if len(parts) > 1 and fold(parts[-1]) in STATES:
        return parts[:-1], parts[-1]
    before, _, word = parts[-1].rpartition(" ")
    sure = len(parts) > 1 or (certain and word.lower() not in SUFFIXES)
    if sure and before and len(word) == 2 and word.isupper() and word.lower() in STATES:
        return [*parts[:-1], before.rstrip()], word
    return parts, ""


def _without_city(parts: list[str], *, certain: bool) -> tuple[list[str], str]:
    if len(parts) > 1:
        unit = UNIT.match(f" {parts[-1]}")
        if not unit:
            return parts[:-1], parts[-1]
        rest = f" {parts[-1]}"[unit.end() :].strip()
        return ([*parts[:-1], parts[-1][: unit.end() - 1]], rest) if rest else (parts, "")
    if not parts or not certain:
        return parts, ""
    end = _end_of_street(parts[0])
    return [parts[0][:end].rstrip()], parts[0][end:].strip()


def _end_of_street(line: str) -> int:
    """Where the street ends and the city begins in one run of words."""
    unit = UNIT.search(line)
    if unit:
        return unit.end()
    words = list(re.finditer(r"\S+", line))
    if not words or not words[0][0][0].isdigit():
        return len(line)
    for place in range(2, len(words)):
        if fold(words[place][0]) in SUFFIXES:
            return _end_of_run(words, place)
    return len(line)


def _end_of_run(words: list[re.Match[str]], place: int) -> int:
    """The end of the suffixes that follow each other, with a direction after them."""
    while place + 1 < len(words) and fold(words[place + 1][0]) in SUFFIXES:
        place += 1
    if place + 1 < len(words) and fold(words[place + 1][0]) in DIRECTIONS:
        place += 1
    return words[place].end()


def _says_no_more(line: str, place: Place) -> bool:
    return set(fold(line).split()) <= set(fold(" ".join(place)).split())
