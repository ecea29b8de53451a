"""Inviting somebody to work in the company: a link by email that works once, for two weeks."""

import hashlib
import secrets

from django.db import transaction
from django.utils import timezone

from carter.companies.models import Company, Invitation, Member, User
from carter.companies.rights import Right, Role, require


class CannotInvite(Exception):
    """The person cannot be invited; the words say why."""


class InvitationOver(Exception):
    """The link no longer leads anywhere; the words say why and what to do."""


class SignInFirst(Exception):
    """The invited address already signs in to Carter, so its owner must sign in to join."""


@transaction.atomic
def invite(*, company: Company, email: str, role: str, by: Member) -> tuple[Invitation, str]:
    """Offer a place to whoever reads that mailbox; gives the invitation and its link's secret.

    The secret is not kept: inviting again makes a new one and ends the earlier invitation.
    """
    require(by, Right.SETTINGS)
    company = Company.objects.select_for_update().get(pk=company.pk)
    email = email.strip().lower()
    if company.members.filter(user__email=email, left_at=None).exists():
        raise CannotInvite(f"{email} already works here.")
    now = timezone.now()
    company.invitations.pending().filter(email=email).update(withdrawn_at=now)
    secret = secrets.token_urlsafe(32)
    invitation = company.invitations.create(
        company=company, email=email, role=Role(role), token=_hash_of(secret), by=by, sent_at=now
    )
    company.record(f"invited {email} as {Role(role).label.lower()}", by=by)
    return invitation, secret


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, by: Member) -> Invitation:
    """Take an invitation back; its link leads nowhere from now on."""
    require(by, Right.SETTINGS)
    invitation = Invitation.across_companies.select_for_update().get(pk=invitation.pk)
    _refuse_unless_open(invitation)
    invitation.withdrawn_at = timezone.now()
    invitation.save(update_fields=["withdrawn_at"])
    invitation.company.record(f"withdrew the invitation of {invitation.email}", by=by)
    return invitation


@transaction.atomic
def invitation_behind(secret: str) -> Invitation:
    """The open invitation that a link leads to. Raises InvitationOver."""
    invitation = (
        Invitation.across_companies.select_for_update(of=("self",))
        .select_related("company", "by__user")
        .filter(token=_hash_of(secret))
        .first()
    )
    if invitation is None:
        raise InvitationOver("This link leads to no invitation. Ask for a new one.")
    _refuse_unless_open(invitation)
    if invitation.has_run_out:
        raise InvitationOver("This invitation has run out. Ask for a new one.")
    return invitation


@transaction.atomic
def accept_invitation(
    secret: str, *, name: str = "", password: str = "", signed_in: User | None = None
) -> Member:
    """Take the offered place: with a new name and password, or as the user who is signed in.

    Raises InvitationOver, and SignInFirst when the invited address already signs in to Carter.
    """
    invitation = invitation_behind(secret)
    user = User.objects.filter(email=invitation.email).first()
    if user is None:
        user = User.objects.create_user(invitation.email, password, name=name)
    elif user != signed_in:
        raise SignInFirst(f"{invitation.email} already signs in to Carter. Sign in to join.")
    member = _place_of(user, invitation)
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    invitation.company.record(f"joined as {member.get_role_display().lower()}", by=member)
    return member


def _hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _refuse_unless_open(invitation: Invitation) -> None:
    if invitation.withdrawn_at is not None:
        raise InvitationOver("This invitation was withdrawn. Ask for a new one.")
    if invitation.accepted_at is not None:
        raise InvitationOver("This invitation was used already. Sign in instead.")


def _place_of(user: User, invitation: Invitation) -> Member:
    """A new place in the company, or the one the person once had."""
    company = invitation.company
    member = company.members.filter(user=user).first() or Member(company=company, user=user)
    member.role, member.left_at = invitation.role, None
    member.save()
    return member
