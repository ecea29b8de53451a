"""Addresses as people type them, in one line or split, and the form in which two are compared."""

import re
from dataclasses import dataclass

from carter.customers.names import fold

LONGEST_ADDRESS = 400

SUFFIX_FORMS = """
    st street str, ave avenue av aven, rd road, dr drive drv, ln lane, ct court crt,
    blvd boulevard boul blv, pl place, cir circle circ, ter terrace terr, pkwy parkway pky,
    hwy highway, way, trl trail, sq square, loop, aly alley, xing crossing, plz plaza, row, run,
    pike, path, pass, cv cove, pt point, ridge rdg, vw view, crst crest, cres crescent, expy,
    walk, mnr manor, hts heights, hl hill, holw hollow, glen gln, grv grove, lndg landing
"""
DIRECTION_FORMS = """
    n north, s south, e east, w west, ne northeast, nw northwest, se southeast, sw southwest
"""
ORDINAL_FORMS = """
    1st first, 2nd second, 3rd third, 4th fourth, 5th fifth, 6th sixth, 7th seventh, 8th eighth,
    9th ninth, 10th tenth, 11th eleventh, 12th twelfth
"""


def _by_form(forms: str) -> dict[str, str]:
    """The short form by every form: each group is the short one and what it stands for."""
    groups = [group.split() for group in forms.split(",")]
    return {form: group[0] for group in groups for form in group}


SUFFIXES = _by_form(SUFFIX_FORMS)
DIRECTIONS = _by_form(DIRECTION_FORMS)
SHORT_FORMS = SUFFIXES | DIRECTIONS | _by_form(ORDINAL_FORMS)

STATE_FORMS = """
    AL Alabama, AK Alaska, AZ Arizona, AR Arkansas, CA California, CO Colorado, CT Connecticut,
    DE Delaware, DC District of Columbia, FL Florida, GA Georgia, HI Hawaii, ID Idaho, IL Illinois,
    IN Indiana, IA Iowa, KS Kansas, KY Kentucky, LA Louisiana, ME Maine, MD Maryland,
    MA Massachusetts, MI Michigan, MN Minnesota, MS Mississippi, MO Missouri, MT Montana,
    NE Nebraska, NV Nevada, NH New Hampshire, NJ New Jersey, NM New Mexico, NY New York,
    NC North Carolina, ND North Dakota, OH Ohio, OK Oklahoma, OR Oregon, PA Pennsylvania,
    PR Puerto Rico, RI Rhode Island, SC South Carolina, SD South Dakota, TN Tennessee, TX Texas,
    UT Utah, VT Vermont, VA Virginia, WA Washington, WV West Virginia, WI Wisconsin, WY Wyoming,
    AB Alberta, BC British Columbia, MB Manitoba, NB New Brunswick, NL Newfoundland, NS Nova Scotia,
    ON Ontario, PE Prince Edward Island, QC Quebec, SK Saskatchewan, YT Yukon
"""
STATE_NAMES = dict(line.split(maxsplit=1) for line in STATE_FORMS.split(","))
STATES = {fold(name): code for code, name in STATE_NAMES.items()} | {
    code.lower(): code for code in STATE_NAMES
}

COUNTRY = re.compile(
    r"[\s,]+(?:usa|u\.s\.a\.?|us|united states(?: of america)?|canada)\s*$", re.IGNORECASE
)
POSTCODE = re.compile(
    r"(?:^|[\s,])(?:(\d{5})(?:[- ]?\d{4})?|([a-z]\d[a-z])[ -]?(\d[a-z]\d))[\s,.]*$", re.IGNORECASE
)
UNIT = re.compile(
    r"[\s,]+(?:(?:apartment|apt|unit|suite|ste|room|rm|lot|space|spc|floor|fl|bldg|building)\b"
    r"[\s.#:]{0,3}|#\s{0,2})([a-z0-9][a-z0-9-]{0,7})(?![\w])",
    re.IGNORECASE,
)
POST_BOX = re.compile(r"^\W{0,3}p\.?\s?o\.?\s?box\s{0,2}#?\s{0,2}(\w{1,10})", re.IGNORECASE)
NUMBER = re.compile(r"^\s*(\d+(?:-\d+)?[a-z]?)\b|\b(\d+[a-z]?)\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """The parts of an address, folded; what was not typed or not recognised is empty.

    `street` is the name with its direction and short suffix, without number and unit:
    123 North Main Street Apt 4 has number "123", street "n main st", unit "4".
    """

    number: str = ""
    street: str = ""
    unit: str = ""
    city: str = ""
    state: str = ""
    postcode: str = ""

    def __bool__(self) -> bool:
        return bool(self.number or self.street or self.city or self.state or self.postcode)

    @property
    def building(self) -> str:
        """House number and street; empty unless both are known."""
        return f"{self.number} {self.street}" if self.number and self.street else ""

    @property
    def bare_street(self) -> str:
        """The street's name without suffix and direction, which are often left out or wrong."""
        words = self.street.split()
        bare = [word for word in words if word not in SUFFIXES and word not in DIRECTIONS]
        return " ".join(bare or words)


def postal_address(
    street: str, unit: str = "", city: str = "", state: str = "", postcode: str = ""
) -> PostalAddress:
    """Take an address apart: one line in `street`, or its fields as far as they were given."""
    line = ", ".join(filter(None, (part.strip() for part in (street, unit, city))))
    line = f"{line}, {state.strip()} {postcode.strip()}"[:LONGEST_ADDRESS]
    line, code = _without_postcode(COUNTRY.sub("", line.rstrip(" ,")))
    line, code_of_state = _without_state(line, certain=bool(code))
    line, flat = _without_unit(line)
    number, name, town = _street_and_city(line)
    return PostalAddress(number, name, flat, town, code_of_state, code)


def street_key(text: str) -> str:
    """House number, street and postcode of an address on one line; empty without the first two."""
    address = postal_address(text)
    return f"{address.building} {address.postcode}".strip() if address.building else ""


def address_words(text: str) -> list[str]:
    """The words by which an address is found, short and long form of a street as one."""
    words = (_short(word) for word in fold(text[:LONGEST_ADDRESS]).split())
    return list(dict.fromkeys(words))


def _without_postcode(line: str) -> tuple[str, str]:
    found = POSTCODE.search(line)
    if not found or not found.start():
        return line, ""
    code = found[1] or f"{found[2]} {found[3]}".lower()
    return line[: found.start()], code


def _without_state(line: str, *, certain: bool) -> tuple[str, str]:
    """The state is the last one to three words, with a city and a street before it.

    CT is Court unless a comma or a postcode says that it is Connecticut.
    """
    words = line.replace(",", " , ").strip(" ,").split()
    for length in (3, 2, 1):
        end = len(words) - length
        state = STATES.get(fold(" ".join(words[end:]))) if end > 0 else None
        if state and (certain or "," in words or state.lower() not in SUFFIXES):
            return " ".join(words[:end]), state
    return line, ""


def _without_unit(line: str) -> tuple[str, str]:
    found = UNIT.search(line)
    if not found:
        return line, ""
    return f"{line[: found.start()]},{line[found.end() :]}", fold(found[1])


def _street_and_city(line: str) -> tuple[str, str, str]:
    """Number, street and city; without a comma the street ends at its suffix."""
    box = POST_BOX.match(line)
    if box:
        return fold(box[1]), "po box", fold(line[box.end() :])
    street, _, rest = line.strip(" ,").partition(",")
    number, street = _without_number(street)
    words = [_short(word) for word in fold(street).split()]
    end = _end_of_street(words)
    city = fold(rest.strip(" ,").partition(",")[0]) or " ".join(words[end:])
    return number, " ".join(words[:end]), city


def _without_number(street: str) -> tuple[str, str]:
    """The house number, first or, as in Hauptstraße 5, last."""
    found = NUMBER.search(street)
    if not found:
        return "", street
    number = (found[1] or found[2]).lower()
    return number, f"{street[: found.start()]} {street[found.end() :]}"


def _end_of_street(words: list[str]) -> int:
    """How many words are the street: through its last suffix in a row and a direction after it."""
    for position in range(1, len(words)):
        if words[position] in SUFFIXES:
            end = position + 1
            while end < len(words) and words[end] in SUFFIXES:
                end += 1
            return end + (end < len(words) and words[end] in DIRECTIONS)
    return len(words)


def _short(word: str) -> str:
    return SHORT_FORMS.get(word, word)
