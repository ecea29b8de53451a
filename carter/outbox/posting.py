"""Putting a letter into the outbox, and deciding about one that did not leave."""

from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import parseaddr
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.text import Truncator

from carter.companies.models import Company, Member
from carter.companies.rights import Right, require
from carter.outbox.models import Letter

LARGEST_BYTES = 15_000_000
"""Of all attachments together; many mail servers take no letter above 20 MB as it travels."""
MOST_ADDRESSEES = 20


class CannotPost(Exception):
    """The letter cannot be written; the words are for the desk."""


class CannotDecide(Exception):
    """Nobody needs to decide about the letter any more; the words say why."""


@dataclass(frozen=True)
class Enclosure:
    """A file to go with a letter."""

    name: str
    media_type: str
    data: bytes


@transaction.atomic
def post_letter(
    *,
    company: Company,
    to: Sequence[str],
    cc: Sequence[str] = (),
    subject: str,
    text: str,
    html: str = "",
    enclosures: Sequence[Enclosure] = (),
    key: str | None = None,
    by: Member | None,
) -> Letter:
    """Put a letter into the outbox, in the transaction of the deed that it tells about.

    With a key that was used before in the company, the letter posted then is returned and nothing
    is posted. Whether the actor may write to the customer is for the caller to check, and so is
    History. Raises CannotPost.
    """
    if key and (before := company.letters.filter(key=key).first()):
        return before
    addresses = [*to, *cc]
    _refuse_addresses(addresses, to)
    if sum(len(each.data) for each in enclosures) > LARGEST_BYTES:
        raise CannotPost("What is attached is larger than 15 MB. Send it in parts.")
    letter: Letter = company.letters.create(
        company=company,
        to=[each.strip() for each in to],
        cc=[each.strip() for each in cc],
        subject=Truncator(" ".join(subject.split())).chars(300),
        text=text,
        html=html,
        message_id=f"<{uuid4()}@{_domain()}>",
        key=key,
        by=by,
    )
    for each in enclosures:
        letter.attachments.create(
            company=company, name=each.name, media_type=each.media_type, data=each.data
        )
    return letter


@transaction.atomic
def send_again(letter: Letter, *, by: Member | None) -> Letter:
    """Try a failed or unsure letter once more, from the beginning. Raises CannotDecide."""
    letter = _to_decide(letter, by)
    letter.state, letter.due_at, letter.trouble = Letter.State.WAITING, timezone.now(), ""
    letter.first_try = letter.tries
    letter.save(update_fields=["state", "due_at", "trouble", "first_try"])
    letter.company.record(f"sent again the letter {letter}", by=by)
    return letter


@transaction.atomic
def let_it_be(letter: Letter, *, by: Member | None) -> Letter:
    """Stop asking about a failed or unsure letter; it is not sent again. Raises CannotDecide."""
    letter = _to_decide(letter, by)
    letter.state = Letter.State.LET_BE
    letter.save(update_fields=["state"])
    letter.company.record(f"let be the letter {letter}", by=by)
    return letter


def _to_decide(letter: Letter, by: Member | None) -> Letter:
    require(by, Right.TAKE_PAYMENT)
    letter = letter.company.letters.select_for_update().get(pk=letter.pk)
    if not letter.awaits_a_person:
        raise CannotDecide(
            f"The letter {letter} is {letter.get_state_display().lower()} by now. Nothing was done."
        )
    return letter


def _refuse_addresses(addresses: Sequence[str], to: Sequence[str]) -> None:
    if not to:
        raise CannotPost("Say to whom the letter goes.")
    if len(addresses) > MOST_ADDRESSEES:
        raise CannotPost(f"A letter goes to {MOST_ADDRESSEES} addresses at most.")
    for each in addresses:
        try:
            validate_email(each.strip())
        except ValidationError:
            raise CannotPost(f"“{each}” is not an email address.") from None


def _domain() -> str:
    """The part of a Message-ID that nobody else uses."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "localhost"
