"""What somebody typed when their session had ended, kept until they are signed in again."""

from typing import Any

from django.http import HttpRequest

LIMIT = 200_000


def keep(request: HttpRequest) -> bool:
    """Keep the fields of a form that could not be saved; false when there is too much."""
    fields = [
        [name, value]
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
        for value in values
    ]
    if sum(len(name) + len(str(value)) for name, value in fields) > LIMIT:
        return False
    request.session["kept"] = {"path": request.get_full_path(), "fields": fields}
    return True


def kept(request: HttpRequest) -> dict[str, Any] | None:
    """What is kept for this person, if anything."""
    return request.session.get("kept")


def forget(request: HttpRequest) -> None:
    """Let go of it, once it was offered and answered."""
    request.session.pop("kept", None)
