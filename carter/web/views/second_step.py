"""The door of a company that requires a second step, before which stands who has none yet."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from carter.companies.signing_in import has_second_step
from carter.web.middleware.company import member_of, public

BEHIND = "behind_the_second_step"


@public
@never_cache
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Ways to set one up; afterwards this leads on to where one first wanted to."""
    member = member_of(request) if request.user.is_authenticated else None
    if "next" in request.GET:
        request.session.setdefault(BEHIND, _of_ours(request.GET["next"]))
    if member and member.company.requires_second_step and not has_second_step(member.user):
        return render(request, "account/second_step.html", {"place": member})
    return redirect(request.session.pop(BEHIND, reverse("home")))


def _of_ours(address: str) -> str:
    return address if url_has_allowed_host_and_scheme(address, None) else reverse("home")
