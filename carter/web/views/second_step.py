"""The door of a company that requires a second step, before which stands who has none yet."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from carter.web import keeping
from carter.web.middleware.company import (
    StaffRequest,
    before_the_second_step,
    lacks_second_step,
)

BEHIND = "behind_the_second_step"


@before_the_second_step
@never_cache
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    """Ways to set one up; afterwards this leads on to what was being saved, or looked at."""
    if "next" in request.GET:
        request.session[BEHIND] = _of_ours(request.GET["next"])
    if lacks_second_step(request.member):
        return render(request, "account/second_step.html")
    behind = request.session.pop(BEHIND, reverse("home"))
    return redirect("kept" if keeping.kept(request) else behind)


def _of_ours(address: str) -> str:
    return address if url_has_allowed_host_and_scheme(address, None) else reverse("home")
