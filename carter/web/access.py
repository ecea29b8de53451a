"""Rights at the door of a view. The deeds behind it check them again."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponseBase

from carter.companies.rights import Right
from carter.web.middleware.company import StaffRequest

View = Callable[..., HttpResponseBase]


def needs(right: Right) -> Callable[[View], View]:
    """Refuse the view, saying who may, unless the person has the right."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            request.member.must(right)
            return view(request, *args, **kwargs)

        return guarded

    return guard


def handles_money(right: Right) -> Callable[[View], View]:
    """Let the view not exist for who may not see money; refuse it to who may only see it."""

    def guard(view: View) -> View:
        return hidden_without(Right.SEE_MONEY)(needs(right)(view))

    return guard


def hidden_without(right: Right) -> Callable[[View], View]:
    """Let the view not exist for who lacks the right: what they may not see they may not guess."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.member.may(right):
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return guard


def of_storage(view: View) -> View:
    """Let a view of the Storage module not exist for a company that has the module off.

    It stands above all others, so that nothing else is answered first.
    """

    @wraps(view)
    def guarded(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.company.has_storage:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded
