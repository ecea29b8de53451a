"""How much alike two first names, surnames, numbers, mailboxes, addresses or companies are.

Each answer is a level: a word that the weights know (see weights.py).
"""

import re
from functools import lru_cache

from rapidfuzz.distance import OSA

from carter.customers.addresses import PostalAddress
from carter.customers.emails import email_parts, is_free_mail
from carter.customers.given_names import canons, initials, is_usual
from carter.customers.names import PersonName, sound
from carter.matching.keys import ROLES
from carter.matching.record import Number


def first_names(ours: PersonName, theirs: PersonName) -> str:
    """How the first names compare; empty when one is not known."""
    if not ours.first or not theirs.first:
        return ""
    level = _given_names(ours.first, theirs.first)
    if level != "different":
        return level
    if ours.nickname in canons(theirs.first) or theirs.nickname in canons(ours.first):
        return "nickname"
    if _is_middle(ours.first, theirs.middle) or _is_middle(theirs.first, ours.middle):
        return "middle"
    if ours.first == theirs.partner_first or theirs.first == ours.partner_first:
        return "partner"
    return "different"


def surnames(ours: PersonName, theirs: PersonName) -> str:
    """How the surnames compare; empty when one is not known."""
    if not ours.last or not theirs.last:
        return ""
    level = _family_names(ours.last, theirs.last)
    if level == "different" and set(ours.last_parts) & set(theirs.last_parts):
        return "half"
    return level


def middle_names(ours: PersonName, theirs: PersonName) -> str:
    """Whether the middle names or initials agree; empty when one is not known."""
    if not ours.middle or not theirs.middle:
        return ""
    shorter, longer = sorted((ours.middle, theirs.middle), key=len)
    return "same" if longer.startswith(shorter) else "different"


def generations(ours: PersonName, theirs: PersonName) -> str:
    """Whether father and son are told apart; "unsaid" when only one name says which."""
    if ours.generation == theirs.generation:
        return "same" if ours.generation else ""
    return "different" if ours.generation and theirs.generation else "unsaid"


def numbers(ours: Number, theirs: Number) -> str:
    """How two phone numbers compare; seven digits compare with the end of ten."""
    if ours.key == theirs.key:
        other = ours.extension and theirs.extension and ours.extension != theirs.extension
        return "extension" if other else "same"
    shorter, longer = sorted((ours.key, theirs.key), key=len)
    if len(shorter) == 7:
        return "ending" if longer.endswith(shorter) else "different"
    return "digit" if OSA.distance(shorter, longer, score_cutoff=1) == 1 else "different"


def mailboxes(ours: str, theirs: str) -> str:
    """How two mailboxes compare. A letter may slip; bob51 and bob52 are two people."""
    (user, domain), (other_user, other_domain) = email_parts(ours), email_parts(theirs)
    if ours == theirs:
        return "role" if user in ROLES else "same"
    if domain == other_domain and _is_slip(user, other_user, 5):
        return _slip_in_user(user, other_user)
    if user == other_user and user not in ROLES:
        slip = _is_slip(domain, other_domain, 5)
        return "typo" if slip else "user" if len(_digits(user)) > 1 else "name user"
    return "domain" if domain == other_domain and not is_free_mail(domain) else "different"


def homes(ours: PostalAddress, theirs: PostalAddress) -> str:
    """How two addresses compare; empty when one has no house number and street."""
    if not ours.building or not theirs.building:
        return ""
    if ours.number != theirs.number or ours.bare_street != theirs.bare_street:
        return "different"
    if _elsewhere(ours, theirs):
        return "different"
    if ours.unit and theirs.unit and ours.unit != theirs.unit:
        return "unit"
    return "same" if ours.building == theirs.building else "close"


@lru_cache(maxsize=65536)
def firms(ours: str, theirs: str) -> str:
    """How two company keys compare."""
    if ours == theirs:
        return "same"
    if _is_slip(ours, theirs, 6):
        return "typo"
    words, other_words = set(ours.split()), set(theirs.split())
    if words <= other_words or other_words <= words:
        return "part"
    return "words" if ours.split()[:2] == theirs.split()[:2] else "different"


@lru_cache(maxsize=65536)
def _given_names(ours: str, theirs: str) -> str:
    ours, theirs = ours.replace(" ", ""), theirs.replace(" ", "")
    if ours == theirs:
        return "same"
    shorter, longer = sorted((ours, theirs), key=len)
    if len(shorter) == 1:
        return "initial" if shorter in initials(longer) else "different"
    if canons(ours) & canons(theirs):
        return "nickname"
    both_usual = is_usual(ours) and is_usual(theirs)
    if _is_slip(ours, theirs, 4):
        return "near" if both_usual else "typo"
    return "near" if not both_usual and _are_near(shorter, longer) else "different"


@lru_cache(maxsize=65536)
def _family_names(ours: str, theirs: str) -> str:
    ours, theirs = ours.replace(" ", ""), theirs.replace(" ", "")
    if ours == theirs:
        return "same"
    if _is_slip(ours, theirs, 4):
        return "typo"
    alike = min(len(ours), len(theirs)) > 3 and sound(ours) == sound(theirs)
    return "sound" if alike else "different"


def _is_slip(ours: str, theirs: str, shortest: int) -> bool:
    """One letter missing, more, wrong or swapped with its neighbour; two in long words."""
    length = max(len(ours), len(theirs))
    if length < shortest:
        return False
    most = 2 if length > 9 else 1
    return OSA.distance(ours, theirs, score_cutoff=most) <= most


def _slip_in_user(ours: str, theirs: str) -> str:
    """A user made of a name is as near to another as the names are; a number makes it distinct."""
    if _digits(ours) != _digits(theirs) or ours[0] != theirs[0]:
        return "different"
    return "typo" if len(_digits(ours)) > 1 else "name typo"


def _are_near(shorter: str, longer: str) -> bool:
    """Susan typed once as Ssuan and once as Susmn; Guada for Guadalupe; Billy and Wililam."""
    if len(shorter) > 2 and longer.startswith(shorter):
        return True
    if shorter[0] == longer[0] and len(shorter) > 4:
        return OSA.distance(shorter, longer, score_cutoff=2) <= 2
    return any(_is_slip(name, longer, 5) for name in canons(shorter) - {shorter}) or any(
        _is_slip(name, shorter, 5) for name in canons(longer) - {longer}
    )


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _is_middle(first: str, middle: str) -> bool:
    return len(first) > 1 and first in middle.split()


def _elsewhere(ours: PostalAddress, theirs: PostalAddress) -> bool:
    """The same street name in another place: postcode or state tell, unless the city agrees."""
    if ours.city and ours.city == theirs.city:
        return False
    return _differ(ours.postcode, theirs.postcode) or _differ(ours.city, theirs.city)


def _differ(ours: str, theirs: str) -> bool:
    return bool(ours and theirs and ours != theirs)
