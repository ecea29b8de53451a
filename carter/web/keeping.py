"""What somebody typed when their session had ended, kept until they are signed in again."""

from typing import Any

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

LIMIT = 200_000
NEVER = ("csrfmiddlewaretoken", "credential")


def keep(request: HttpRequest) -> bool:
    """Keep the fields of a form that could not be saved; false when they cannot be kept.

    Not kept: what is too much, files, and what is not for an address of our own. Passwords are
    left out.
    """
    path = request.get_full_path()
    fields = [
        [name, str(value)]
        for name, values in request.POST.lists()
        if name not in NEVER and "password" not in name
        for value in values
    ]
    too_much = sum(len(name) + len(value) for name, value in fields) > LIMIT
    if too_much or request.FILES or not url_has_allowed_host_and_scheme(path, None):
        return False
    request.session["kept"] = {"path": path, "fields": fields}
    return True


def kept(request: HttpRequest) -> dict[str, Any] | None:
    """What is kept for this person, if anything."""
    return request.session.get("kept")


def forget(request: HttpRequest) -> None:
    """Let go of it, once it was offered and answered."""
    request.session.pop("kept", None)


def forget_once_sent(request: HttpRequest) -> None:
    """Let go of it when the same form arrives after all."""
    kept_form = kept(request)
    if kept_form is not None and kept_form["path"] == request.get_full_path():
        forget(request)
