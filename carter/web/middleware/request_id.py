"""A name for every request, on its answer, its error page and each of its log lines."""

import re
import secrets
import time
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse

log = structlog.get_logger(__name__)

KEY = "carter.request_id"
WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,64}")
ROUTINE = {"/healthz", "/readyz"}


class RequestIdMiddleware:
    """Names the request and writes one line about it when it is answered.

    The line has the path but not its query, in which people search for other people's names.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        request.META[KEY] = name = a_name_for(request)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=name)
        response = self.get_response(request)
        response["X-Request-ID"] = name
        say = log.debug if request.path in ROUTINE else log.info
        say(
            "request",
            method=request.method,
            path=request.path,
            status=response.status_code,
            ms=round((time.perf_counter() - started) * 1000, 1),
        )
        return response


def request_id(request: HttpRequest) -> str:
    """The name the request was given."""
    return str(request.META.get(KEY, ""))


def in_templates(request: HttpRequest) -> dict[str, str]:
    """The name, for every page that wants to show it."""
    return {"request_id": request_id(request)}


def a_name_for(request: HttpRequest) -> str:
    """The name a proxy of ours gave the request, else a new one."""
    given = request.headers.get("X-Request-ID", "") if settings.PROXIES else ""
    return given if WELL_FORMED.fullmatch(given) else secrets.token_hex(8)
