"""First names and what they are short for, folded: Bob is Robert."""

from functools import lru_cache

from nicknames import NickNamer

NICKNAMES = NickNamer()


@lru_cache(maxsize=65536)
def canons(first: str) -> frozenset[str]:
    """A folded first name with the names it may be short for: Bob is Bob and Robert.

    The list also knows Robert as short for Bill; what is longer is not the short form.
    """
    if len(first) < 2 or " " in first:
        return frozenset({first} - {""})
    full = (name for name in NICKNAMES.canonicals_of(first) if len(name) >= len(first))
    return frozenset({first, *full})


@lru_cache(maxsize=65536)
def initials(first: str) -> frozenset[str]:
    """The letters a folded first name may be shortened to: Robert is R., and B. for Bob."""
    called = (name for name in NICKNAMES.nicknames_of(first) if len(name) <= len(first))
    return frozenset(name[0] for name in (*canons(first), *called) if name)


@lru_cache(maxsize=65536)
def is_usual(first: str) -> bool:
    """Whether a folded first name is a known one, and so hardly a slip for another."""
    return bool(NICKNAMES.canonicals_of(first) or NICKNAMES.nicknames_of(first))


def is_short_for(short: str, full: str) -> bool:
    """Whether a folded first name is a usual short form of another."""
    return short != full and full in canons(short)
