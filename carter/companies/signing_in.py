"""Who somebody is who signs in, or comes back with a session."""

from typing import Any, cast

from allauth.account.auth_backends import AuthenticationBackend

from carter.companies.models import Member, User


class PeopleBackend(AuthenticationBackend):  # type: ignore[misc]  # The library has no types.
    """People by email and password; where they work comes with them: every page asks for both."""

    def get_user(self, user_id: Any) -> User | None:
        places = Member.places_of(user_id)
        if not places:
            return cast("User | None", super().get_user(user_id))
        user = places[0].user
        user.places = places
        return user if self.user_can_authenticate(user) else None
