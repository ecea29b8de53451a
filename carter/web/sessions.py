"""How long somebody stays signed in: while they work, and at most two weeks."""

from time import time
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import DateTimeField
from django.utils import timezone

from carter.prepared import Given, Prepared

WRITTEN_AT_MOST_EVERY = 10 * 60
SINCE = "since"


STORED = Prepared(
    lambda: Session.objects.filter(
        session_key=Given("key"), expire_date__gt=Given("now", DateTimeField())
    )
)


class SessionStore(db.SessionStore):
    """A session that ends when it was not used for a while, and some day in any case.

    `SESSION_COOKIE_AGE` is the while. Using it puts its end off, which is written down (and the
    browser told) once in ten minutes. It is as old as the sign-in, not as its last use.
    """

    def load(self) -> dict[str, Any]:
        stored = STORED(key=self.session_key, now=timezone.now())
        if not stored:
            self._session_key = None
            return {}
        (row,) = stored
        found: dict[str, Any] = self.decode(row.session_data)
        if time() - found.get(SINCE, 0) > settings.SESSION_LONGEST_SECONDS:
            self._session_key = None
            return {}
        left = (row.expire_date - timezone.now()).total_seconds()
        if left < settings.SESSION_COOKIE_AGE - WRITTEN_AT_MOST_EVERY:
            self.modified = True
        return found

    def save(self, must_create: bool = False) -> None:
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        data.setdefault(SINCE, int(time()))
        super().save(must_create=must_create)

    def cycle_key(self) -> None:
        """A new name for it whenever somebody has shown who they are: from now on it counts."""
        super().cycle_key()
        self[SINCE] = int(time())
