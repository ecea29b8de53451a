"""First names and what they are short for, folded: Bob is Robert."""

from functools import lru_cache

from nicknames import NickNamer

NICKNAMES = NickNamer()

# What the public list lacks of names that are heard every week, Spanish ones above all.
ALSO_SHORT = """
    barb:barbara beto:alberto beto:roberto cate:catherine caro:carolina chas:charles chava:salvador
    chela:graciela chuy:jesus clint:clinton concha:concepcion cris:cristina dani:daniel
    dani:daniela isa:isabel javi:javier jay:jason jerry:jerome kat:katherine kathie:katherine
    katie:catherine katie:katherine kike:enrique kris:kristina kristi:kristina lalo:eduardo
    lex:alexandra liam:william lucho:luis lupe:guadalupe maddie:madison mari:maria mel:melanie
    memo:guillermo moe:maurice nacho:ignacio nando:fernando nell:eleanor paco:francisco
    pancho:francisco pepe:jose poncho:alfonso quique:enrique rafa:rafael robbie:robert rog:roger
    roxy:roxanne santi:santiago stan:stanley suzy:susan tere:teresa tono:antonio xander:alexander
"""
ALSO = [tuple(pair.split(":")) for pair in ALSO_SHORT.split()]


@lru_cache(maxsize=65536)
def canons(first: str) -> frozenset[str]:
    """A folded first name with the names it may be short for: Bob is Bob and Robert.

    The list also knows Robert as short for Bill; what is longer is not the short form.
    """
    if len(first) < 2 or " " in first:
        return frozenset({first} - {""})
    full = (name for name in _full_forms(first) if len(name) >= len(first))
    return frozenset({first, *full})


@lru_cache(maxsize=65536)
def short_names(first: str) -> frozenset[str]:
    """The usual short forms of a folded first name: of Robert, Bob and Rob."""
    return frozenset(name for name in _called(first) if is_short_for(name, first))


@lru_cache(maxsize=65536)
def initials(first: str) -> frozenset[str]:
    """The letters a folded first name may be shortened to: Robert is R., and B. for Bob."""
    called = (name for name in _called(first) if len(name) <= len(first))
    return frozenset(name[0] for name in (*canons(first), *called) if name)


@lru_cache(maxsize=65536)
def is_usual(first: str) -> bool:
    """Whether a folded first name is a known one, and so hardly a slip for another."""
    return bool(_full_forms(first) or _called(first))


def is_short_for(short: str, full: str) -> bool:
    """Whether a folded first name is a usual short form of another."""
    return short != full and full in canons(short)


def _full_forms(first: str) -> set[str]:
    return NICKNAMES.canonicals_of(first) | {full for short, full in ALSO if short == first}


def _called(first: str) -> set[str]:
    return NICKNAMES.nicknames_of(first) | {short for short, full in ALSO if full == first}
