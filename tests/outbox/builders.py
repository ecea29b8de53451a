"""Letters for tests."""

from typing import Any

from carter.companies.models import Company
from carter.outbox.models import Letter
from carter.outbox.posting import post_letter


def a_letter(
    company: Company, *, state: str = "", tries: int = 0, trouble: str = "", **said: Any
) -> Letter:
    """A letter in the outbox, in a state if one is said."""
    usual = {
        "to": ["ann@example.com"],
        "subject": "Invoice INV-204",
        "text": "Your invoice is attached.\n",
        "by": None,
    }
    letter = post_letter(company=company, **(usual | said))
    if state:
        letter.state, letter.tries, letter.trouble = state, tries, trouble
        letter.save()
    return letter
