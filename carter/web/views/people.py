"""Settings › People: who works here, as what, and who is invited."""

from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from carter.companies.inviting import CannotInvite, InvitationOver, invite, withdraw_invitation
from carter.companies.models import Member
from carter.companies.rights import Right, Role
from carter.companies.signing_in import second_steps
from carter.companies.staffing import LastOwner, change_role, come_back, leave
from carter.web.access import needs
from carter.web.forms.settings import InviteForm, RoleForm
from carter.web.mail import mail_invitation
from carter.web.middleware.company import StaffRequest


@never_cache
@require_http_methods(["GET", "POST"])
@needs(Right.SETTINGS)
def index(request: StaffRequest) -> HttpResponse:
    """Everybody who works here or is invited; inviting somebody, for the first time or again.

    Only the answer to inviting shows the link: its secret is kept nowhere, a session included.
    """
    form, invited = InviteForm(request.POST or None), None
    if form.is_valid():
        try:
            invited = _invite(request, **form.cleaned_data)
        except CannotInvite as reason:
            form.add_error("email", str(reason))
        else:
            form = InviteForm()
    people = _people(request)
    context = {
        "form": form,
        "working": [member for member in people if member.is_working],
        "left": [member for member in people if not member.is_working],
        "invitations": request.company.invitations.pending().order_by("email"),
        "invited": invited,
        "roles": Role.choices,
    }
    return render(request, "people/index.html", context, status=422 if form.errors else 200)


@require_POST
@needs(Right.SETTINGS)
def role(request: StaffRequest, member_id: int) -> HttpResponse:
    """Give somebody another role."""
    member = get_object_or_404(request.company.members, pk=member_id)
    form = RoleForm(request.POST)
    if form.is_valid():
        try:
            member = change_role(member, form.cleaned_data["role"], by=request.member)
        except LastOwner as reason:
            messages.error(request, str(reason))
        else:
            messages.success(request, f"{member} is now {member.get_role_display().lower()}.")
    return redirect("people")


@require_POST
@needs(Right.SETTINGS)
def leaving(request: StaffRequest, member_id: int) -> HttpResponse:
    """End somebody's work here."""
    member = get_object_or_404(request.company.members, pk=member_id)
    try:
        leave(member, by=request.member)
    except LastOwner as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, f"{member} no longer works here and is signed out everywhere.")
    return redirect("people")


@require_POST
@needs(Right.SETTINGS)
def comeback(request: StaffRequest, member_id: int) -> HttpResponse:
    """Let somebody who left work here again."""
    member = come_back(get_object_or_404(request.company.members, pk=member_id), by=request.member)
    messages.success(request, f"{member} works here again, as {member.get_role_display().lower()}.")
    return redirect("people")


@require_POST
@needs(Right.SETTINGS)
def invitation_withdrawal(request: StaffRequest, invitation_id: int) -> HttpResponse:
    """Take an invitation back."""
    invitation = get_object_or_404(request.company.invitations, pk=invitation_id)
    try:
        withdraw_invitation(invitation, by=request.member)
    except InvitationOver as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, f"The invitation of {invitation.email} is withdrawn.")
    return redirect("people")


def _invite(request: StaffRequest, *, email: str, role: str) -> dict[str, Any]:
    """Invite, then mail; the link is shown, too, for when the mail does not arrive."""
    invitation, secret = invite(company=request.company, email=email, role=role, by=request.member)
    link = request.build_absolute_uri(f"{reverse('invitation')}?key={secret}")
    mailed = mail_invitation(invitation, link)
    return {"email": invitation.email, "link": link, "mailed": mailed}


def _people(request: StaffRequest) -> QuerySet[Member]:
    second_step = second_steps().filter(user=OuterRef("user"))
    return (
        request.company.members.select_related("user")
        .annotate(has_second_step=Exists(second_step))
        .order_by("user__name", "id")
    )
