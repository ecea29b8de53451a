"""Kept forms: what could not be saved because the session had ended is offered again."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from carter.web import keeping
from carter.web.middleware.company import StaffRequest, is_public
from carter.web.views.errors import csrf_failure as refuse


@require_GET
@never_cache
def index(request: StaffRequest) -> HttpResponse:
    """What was being saved, with the way to save it now."""
    kept = keeping.kept(request)
    if kept is None:
        return redirect("home")
    context = {
        "path": kept["path"],
        "place": in_words(kept["path"]),
        "fields": kept["fields"],
        "shown": [
            (label_of(name), value) for name, value in kept["fields"] if is_typed(name, value)
        ],
    }
    return render(request, "kept/index.html", context)


@require_POST
def forgotten(request: StaffRequest) -> HttpResponse:
    """Let go of what was kept."""
    keeping.forget(request)
    return redirect("home")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form of ours whose session ended is kept and offered again; any other is refused."""
    view: Any = request.resolver_match and request.resolver_match.func
    if view and not is_public(view) and comes_from_us(request) and keeping.keep_earlier(request):
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": "/kept/"})
        return redirect("kept")
    return refuse(request, reason)


def comes_from_us(request: HttpRequest) -> bool:
    """Whether the browser says that a page of ours sent the form."""
    return request.headers.get("Origin", "") == f"{request.scheme}://{request.get_host()}"


def in_words(path: str) -> str:
    """An address as words: /customers/5/notes/ is “Customers › 5 › Notes”."""
    parts = [part for part in path.partition("?")[0].split("/") if part]
    return " › ".join(part.replace("-", " ").capitalize() for part in parts) or "The first page"


def label_of(name: str) -> str:
    return name.replace("_", " ").replace("-", " ").capitalize()


def is_typed(name: str, value: str) -> bool:
    """Whether a person would know it: not empty, and not one of a form's hidden notes."""
    return bool(value.strip()) and name != "once" and not name.startswith("was-")
