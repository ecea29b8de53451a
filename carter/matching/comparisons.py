"""How two records compare, row by row: the level each row reaches, and on what.

A row on which either record is silent is left out: blank is no evidence.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import product
from typing import NamedTuple

from carter.customers.addresses import PostalAddress
from carter.customers.emails import email_parts
from carter.customers.given_names import canons
from carter.customers.names import PersonName
from carter.matching import likeness
from carter.matching.keys import Key, initial_key, name_key, sound_key, user_key
from carter.matching.record import Number, Record

NAMED = ("same", "nickname", "initial", "typo", "near")
FAMILY_WORDS = re.compile(r"^the[._-]?|[._-]?(?:family|fam|home|house|household|clan|s)\d*$")
BEST_FIRST = {
    "first": ("same", "nickname", "typo", "initial", "near", "middle", "", "partner", "different"),
    "last": ("same", "typo", "half", "sound", "", "different"),
    "middle": ("same", "different"),
    "generation": ("same", "unsaid", "different"),
    "phone": ("same", "family", "extension", "ending", "digit", "different"),
    "email": (
        "same",
        "family",
        "role",
        "typo",
        "user",
        "name typo",
        "name user",
        "domain",
        "different",
    ),
    "address": ("same", "close", "unit", "different", ""),
    "company": ("same", "typo", "part", "words", "different"),
    "contact": ("same", "nickname", "initial", "typo", "near", "different", ""),
}


class Finding(NamedTuple):
    """One row of a comparison: the level it reached, and the two values that reached it.

    `shared` are the keys that both values are filed under; how many others hold them says how
    common the agreement is. `label` says what kind of number it is, `swapped` that a name was
    typed surname first.
    """

    row: str
    level: str
    ours: str
    theirs: str
    shared: tuple[Key, ...] = ()
    label: str = ""
    swapped: bool = False

    @property
    def place(self) -> tuple[str, ...]:
        """Where it stands among its like, whichever record came first."""
        return (self.level, *sorted((self.ours, self.theirs)), self.label)


def compare(ours: Record, theirs: Record) -> list[Finding]:
    """Every row on which both records speak: of accounts when both are firms, else of persons."""
    are_accounts = ours.is_account and theirs.is_account
    names = _companies(ours, theirs) if are_accounts else _names(ours, theirs)
    contacts = _contacts(ours, theirs) if are_accounts else []
    beyond = [*_phones(ours, theirs), *_emails(ours, theirs), *_addresses(ours, theirs)]
    return [*names, *contacts, *beyond]


def levels_beyond_names(ours: Record, theirs: Record) -> Iterator[tuple[str, str]]:
    """Row and level of any two values that do not say what the two are called, as they come."""
    for number, other in product(ours.phones, theirs.phones):
        yield "phone", likeness.numbers(number, other)
    for mailbox, another in product(ours.emails, theirs.emails):
        yield "email", likeness.mailboxes(mailbox, another)
    for home, elsewhere in product(ours.addresses, theirs.addresses):
        yield "address", likeness.homes(home, elsewhere)
    if ours.is_account and theirs.is_account:
        for contact, partner in product(ours.names, theirs.names):
            yield "contact", _contact(contact, partner)


def _names(ours: Record, theirs: Record) -> list[Finding]:
    """The two names that fit best; the others are other ways of saying the same."""
    pairs = [_two_names(a, b) for a, b in product(ours.names, theirs.names)]
    if len(pairs) == 1:  # As nearly always.
        return pairs[0]
    return min(pairs, key=_best_fit_first, default=[])


def _best_fit_first(findings: list[Finding]) -> tuple[int, list[tuple[str, ...]]]:
    return _misfit(findings), [finding.place for finding in findings]


def _two_names(ours: PersonName, theirs: PersonName) -> list[Finding]:
    findings = _in_order(ours, theirs)
    if _misfit(findings) >= WORST:
        for turned in (_in_order(_turned(ours), theirs), _in_order(ours, _turned(theirs))):
            if _levels(turned).get("last") == "same" and _levels(turned).get("first") in NAMED:
                return [finding._replace(swapped=True) for finding in turned]
    return findings


def _turned(name: PersonName) -> PersonName:
    """The name typed surname first without a comma."""
    return replace(name, first=name.last, last=name.first)


def _in_order(ours: PersonName, theirs: PersonName) -> list[Finding]:
    first, last = likeness.first_names(ours, theirs), likeness.surnames(ours, theirs)
    shared = _shared_name_keys(ours, theirs, first, last)
    findings = [
        Finding("first", first, ours.first, theirs.first, shared),
        Finding("last", last, ours.last, theirs.last, shared),
    ]
    if first in NAMED:
        middle, age = likeness.middle_names(ours, theirs), likeness.generations(ours, theirs)
        findings += [
            Finding("middle", middle, ours.middle, theirs.middle),
            Finding("generation", age, ours.generation, theirs.generation),
        ]
    return [finding for finding in findings if finding.level]


def _shared_name_keys(
    ours: PersonName, theirs: PersonName, first: str, last: str
) -> tuple[Key, ...]:
    """The narrowest key that both names are filed under, as far as they agree."""
    if last in {"same", "half"} and first in {"same", "nickname"}:
        common = (canons(ours.first) & canons(theirs.first)) if first == "nickname" else ()
        full = max(common or {ours.first}, key=lambda name: (len(name), name))
        families = {ours.last, *ours.last_parts} & {theirs.last, *theirs.last_parts}
        # None: "de la Cruz" is "Delacruz" too. By length alone a set's order would decide.
        family = min(families or {ours.last}, key=lambda name: (len(name), name))
        return (("name", name_key(full, family)),)
    if last == "same" and first in {"initial", "typo", "near"}:
        return (("initial", min(initial_key(ours), initial_key(theirs))),)
    if first == "same" and last in {"sound", "typo"}:
        return (("sound", min(sound_key(ours), sound_key(theirs))),)
    return ()


def _misfit(findings: list[Finding]) -> int:
    levels = _levels(findings)
    return sum(BEST_FIRST[row].index(levels.get(row, "")) for row in ("first", "last"))


def _levels(findings: list[Finding]) -> dict[str, str]:
    return {finding.row: finding.level for finding in findings}


WORST = _misfit([Finding("first", "different", "", ""), Finding("last", "different", "", "")])


def _phones(ours: Record, theirs: Record) -> list[Finding]:
    found = (
        Finding("phone", likeness.numbers(a, b), a.key, b.key, _same_key(a, b), a.label or b.label)
        for a, b in product(ours.phones, theirs.phones)
    )
    return _best(found, "phone")


def _same_key(ours: Number, theirs: Number) -> tuple[Key, ...]:
    return (("phone", ours.key),) if ours.key == theirs.key else ()


def _emails(ours: Record, theirs: Record) -> list[Finding]:
    found = _pairs("email", ours.emails, theirs.emails, likeness.mailboxes)
    families = {name.last.replace(" ", "") for name in (*ours.names, *theirs.names) if name.last}
    return [
        _of_user(best) for best in _best((_of_family(each, families) for each in found), "email")
    ]


def _of_user(finding: Finding) -> Finding:
    """One user at two providers: how many have that name there says how much it tells."""
    user = user_key(finding.ours) if finding.level == "user" else ""
    return finding._replace(shared=(("user", user),)) if user else finding


def _of_family(finding: Finding, families: set[str]) -> Finding:
    """A mailbox such as smithfamily@ is the household's."""
    if finding.level != "same":
        return finding
    user = FAMILY_WORDS.sub("", email_parts(finding.ours)[0])
    return finding._replace(level="family") if user in families else finding


def _addresses(ours: Record, theirs: Record) -> list[Finding]:
    found = (
        Finding("address", likeness.homes(a, b), a.building, b.building, _same_street(a, b))
        for a, b in product(ours.addresses, theirs.addresses)
    )
    return _best(found, "address")


def _same_street(ours: PostalAddress, theirs: PostalAddress) -> tuple[Key, ...]:
    return (("street", ours.building),) if ours.building == theirs.building else ()


def _companies(ours: Record, theirs: Record) -> list[Finding]:
    found = _pairs("company", ours.companies, theirs.companies, likeness.firms)
    return _best(found, "company")


def _contacts(ours: Record, theirs: Record) -> list[Finding]:
    """The people named for two firms: the pair that fits best."""
    found = (
        Finding("contact", _contact(a, b), f"{a.first} {a.last}", f"{b.first} {b.last}")
        for a, b in product(ours.names, theirs.names)
    )
    return _best(found, "contact")


def _contact(ours: PersonName, theirs: PersonName) -> str:
    first, last = likeness.first_names(ours, theirs), likeness.surnames(ours, theirs)
    if not first and not last:
        return ""
    agrees = last in {"same", "typo", "half", ""} and first in {*NAMED, ""}
    return (first or "initial") if agrees else "different"


def _pairs(
    row: str, ours: Iterable[str], theirs: Iterable[str], level: Callable[[str, str], str]
) -> Iterator[Finding]:
    for a, b in product(ours, theirs):
        yield Finding(row, level(a, b), a, b, ((row, a),) if a == b else ())


def _best(findings: Iterable[Finding], row: str) -> list[Finding]:
    """The best level among all pairs of values, with every key shared at that level."""
    order = BEST_FIRST[row]
    spoken = [finding for finding in findings if finding.level]
    if len(spoken) < 2:
        return spoken
    best = min(spoken, key=lambda finding: (order.index(finding.level), finding.place))
    equals = (finding.shared for finding in spoken if finding.level == best.level)
    return [best._replace(shared=tuple(sorted({key for keys in equals for key in keys})))]
