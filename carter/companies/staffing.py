"""Who works in the company and as what: changing a role, leaving, coming back."""

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils import timezone

from carter.companies.models import Company, Member, User
from carter.companies.rights import Right, Role, require


class LastOwner(Exception):
    """The company would be left without an owner."""

    def __init__(self, member: Member) -> None:
        super().__init__(f"{member} is the only owner. Make somebody else an owner first.")


@transaction.atomic
def change_role(member: Member, role: str, *, by: Member | None) -> Member:
    """Give somebody another role; what they may do changes with their next click."""
    require(by, Right.SETTINGS)
    member = _locked(member)
    before, after = member.get_role_display(), Role(role).label
    if before == after:
        return member
    _keep_an_owner(member)
    member.role = role
    member.save(update_fields=["role"])
    member.company.record(f"changed the role of {member}", by=by, changes={"role": [before, after]})
    return member


@transaction.atomic
def leave(member: Member, *, by: Member | None) -> Member:
    """End somebody's work here: signed out everywhere at once; what they did stays signed."""
    require(by, Right.SETTINGS)
    member = _locked(member)
    if member.is_working:
        _keep_an_owner(member)
        member.left_at = timezone.now()
        member.save(update_fields=["left_at"])
        sign_out_everywhere(member.user)
        member.company.record(f"removed {member}", by=by)
    return member


@transaction.atomic
def come_back(member: Member, *, by: Member | None) -> Member:
    """Let somebody who left work here again, in the role they had."""
    require(by, Right.SETTINGS)
    member = _locked(member)
    if not member.is_working:
        member.left_at = None
        member.save(update_fields=["left_at"])
        member.company.record(f"took {member} back", by=by)
    return member


def sign_out_everywhere(user: User) -> None:
    """End every session of the person, on every device."""
    for session in UserSession.objects.filter(user=user):
        session.end()


def _locked(member: Member) -> Member:
    """The member as they are now, while nobody else changes who works in the company."""
    Company.objects.select_for_update().get(pk=member.company_id)
    return Member.across_companies.select_related("company", "user").get(pk=member.pk)


def _keep_an_owner(member: Member) -> None:
    owners = member.company.members.filter(role=Role.OWNER, left_at=None)
    if member.role == Role.OWNER and not owners.exclude(pk=member.pk).exists():
        raise LastOwner(member)
