"""Sending what waits in the outbox: the worker's part.

At every step the letter's state is committed before the next thing happens outside, and only by
whoever holds the letter (`tries`). docs/decisions/0051-outbox.md says why.
"""

import time
from datetime import timedelta
from typing import Any

import structlog
from django.db.models import F
from django.utils import timezone
from django.utils.text import Truncator

from carter.outbox.mailserver import MaybeSent, NotNow, Refused, ServerAway, hand_over
from carter.outbox.models import Letter

log = structlog.get_logger(__name__)

State = Letter.State
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 120, 240, 480, 720, 720)]
"""Before each further try, for almost two days in all."""
ROUND_SECONDS = 30
"""Then the worker looks after its other chores."""
UNSURE = (
    "The mail server was being given this letter when Carter stopped. It may or may not have "
    "arrived: ask the customer, or look into the mail server’s own log."
)
CUT_OFF = "The mail server did not confirm this letter. It may or may not have arrived."


def send_due_letters() -> None:
    """Send letters whose time has come, for a while; safe for many workers at once.

    Ends early when the mail server is away: every letter would wait for it in vain.
    """
    _look_after_abandoned()
    until = time.monotonic() + ROUND_SECONDS
    while (letter := _taken()) and _send(letter) and time.monotonic() < until:
        pass


def _look_after_abandoned() -> None:
    """Letters whose worker died: what cannot have left waits again, the rest is for a person."""
    abandoned = Letter.across_companies.abandoned()
    abandoned.filter(state=State.TAKEN).update(state=State.WAITING)
    lost = abandoned.filter(state=State.HANDING_OVER).update(state=State.UNSURE, trouble=UNSURE)
    if lost:
        log.warning("letters unsure", count=lost)


def _taken() -> Letter | None:
    """The next letter that is due, taken up by nobody else in the same moment."""
    for letter in Letter.across_companies.due().order_by("due_at", "id")[:20]:
        mine = Letter.across_companies.filter(pk=letter.pk, state=State.WAITING, tries=letter.tries)
        if mine.update(state=State.TAKEN, tries=F("tries") + 1, taken_at=timezone.now()):
            letter.tries += 1
            return letter
    return None


def _send(letter: Letter) -> bool:
    """Send it and write down what became of it; whether there is a mail server to go on with."""
    try:
        hand_over(letter, before_it_leaves=lambda: _note(letter, State.HANDING_OVER))
    except NotNow as trouble:
        _try_later(letter, str(trouble))
        return not isinstance(trouble, ServerAway)
    except Refused as trouble:
        _note(letter, State.FAILED, trouble=str(trouble))
        log.warning("letter refused", letter=letter.pk, trouble=str(trouble))
    except MaybeSent as trouble:
        _note(letter, State.UNSURE, trouble=CUT_OFF)
        log.warning("letter unsure", letter=letter.pk, trouble=str(trouble))
    else:
        _note(letter, State.SENT, trouble="", sent_at=timezone.now())
        log.info("letter sent", letter=letter.pk)
    return True


def _try_later(letter: Letter, trouble: str) -> None:
    done = letter.tries - letter.first_try
    if done > len(PAUSES):
        _note(letter, State.FAILED, trouble=f"{trouble} It was tried {done} times.")
    else:
        due_at = timezone.now() + PAUSES[done - 1]
        _note(letter, State.WAITING, trouble=trouble, due_at=due_at)
    log.warning("letter not sent", letter=letter.pk, trouble=trouble, tries=letter.tries)


def _note(letter: Letter, state: State, **fields: Any) -> bool:
    """Write what became of the letter, unless somebody else holds it by now; whether it did."""
    if "trouble" in fields:
        fields["trouble"] = Truncator(fields["trouble"]).chars(500)
    held = Letter.across_companies.filter(
        pk=letter.pk, tries=letter.tries, state__in=(State.TAKEN, State.HANDING_OVER)
    )
    return bool(held.update(state=state, taken_at=timezone.now(), **fields))
