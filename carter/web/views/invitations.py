"""The page behind the link in an invitation: taking one's place in a company."""

from allauth.account.utils import perform_login
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from carter.companies.inviting import InvitationOver, accept_invitation, invitation_behind
from carter.companies.models import Invitation, User
from carter.web.forms.settings import JoinForm
from carter.web.middleware.company import public


@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest) -> HttpResponse:
    """Join with a new name and password, or as the person one already is in Carter.

    The link's secret stands in the query, which no log of ours holds.
    """
    secret = request.POST.get("key") or request.GET.get("key", "")
    try:
        found = invitation_behind(secret)
        known = User.objects.filter(email=found.email).first()
        if known is None:
            return _join_as_new(request, found, secret)
        return _join_as_known(request, found, secret, known)
    except InvitationOver as reason:
        return render(request, "invitations/over.html", {"reason": reason}, status=410)


def _join_as_new(request: HttpRequest, found: Invitation, secret: str) -> HttpResponse:
    form = JoinForm(request.POST or None, email=found.email)
    if not form.is_valid():
        context = {"form": form, "invitation": found, "secret": secret}
        return render(request, "invitations/new.html", context, status=422 if form.errors else 200)
    member = accept_invitation(secret, **form.cleaned_data)
    logout(request)
    answer: HttpResponse = perform_login(request, member.user, redirect_url=reverse("home"))
    return answer


def _join_as_known(
    request: HttpRequest, found: Invitation, secret: str, known: User
) -> HttpResponse:
    is_them = request.user == known
    if is_them and request.method == "POST":
        member = accept_invitation(secret, signed_in=known)
        request.session["company"] = member.company_id
        return redirect("home")
    back = f"{reverse('invitation')}?key={secret}"
    context = {"invitation": found, "secret": secret, "is_them": is_them, "back": back}
    return render(request, "invitations/known.html", context)
