"""The pages for requests that cannot be answered. Each shows the request's name, to be quoted."""

import sys
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from carter.web import keeping
from carter.web.middleware.request_id import request_id
from carter.web.parts import words_above
from carter.web.unavailable import why_unavailable

RETRY_SECONDS = 10


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was open for so long, or signed out elsewhere, that its form is no longer valid."""
    return error_page(request, status=403, form_expired=True)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Something went wrong: Carter’s mistake, or the database or the disk, which is said."""
    reason = why_unavailable(sys.exc_info()[1])
    return unavailable(request, reason) if reason else error_page(request, status=500)


def unavailable(request: HttpRequest, reason: str) -> HttpResponse:
    """Not now, and why. A form that was sent is on the page, to be sent again."""
    context = {
        "reason": reason,
        "is_sent": request.method == "POST",
        "again": keeping.fields_of(request) if can_be_sent_again(request) else None,
        "token": request.POST.get("csrfmiddlewaretoken", ""),
        "path": request.get_full_path(),
    }
    answer = error_page(request, status=503, **context)
    answer["Retry-After"] = str(RETRY_SECONDS)
    return answer


def can_be_sent_again(request: HttpRequest) -> bool:
    """Whether all of what was sent can stand on a page: no file can, and no password is to."""
    return (
        request.method == "POST"
        and "csrfmiddlewaretoken" in request.POST
        and not request.FILES
        and not any("password" in name for name in request.POST)
    )


def error_page(request: HttpRequest, *, status: int, **context: Any) -> HttpResponse:
    """The page for the status; where htmx asked for a part of a page, only its words are shown.

    It is rendered without context processors: they ask the database, which may be what failed.
    """
    page = render_to_string(f"{status}.html", {"request_id": request_id(request), **context})
    return words_above(request, HttpResponse(page, status=status))
