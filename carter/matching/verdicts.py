"""What a score comes to: the thresholds by meaning, and what no score may overrule."""

from enum import StrEnum
from typing import Generic, NamedTuple, TypeVar

from carter.matching.comparisons import levels_beyond_names
from carter.matching.record import Record
from carter.matching.scoring import Score

Name = TypeVar("Name", int, str)
"""What a record goes by in its book."""

FLAG = 0.5  # Worth a person's look.
UNFLAGGED = 0.49
SURE = 0.9  # Merging would be right 99 times of 100; the score is a little modest.
CERTAIN = 0.98  # The same, where the names leave a doubt.
RELATED = 0.5  # Worth saying that it is a household or a desk.

THEIRS_ALONE = {"phone": 3, "email": 6}  # More records than these share a desk's.

REACHED = {
    "phone": {"same", "family", "ending", "digit"},
    "email": {"same", "typo", "name typo", "user", "role", "family", "domain"},
    "address": {"same", "close"},
    "contact": {"same", "nickname", "typo", "initial"},
}
MAY_REACH = REACHED | {"phone": REACHED["phone"] | {"extension"}}
"""Where a person said that a number is a household's, its extensions are all one."""
PERSONAL_MAILBOX = {"same", "typo", "user"}
SURE_FIRST = {"same", "nickname", "typo", "initial"}
SURE_LAST = {"same", "typo", "half", "sound"}
ALIKE_FIRST = {"same", "nickname", "typo"}
ALIKE_LAST = {"same", "typo", "half"}
SURE_COMPANY = {"same", "typo"}


class Verdict(StrEnum):
    """What two records are to each other, as far as a person should be told."""

    SURE = "sure"
    LIKELY = "likely"
    HOUSEHOLD = "household"
    DESK = "desk"
    NAMESAKE = "namesake"
    NONE = ""

    @property
    def is_flag(self) -> bool:
        """Whether the two are held to be the same customer."""
        return self in {Verdict.SURE, Verdict.LIKELY}


class Judged(NamedTuple, Generic[Name]):
    """Two records of a book: how probably they are the same customer, and what they are held for.

    `one` came into the book before `other`.
    """

    one: Name
    other: Name
    probability: float
    verdict: Verdict


def verdict_of(score: Score) -> Verdict:
    """The verdict on a score. Never on a name alone; two first names are never one person."""
    levels = {row.finding.row: row.finding.level for row in score.weighed}
    held_by = {row.finding.row: row.held_by for row in score.weighed}
    otherwise = Verdict.NAMESAKE if _are_named_alike(levels) else Verdict.NONE
    if not any(levels.get(row) in reached for row, reached in REACHED.items()):
        return otherwise
    same, household, desk, _ = score.now
    if same >= FLAG and not _are_two_people(levels) and not _is_a_stranger(levels, held_by):
        return Verdict.SURE if same >= SURE and _is_beyond_doubt(levels, same) else Verdict.LIKELY
    if household + same >= RELATED and household + same > desk:
        return Verdict.HOUSEHOLD
    if otherwise is Verdict.NONE and desk >= RELATED:
        return Verdict.DESK
    return otherwise


def may_be_related(ours: Record, theirs: Record) -> bool:
    """Whether two have more in common than names: else they are namesakes at most.

    It is quickly told, and most of those who share a name share nothing else.
    """
    return any(level in MAY_REACH[row] for row, level in levels_beyond_names(ours, theirs))


def probability_of(score: Score, verdict: Verdict) -> float:
    """How probably the two are the same customer; below the flag unless the verdict raises it."""
    return score.now.same if verdict.is_flag else min(score.now.same, UNFLAGGED)


def _are_named_alike(levels: dict[str, str]) -> bool:
    first, last = levels.get("first", "same"), levels.get("last", "same")
    named = {"first", "last"} & levels.keys() and first in ALIKE_FIRST and last in ALIKE_LAST
    return bool(named) or levels.get("company") in {"same", "typo", "part"}


def _are_two_people(levels: dict[str, str]) -> bool:
    """Partners, father and son; a Jr. said once may be either, unless the mailbox is the same."""
    if levels.get("first") in {"different", "partner"} or levels.get("generation") == "different":
        return True
    return levels.get("generation") == "unsaid" and levels.get("email") not in PERSONAL_MAILBOX


def _is_a_stranger(levels: dict[str, str], held_by: dict[str, int]) -> bool:
    """Another last name, and nothing in common that is theirs alone: not a change of name."""
    if levels.get("last") != "different":
        return False
    return not any(
        levels.get(row) in personal and held_by[row] <= THEIRS_ALONE[row]
        for row, personal in (("email", PERSONAL_MAILBOX), ("phone", {"same"}))
    )


def _is_beyond_doubt(levels: dict[str, str], same: float) -> bool:
    """Fully named alike; a Jr. has to be said of both. An initial, or another last name as by
    marriage, asks for more in common."""
    if "company" in levels:
        return levels["company"] in SURE_COMPANY
    if levels.get("generation", "same") != "same" or levels.get("middle") == "different":
        return False
    first, last = levels.get("first"), levels.get("last")
    if first in ALIKE_FIRST and last in ALIKE_LAST:
        return True
    if last == "different":
        return same >= CERTAIN and first in {"same", "nickname"}
    return same >= CERTAIN and first in SURE_FIRST and last in SURE_LAST
