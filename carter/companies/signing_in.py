"""Who somebody is who signs in, or comes back with a session, and what is asked of them."""

from typing import Any, cast

from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.usersessions.models import UserSession
from django.db.models import QuerySet
from django.dispatch import receiver
from django.http import HttpRequest

from carter.companies.models import Member, User

SECOND_STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def second_steps() -> QuerySet[Any]:
    """The apps and passkeys that people have set up."""
    rows: QuerySet[Any] = Authenticator.objects.filter(type__in=SECOND_STEPS)
    return rows


def has_second_step(user: User) -> bool:
    """Whether a password alone does not let this person in."""
    return second_steps().filter(user=user).exists()


@receiver(authenticator_added)
def sign_out_elsewhere(
    request: HttpRequest, user: User, authenticator: Authenticator, **_: Any
) -> None:
    """Whoever got in elsewhere with the password alone is out once it is not enough any more."""
    if authenticator.type in SECOND_STEPS and second_steps().filter(user=user).count() == 1:
        here = request.session.session_key
        for session in UserSession.objects.filter(user=user).exclude(session_key=here):
            session.end()


class PeopleBackend(AuthenticationBackend):  # type: ignore[misc]  # The library has no types.
    """People by email and password; where they work comes with them: every page asks for both."""

    def get_user(self, user_id: Any) -> User | None:
        places = Member.places_of(user_id)
        if not places:
            return cast("User | None", super().get_user(user_id))
        user = places[0].user
        user.places = places
        return user if self.user_can_authenticate(user) else None
