"""The one door: who is asking, and for which company. Every view is private unless it says not."""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from carter.companies.models import Company, Member
from carter.companies.rights import NotAllowed
from carter.companies.signing_in import has_second_step
from carter.customers.locking import CannotChange
from carter.web import keeping
from carter.web.parts import words_above

log = structlog.get_logger(__name__)
View = TypeVar("View", bound=Callable[..., HttpResponse])


class StaffRequest(HttpRequest):
    """A request of somebody who works in a company."""

    company: Company
    member: Member
    htmx: Any
    section: str


def public(view: View) -> View:
    """Say that a view may be seen by anybody."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def before_the_second_step(view: View) -> View:
    """Say that a view may be seen before one has the second step that one's company requires."""
    view.is_before_the_second_step = True  # type: ignore[attr-defined]
    return view


class CompanyMiddleware:
    """Sets `request.member` and `request.company`, and keeps strangers out of private views.

    Moments are shown in the company's time zone for as long as the request lasts.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with timezone.override(None):
            response = self.get_response(request)
        # Whoever sits down at the desk next finds no page of the book in the browser's cache.
        response.headers.setdefault("Cache-Control", "private, no-store")
        member: Member | None = getattr(request, "member", None)
        if member is not None:
            keeping.remember_person(request, response, member.user)
        return response

    def process_view(self, request: Any, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if getattr(view, "is_public", False):
            return None
        member = member_of(request) if request.user.is_authenticated else None
        if member is not None:
            request.member, request.company = member, member.company
            structlog.contextvars.bind_contextvars(member=member.pk)
            timezone.activate(member.company.zone)
        if is_public(view):
            request.section = "/settings/"
            return None
        stopped = _stopped(request, view, member)
        if stopped is None and request.method == "POST":
            keeping.forget_once_sent(request)
        return stopped

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, NotAllowed):
            log.warning("not allowed", reason=str(exception))
            return render(request, "not_allowed.html", {"reason": exception}, status=403)
        if isinstance(exception, CannotChange):
            return render(request, "cannot_change.html", {"reason": exception}, status=409)
        return None


def member_of(request: Any) -> Member | None:
    """The person's place in the company they last chose, else in the first they work for."""
    places = request.user.places
    chosen = request.session.get("company")
    return next((place for place in places if place.company_id == chosen), None) or (
        places[0] if places else None
    )


def lacks_second_step(member: Member) -> bool:
    """Whether the company requires a second step, and the person has none."""
    return member.company.requires_second_step and not has_second_step(member.user)


def is_public(view: Any) -> bool:
    """Whether anybody may see it. The library's own views look after themselves."""
    return getattr(view, "is_public", False) or view.__module__.startswith("allauth.")


def _stopped(request: HttpRequest, view: Any, member: Member | None) -> HttpResponse | None:
    """The answer for who may not go in: signed out, without a company, or without a second step."""
    if not request.user.is_authenticated:
        return _to_door(request, settings.LOGIN_URL)
    if member is None:
        return render(request, "account/no_company.html", status=403)
    if not getattr(view, "is_before_the_second_step", False) and lacks_second_step(member):
        return _to_door(request, "second_step")
    return None


def _to_door(request: HttpRequest, door: str) -> HttpResponse:
    """Ask to sign in, or for a second step; what was being saved is kept and offered afterwards.

    What is still being typed stays on its page, where the words say so.
    """
    if request.method != "POST":
        if request.headers.get("HX-Request"):
            answer = redirect_to_login(_page_of_the_form(request), door)
            page = render(request, "account/at_the_door.html", {"door": answer.url}, status=401)
            return words_above(request, page)
        return redirect_to_login(request.get_full_path(), door)
    behind = "/kept/" if keeping.keep(request) else _page_of_the_form(request)
    answer = redirect_to_login(behind, door)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": answer.url})
    return answer


def _page_of_the_form(request: HttpRequest) -> str:
    """The page of ours that the form was sent from, else the first page."""
    page = urlsplit(request.headers.get("Referer", ""))
    if page.netloc != request.get_host():
        return "/"
    return f"{page.path}?{page.query}" if page.query else page.path
