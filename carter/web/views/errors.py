"""The pages for requests that cannot be answered. Each shows the request's name, to be quoted."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from carter.web.middleware.request_id import request_id


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
    return error_page(request, status=500)


def error_page(request: HttpRequest, *, status: int, form_expired: bool = False) -> HttpResponse:
    """The page for the status.

    It is rendered without context processors: they ask the database, which may be what failed.
    """
    context = {"request_id": request_id(request), "form_expired": form_expired}
    return HttpResponse(render_to_string(f"{status}.html", context), status=status)
