"""A limit on how often one network address may ask for something that needs no signing in."""

from collections.abc import Callable
from functools import wraps
from time import time
from typing import Any

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from carter.web.middleware.request_id import request_id

View = Callable[..., HttpResponse]
MINUTE = 60


def at_most(times: int, what: str) -> Callable[[View], View]:
    """Answer one address so many times a minute, then 429."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if _asked(request, what) <= times:
                return view(request, *args, **kwargs)
            page = render_to_string("429.html", {"request_id": request_id(request)})
            return HttpResponse(page, status=429, headers={"Retry-After": str(MINUTE)})

        return guarded

    return guard


def _asked(request: HttpRequest, what: str) -> int:
    """How often this address asked within this minute of the clock, this time included.

    The minute stands in the key: counting on would otherwise push the end of it away.
    """
    address = get_adapter(request).get_client_ip(request)
    key = f"{what}:{address}:{int(time() // MINUTE)}"
    if cache.add(key, 1, 2 * MINUTE):
        return 1
    try:
        return int(cache.incr(key))
    except ValueError:  # It was cleared away in between.
        return 1
