"""How Carter signs people in: allauth, closed to strangers and patient with mail that fails."""

from smtplib import SMTPException
from typing import Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse

from carter.companies.models import User

log = structlog.get_logger(__name__)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Accounts come from `carter open-company` and from invitations, never from a sign-up."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "No one signs in with this email and password.",
        "email_taken": "Somebody else signs in with this email.",
        "too_many_login_attempts": "Too many attempts. Wait five minutes, then try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("profile")

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Write it down: whose account it was, and from where, but nothing that was typed."""
        super().authentication_failed(request, **credentials)
        user = User.objects.filter(email=str(credentials.get("email", "")).lower()).first()
        log.warning("sign-in failed", user=user and user.pk, address=self.get_client_ip(request))

    def post_login(self, request: HttpRequest, user: User, **said: Any) -> Any:
        log.info("signed in", user=user.pk, address=self.get_client_ip(request))
        return super().post_login(request, user, **said)

    def send_notification_mail(
        self, template_prefix: str, user: User, *rest: Any, **said: Any
    ) -> Any:
        """Tell the person that how they sign in was changed; it is written down as well."""
        log.info("account changed", what=template_prefix.rpartition("/")[2], user=user.pk)
        return super().send_notification_mail(template_prefix, user, *rest, **said)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send it; a mail server that is down is no reason to undo what was asked for.

        Who is signed in is told. A stranger is not: it would say that the address is known.
        """
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, SMTPException) as trouble:
            log.warning("mail not sent", mail=template_prefix, trouble=str(trouble))
            if self.request is not None and self.request.user.is_authenticated:
                messages.warning(self.request, f"The mail to {email} could not be sent.")


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    """Second steps and passkeys, called what people call them."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "This is not right. The codes of an app change every 30 seconds.",
        "unverified_email": "Confirm your new email first.",
    }

    def generate_authenticator_name(self, user: User, type: str) -> str:  # noqa: A002 (allauth's)
        return f"Passkey {Authenticator.objects.filter(user=user, type=type).count() + 1}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": "Carter"}
