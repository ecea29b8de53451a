"""Who somebody is who signs in, or comes back with a session, and what is asked of them."""

from typing import Any, cast

from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.models import Authenticator
from django.db.models import QuerySet

from carter.companies.models import Member, User

SECOND_STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def second_steps() -> QuerySet[Any]:
    """The apps and passkeys that people have set up."""
    rows: QuerySet[Any] = Authenticator.objects.filter(type__in=SECOND_STEPS)
    return rows


def has_second_step(user: User) -> bool:
    """Whether a password alone does not let this person in."""
    return second_steps().filter(user=user).exists()


class PeopleBackend(AuthenticationBackend):  # type: ignore[misc]  # The library has no types.
    """People by email and password; where they work comes with them: every page asks for both."""

    def get_user(self, user_id: Any) -> User | None:
        places = Member.places_of(user_id)
        if not places:
            return cast("User | None", super().get_user(user_id))
        user = places[0].user
        user.places = places
        return user if self.user_can_authenticate(user) else None
