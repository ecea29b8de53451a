"""The one question of matching: are these two the same customer, and why?

Pure: it knows records, not the database. `find.py` asks it about the customers of a company,
`measure.py` about a file.
"""

from dataclasses import dataclass

from carter.matching.evidence import Evidence, evidence_of
from carter.matching.record import Record
from carter.matching.scoring import Book, Score, score
from carter.matching.verdicts import Verdict, probability_of, verdict_of


@dataclass(frozen=True, slots=True)
class Resemblance:
    """What two records are to each other: how probably the same customer, the verdict, and why."""

    probability: float
    verdict: Verdict
    evidence: tuple[Evidence, ...]


def match(ours: Record, theirs: Record, book: Book) -> Resemblance:
    """Compare two records among all those of a book; which of the two comes first is all one."""
    return resemblance_of(score(ours, theirs, book))


def resemblance_of(result: Score) -> Resemblance:
    """What a score comes to, with the reasons."""
    verdict = verdict_of(result)
    return Resemblance(probability_of(result, verdict), verdict, evidence_of(result))


def judge(ours: Record, theirs: Record, book: Book) -> tuple[float, Verdict]:
    """The answer without its reasons, for going through a whole book."""
    result = score(ours, theirs, book)
    verdict = verdict_of(result)
    return probability_of(result, verdict), verdict
