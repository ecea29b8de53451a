"""What Carter concludes of a phone or mailbox that several customers have. Pure.

It explains what matching does with it anyway: the more customers hold a value, the less it says.
"""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import NamedTuple

from carter.customers.emails import NOBODY, email_parts
from carter.customers.given_names import canons
from carter.matching.keys import CAP, ROLES
from carter.matching.record import Record

FAMILY = 8  # A home with more customers than this is a building, or an office.
MOST_ALIKE = 2 / 3  # So many of those who gave an address live together.


class Conclusion(StrEnum):
    """Whose it is; a person's last word (said.Said) takes the same values, but not `hub`."""

    PERSONAL = "personal"
    HOUSEHOLD = "household"
    DESK = "desk"
    HUB = "hub"
    JUNK = "junk"


class Concluded(NamedTuple):
    """The conclusion, and why in a few words."""

    conclusion: Conclusion
    why: str


def conclude(kind: str, value: str, held_by: int, holders: Sequence[Record]) -> Concluded:
    """Whose a value is that `held_by` customers have; of a hub nobody has to be looked at."""
    if looks_made_up(kind, value):
        return Concluded(Conclusion.JUNK, "looks made up")
    if held_by > CAP:
        return Concluded(Conclusion.HUB, f"more than {CAP} customers: finds nobody by itself")
    if len(holders) < 2 or _are_one(holders):
        return Concluded(Conclusion.PERSONAL, "one name, entered again and again")
    if held_by <= FAMILY and (why := _why_family(holders)):
        return Concluded(Conclusion.HOUSEHOLD, why)
    return Concluded(Conclusion.DESK, _why_desk(kind, value, holders))


def looks_made_up(kind: str, value: str) -> bool:
    """Whether it is like what is typed to get past a field, yet might be somebody's after all."""
    if kind == "phone":
        return len(set(value[-7:])) <= 2
    return email_parts(value)[0] in NOBODY - ROLES


def _are_one(holders: Sequence[Record]) -> bool:
    """Whether all records may bear one name, short forms included: Bob and Robert Smith."""
    if any(not record.names and not record.companies for record in holders):
        return False
    firms = [set(record.companies) for record in holders]
    if all(firms):
        return bool(set.intersection(*firms))
    firsts = [_firsts(record) for record in holders]
    return bool(set.intersection(*firsts)) and _in_common(holders, _lasts)


def _in_common(holders: Sequence[Record], values: Callable[[Record], set[str]]) -> bool:
    return bool(set.intersection(*(values(record) for record in holders)))


def _firsts(record: Record) -> set[str]:
    return {canon for name in record.names if name.first for canon in canons(name.first)}


def _lasts(record: Record) -> set[str]:
    return {name.last for name in record.names if name.last}


def _why_family(holders: Sequence[Record]) -> str:
    """Why these are one home; empty when they are not."""
    if _in_common(holders, _lasts):
        return "one last name, several first names"
    if any(record.companies for record in holders):
        return ""
    buildings = [
        {address.building for address in record.addresses if address.building} for record in holders
    ]
    known = [some for some in buildings if some]
    most = max((sum(one in some for some in known) for one in set().union(*known)), default=0)
    return "one address" if most > 1 and most >= MOST_ALIKE * len(known) else ""


def _why_desk(kind: str, value: str, holders: Sequence[Record]) -> str:
    if kind == "email" and email_parts(value)[0] in ROLES:
        return "an office mailbox"
    lasts = {name.last for record in holders for name in record.names[:1] if name.last}
    firms = sum(bool(record.companies) for record in holders)
    if firms * 2 > len(holders):
        return f"{firms} companies"
    return f"{len(lasts)} different last names" if len(lasts) > 1 else "different people"
