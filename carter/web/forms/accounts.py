"""Forms of signing in, in Carter's words."""

from typing import Any

from allauth.account.forms import LoginForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm


class SignInForm(LoginForm):  # type: ignore[misc]  # allauth ships no types
    """Email and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "Email"
        self.fields["remember"].label = "Keep me signed in on this device"
        for name in ("login", "password"):
            self.fields[name].widget.attrs.pop("placeholder", None)


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]  # allauth ships no types
    """A new passkey, which usually replaces the password altogether."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].help_text = "Where it is kept, such as “Office laptop”."
        alone = self.fields["passwordless"]
        alone.label, alone.initial = "Sign in with this passkey alone", True
        alone.help_text = "Untick it for a plain security key that has no PIN or fingerprint."
