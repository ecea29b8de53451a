"""What people decided of two customers, applied to what is found now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from carter.matching.engine import Resemblance
from carter.matching.evidence import Evidence
from carter.matching.holders import Group
from carter.matching.models import MatchDecision
from carter.matching.verdicts import UNFLAGGED, Verdict

DECISIONS = f"""
    SELECT * FROM {MatchDecision._meta.db_table}
    WHERE withdrawn_at IS NULL AND (a_id IN ({{records}}) OR b_id IN ({{records}}))
    ORDER BY at, id
"""  # noqa: S608 (a table's name)
NOTABLE_BITS = 3.0  # What new evidence has to be worth to reopen a decision.


@dataclass(frozen=True, slots=True)
class Standing:
    """The standing decisions by the two current customers they hold for."""

    decisions: Mapping[frozenset[int], MatchDecision]

    def between(self, one: int | None, other: int) -> MatchDecision | None:
        """The decision that holds for two current customers, whichever of them it names first."""
        return self.decisions.get(frozenset({one, other})) if one else None


def standing_decisions(askers: Iterable[int], groups: Mapping[int, Group]) -> Standing:
    """The decisions between these customers' groups and the others, the latest for each pair.

    One query, in SQL of its own as in holders.py.
    """
    asking = {groups[asker].head: groups[asker] for asker in askers if asker in groups}
    records = sorted(record for group in asking.values() for record in group.members)
    if not records or len({group.head for group in groups.values()}) < 2:
        return Standing({})
    places = ", ".join(["%s"] * len(records))
    rows = MatchDecision.across_companies.raw(DECISIONS.format(records=places), records * 2)
    return Standing(
        {
            frozenset({groups[row.a_id].head, groups[row.b_id].head}): row
            for row in rows
            if row.a_id in groups and row.b_id in groups
        }
    )


def as_decided(found: Resemblance, decision: MatchDecision | None) -> Resemblance | None:
    """What is found now in the light of a decision; None when it stands and says Not the Same.

    Same Customer stands until it is withdrawn. What else was decided is reopened by evidence
    that was not known then, which is marked as new.
    """
    if decision is None:
        return found
    if decision.verdict == MatchDecision.Verdict.SAME:
        return replace(found, verdict=Verdict.SURE, probability=1.0)
    known = decision.known_facts
    evidence = tuple(_marked(reason, known, decision) for reason in found.evidence)
    is_household = decision.verdict == MatchDecision.Verdict.SAME_HOUSEHOLD
    if evidence != found.evidence and (found.verdict.is_flag or not is_household):
        return replace(found, evidence=evidence)
    if not is_household:
        return None
    probability = min(found.probability, UNFLAGGED)
    return Resemblance(probability, Verdict.HOUSEHOLD, evidence)


def _marked(reason: Evidence, known: frozenset[str], decision: MatchDecision) -> Evidence:
    is_new = reason.speaks_for and not known.issuperset(reason.facts)
    if not is_new or reason.weight_bits < NOTABLE_BITS:
        return reason
    return replace(reason, words=f"new since “{decision}”: {reason.words}")
