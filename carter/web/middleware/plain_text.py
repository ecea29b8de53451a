"""The character that no text has."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class PlainTextMiddleware:
    """Drops NUL from what an address asks: nobody types it, and PostgreSQL refuses it in a query.

    Forms refuse it themselves.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = request.META.get("QUERY_STRING", "")
        request.META["QUERY_STRING"] = asked.replace("%00", "")
        return self.get_response(request)
