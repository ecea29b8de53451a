"""What is kept of matching: keys and profiles, decisions, duplicates, shared phones and emails."""

from carter.matching.models.decisions import MatchDecision, MatchDecisionQuerySet
from carter.matching.models.duplicates import BookRun, DuplicateGroup, PossibleDuplicate
from carter.matching.models.filed import Key, Profile
from carter.matching.models.shared import LastWord, LastWordQuerySet, SharedIdentifier
from carter.matching.models.trained import MatchModel

__all__ = [
    "BookRun",
    "DuplicateGroup",
    "Key",
    "LastWord",
    "LastWordQuerySet",
    "MatchDecision",
    "MatchDecisionQuerySet",
    "MatchModel",
    "PossibleDuplicate",
    "Profile",
    "SharedIdentifier",
]
