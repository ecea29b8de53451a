"""Passwords that whoever knows the office would try first."""

import re
from typing import Any

from django.core.exceptions import ValidationError

from carter.companies.models import User

OURS = ("carter", "customer", "mover", "moving", "movers", "storage", "password", "welcome")
FEWEST_OTHER_SIGNS = 6


class NotOurOwnWords:
    """Refuses what is little more than the person's, the company's or the trade's own words."""

    def validate(self, password: str, user: Any = None) -> None:
        left = password.lower()
        for word in sorted({*OURS, *words_about(user)}, key=len, reverse=True):
            left = left.replace(word, "")
        other = re.sub(r"[\W_0-9]", "", left)
        if len(left) < FEWEST_OTHER_SIGNS or not other:
            raise ValidationError(
                "Whoever knows you or your company would guess this. Choose words that have "
                "nothing to do with either.",
                code="password_our_own_words",
            )

    def get_help_text(self) -> str:
        return "Not your own name, your company’s, or a word of the trade."


def words_about(user: Any) -> set[str]:
    """The words of a person's name and address, and of the names of their companies."""
    if not isinstance(user, User):
        return set()
    said = [user.name, user.email]
    if user.pk:
        said += [place.company.name for place in user.places]
    return {word for text in said for word in re.findall(r"\w{3,}", text.lower())}
