"""Why two records may be the same or not, in words for the person at the desk."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from carter.customers.given_names import is_short_for
from carter.matching.comparisons import Finding
from carter.matching.said import Said
from carter.matching.scoring import Score, Weighed

MANY = 4  # From so many customers on it is worth saying how many share a number.
NOTICEABLE = 0.1  # Bits: what agrees speaks for, however little it is worth, and the reverse.
AGAINST = {"different", "partner", "unsaid", "unit", "extension"}
TELLING_LABELS = {"mobile", "home", "work"}
REACHING_ROWS = {"phone", "email", "address", "company"}
SUFFIXES = {"sr": "Sr.", "jr": "Jr.", "iii": "III", "iv": "IV"}

WORDS = {
    ("first", "same"): "same first name",
    ("first", "middle"): "the first name of one is the middle name of the other",
    ("first", "partner"): "{one} and {other} are named as partners",
    ("first", "typo"): "{one} is nearly {other}",
    ("first", "near"): "{one} is near {other}, but may be another name",
    ("first", "different"): "different first name",
    ("last", "same"): "same last name",
    ("last", "typo"): "{one} is nearly {other}",
    ("last", "half"): "half of the last name is the same",
    ("last", "sound"): "{one} sounds like {other}",
    ("last", "different"): "different last name",
    ("middle", "same"): "same middle initial",
    ("middle", "different"): "different middle initial",
    ("generation", "different"): "one is {one}, the other {other}",
    ("phone", "same"): "same {label}number",
    ("phone", "extension"): "same number, different extensions",
    ("phone", "family"): "same {label}number",
    ("phone", "ending"): "same number, one without area code",
    ("phone", "digit"): "phone numbers one digit apart",
    ("phone", "different"): "different phone number",
    ("email", "same"): "same email address",
    ("email", "role"): "same office mailbox",
    ("email", "family"): "same family mailbox",
    ("email", "typo"): "email addresses one slip apart",
    ("email", "name typo"): "email addresses one slip apart",
    ("email", "user"): "same email name at another provider",
    ("email", "name user"): "same email name at another provider",
    ("email", "domain"): "same email domain",
    ("email", "different"): "different email address",
    ("address", "same"): "same address",
    ("address", "close"): "nearly the same address",
    ("address", "unit"): "same building, different unit",
    ("address", "different"): "different street",
    ("company", "same"): "same company name",
    ("company", "typo"): "nearly the same company name",
    ("company", "part"): "one company name is part of the other",
    ("company", "words"): "company names begin alike",
    ("company", "different"): "different company name",
    ("contact", "different"): "different contact",
}

SAID = {
    Said.DESK: ", which is known to be a desk's",
    Said.HOUSEHOLD: ", which is known to be a household's",
    Said.PERSONAL: ", which is known to be one customer's own",
    Said.JUNK: "",
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason, in words; whether it speaks for the same customer, and how much (bits).

    `facts` say the same for machines, so that new evidence can be told from what was known.
    """

    words: str
    speaks_for: bool
    weight_bits: float
    facts: tuple[str, ...] = ()

    def stored(self) -> dict[str, Any]:
        """The reason as plain values, for keeping with a decision."""
        return asdict(self)


def evidence_of(score: Score) -> tuple[Evidence, ...]:
    """What speaks for and against, strongest first."""
    return tuple(sorted(_reasons(score), key=lambda reason: -abs(reason.weight_bits)))


def words_of(row: Weighed) -> str:
    """One finding in words, with how many share it."""
    swapped = ", first and last name swapped" if row.finding.swapped else ""
    return _words(row) + _crowd(row) + swapped


def _reasons(score: Score) -> Iterator[Evidence]:
    rows = {row.finding.row: row for row in score.weighed}
    first, last = rows.get("first"), rows.get("last")
    if first and last and first.finding.level == last.finding.level == "same":
        yield _reason("same name" + _crowd(last), score, first, last)
        del rows["first"], rows["last"]
    if last and last.finding.swapped:
        yield Evidence("first and last name swapped", True, NOTICEABLE)
    for row in rows.values():
        yield _reason(_words(row) + _crowd(row), score, row)


def _reason(words: str, score: Score, *rows: Weighed) -> Evidence:
    speaks_for = rows[0].finding.level not in AGAINST
    bits = score.bits(*rows)
    bits = max(bits, NOTICEABLE) if speaks_for else min(bits, -NOTICEABLE)
    facts = tuple(fact for row in rows for fact in _facts(row.finding))
    return Evidence(words, speaks_for, round(bits, 2), facts)


def _facts(finding: Finding) -> tuple[str, ...]:
    """What agrees, the same from both sides. Of names only that they do, not in which form."""
    if finding.row not in REACHING_ROWS:
        return (finding.row,)
    if finding.shared:
        return tuple(f"{kind} {value}" for kind, value in finding.shared)
    return (" ".join((finding.row, *sorted((finding.ours, finding.theirs)))),)


def _crowd(row: Weighed) -> str:
    """How many share it, when that takes from its worth; what people said of it goes before."""
    if row.said:
        return SAID[row.said]
    if not row.finding.shared or row.held_by < MANY or row.finding.level != "same":
        return ""
    return f", which {row.held_by:,} customers share"


def _words(row: Weighed) -> str:
    finding = row.finding
    if finding.row == "first" and finding.level in {"nickname", "initial"}:
        return _short_form(
            *sorted((finding.ours, finding.theirs), key=lambda name: (len(name), name))
        )
    if finding.row == "contact" and finding.level != "different":
        return "same contact"
    if finding.row == "generation" and finding.level != "different":
        suffix = SUFFIXES[finding.ours or finding.theirs]
        return f"both {suffix}" if finding.level == "same" else f"only one is {suffix}"
    one, other = sorted((finding.ours, finding.theirs))
    label = f"{finding.label} " if finding.label in TELLING_LABELS else "phone "
    return WORDS[finding.row, finding.level].format(
        one=SUFFIXES.get(one, one.title()), other=SUFFIXES.get(other, other.title()), label=label
    )


def _short_form(short: str, full: str) -> str:
    if len(short) == 1:
        return f"{short.title()}. may stand for {full.title()}"
    if is_short_for(short, full):
        return f"{short.title()} is short for {full.title()}"
    if is_short_for(full, short):
        return f"{full.title()} is short for {short.title()}"
    return f"{short.title()} and {full.title()} are forms of one name"
