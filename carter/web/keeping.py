"""What somebody typed when their session had ended, kept until they are signed in again.

The browser remembers by a signed cookie who was signed in last: what is kept is theirs, and is
offered to nobody else who signs in at the same desk.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme

from carter.companies.models import User

LIMIT = 200_000
NEVER = ("csrfmiddlewaretoken", "credential")
COOKIE = f"{settings.COOKIE_PREFIX}carter_person"
SHARED = "shared"
REMEMBERED_SECONDS = 365 * 24 * 60 * 60


def remember_person(request: HttpRequest, response: HttpResponse, person: User) -> None:
    """Let the browser say later who was signed in last, and whether somebody else was before."""
    last, is_shared = last_person(request)
    if last == str(person.pk):
        return
    response.set_signed_cookie(
        COOKIE,
        f"{person.pk} {SHARED}" if last or is_shared else str(person.pk),
        max_age=REMEMBERED_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def last_person(request: HttpRequest) -> tuple[str, bool]:
    """The key of who was signed in last, empty when unknown; whether others were before them."""
    said = request.get_signed_cookie(COOKIE, default="") or ""
    person, _, shared = said.partition(" ")
    return person, shared == SHARED


def keep(request: HttpRequest) -> bool:
    """Keep the fields of a form that could not be saved; false when they cannot be kept.

    Not kept: what is too much, files, what is not for an address of our own, and what cannot be
    said to be anybody's. Passwords are left out.
    """
    person, _ = last_person(request)
    path = request.get_full_path()
    fields = fields_of(request)
    too_much = sum(len(name) + len(value) for name, value in fields) > LIMIT
    ours = url_has_allowed_host_and_scheme(path, None)
    if not person or too_much or request.FILES or not ours:
        return False
    request.session["kept"] = {"person": person, "path": path, "fields": fields}
    return True


def fields_of(request: HttpRequest) -> list[list[str]]:
    """What was sent, in pairs, without what is nobody's business."""
    return [
        [name, str(value)]
        for name, values in request.POST.lists()
        if name not in NEVER and "password" not in name
        for value in values
    ]


def keep_earlier(request: HttpRequest) -> bool:
    """Keep a form that was opened before the last sign-in in this browser.

    Only where nobody else ever signed in: it could be a form of any of them.
    """
    _, is_shared = last_person(request)
    return not is_shared and keep(request)


def kept(request: HttpRequest) -> dict[str, Any] | None:
    """What is kept for the person who is signed in, if anything; another's is let go of."""
    form: dict[str, Any] | None = request.session.get("kept")
    if form is not None and form.get("person") != str(request.user.pk):
        forget(request)
        return None
    return form


def forget(request: HttpRequest) -> None:
    """Let go of it, once it was offered and answered."""
    request.session.pop("kept", None)


def forget_once_sent(request: HttpRequest) -> None:
    """Let go of it when the same form arrives after all."""
    kept_form = kept(request)
    if kept_form is not None and kept_form["path"] == request.get_full_path():
        forget(request)
