"""What somebody decided on the Duplicates page, remembered so that U takes back the last of it."""

from collections.abc import Sequence
from typing import Any

from carter.matching.models import MatchDecision
from carter.web.middleware.company import StaffRequest

REMEMBERED = 20
SESSION = "reviewed"


def remember(request: StaffRequest, decisions: Sequence[MatchDecision], words: str) -> None:
    """Put what was decided together on top of the pile."""
    entry = {
        "company": request.company.pk,
        "decisions": [decision.pk for decision in decisions],
        "words": words,
    }
    request.session[SESSION] = [*_pile(request), entry][-REMEMBERED:]


def last(request: StaffRequest) -> str:
    """What would be taken back, in words; empty when there is nothing."""
    pile = _of_company(request)
    return str(pile[-1]["words"]) if pile else ""


def take_last(request: StaffRequest) -> list[MatchDecision]:
    """The decisions made last, taken off the pile; none when there is nothing."""
    pile = _of_company(request)
    if not pile:
        return []
    request.session[SESSION] = [entry for entry in _pile(request) if entry != pile[-1]]
    made = request.company.match_decisions.filter(pk__in=pile[-1]["decisions"], by=request.member)
    return list(
        made.select_related(*(f"{end}{head}__company" for end in "ab" for head in ("", "__head")))
    )


def _pile(request: StaffRequest) -> list[dict[str, Any]]:
    return list(request.session.get(SESSION, []))


def _of_company(request: StaffRequest) -> list[dict[str, Any]]:
    return [entry for entry in _pile(request) if entry["company"] == request.company.pk]
