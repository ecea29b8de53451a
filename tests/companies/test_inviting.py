from datetime import timedelta

import pytest
from django.utils import timezone

from carter.companies.inviting import (
    CannotInvite,
    InvitationOver,
    SignInFirst,
    accept_invitation,
    invitation_behind,
    invite,
    withdraw_invitation,
)
from carter.companies.models import User
from carter.companies.rights import NotAllowed, Role
from carter.companies.staffing import leave
from tests.builders import PASSWORD, a_member


def test_who_accepts_works_here_and_signs_in(ours, ada):
    _, secret = invite(company=ours, email="Bob@Example.com ", role=Role.SALES, by=ada)

    bob = accept_invitation(secret, name="Bob Sales", password=PASSWORD)

    assert (str(bob), bob.user.email, bob.role, bob.is_working) == (
        "Bob Sales",
        "bob@example.com",
        "sales",
        True,
    )
    assert bob.user.check_password(PASSWORD)
    assert [(event.what, event.by) for event in ours.settings_events.order_by("id")] == [
        ("invited bob@example.com as sales", ada),
        ("joined as sales", bob),
    ]


def test_the_secret_is_nowhere_in_the_database(ours, ada):
    invitation, secret = invite(company=ours, email="bob@example.com", role=Role.SALES, by=ada)

    assert secret not in {str(value) for value in vars(invitation).values()}
    assert len(secret) == 43


def test_a_link_works_once(ours, ada):
    _, secret = invite(company=ours, email="bob@example.com", role=Role.SALES, by=ada)
    accept_invitation(secret, name="Bob Sales", password=PASSWORD)

    with pytest.raises(InvitationOver, match="was used already"):
        accept_invitation(secret, name="Mallory", password=PASSWORD)


def test_a_link_runs_out_after_two_weeks(ours, ada, time_machine):
    _, secret = invite(company=ours, email="bob@example.com", role=Role.SALES, by=ada)
    time_machine.move_to(timezone.now() + timedelta(days=13, hours=23), tick=False)
    assert invitation_behind(secret).email == "bob@example.com"

    time_machine.shift(timedelta(hours=1))

    with pytest.raises(InvitationOver, match="has run out"):
        accept_invitation(secret, name="Bob Sales", password=PASSWORD)


def test_a_withdrawn_link_leads_nowhere(ours, ada):
    invitation, secret = invite(company=ours, email="bob@example.com", role=Role.SALES, by=ada)
    withdraw_invitation(invitation, by=ada)

    with pytest.raises(InvitationOver, match="was withdrawn"):
        accept_invitation(secret, name="Bob Sales", password=PASSWORD)


def test_a_guessed_link_leads_nowhere(db):
    with pytest.raises(InvitationOver, match="leads to no invitation"):
        invitation_behind("a-guess")


def test_inviting_again_ends_the_earlier_link(ours, ada):
    _, first = invite(company=ours, email="bob@example.com", role=Role.SALES, by=ada)
    _, second = invite(company=ours, email="bob@example.com", role=Role.BILLING, by=ada)

    assert [invitation.role for invitation in ours.invitations.pending()] == ["billing"]
    with pytest.raises(InvitationOver):
        invitation_behind(first)
    assert invitation_behind(second).role == "billing"


def test_nobody_is_invited_twice_to_work_here(ours, ada):
    with pytest.raises(CannotInvite, match="already works here"):
        invite(company=ours, email=ada.user.email, role=Role.SALES, by=ada)


def test_somebody_of_another_company_joins_after_signing_in(ours, ada, stranger):
    _, secret = invite(company=ours, email=stranger.user.email, role=Role.BILLING, by=ada)

    with pytest.raises(SignInFirst):
        accept_invitation(secret, name="Mallory", password="a new password")
    member = accept_invitation(secret, signed_in=stranger.user)

    assert (member.user, member.company, member.role) == (stranger.user, ours, "billing")
    assert User.objects.get(pk=stranger.user.pk).check_password(PASSWORD)


def test_somebody_who_left_comes_back_by_invitation(ours, ada):
    sam = a_member(ours, Role.SALES)
    leave(sam, by=ada)
    _, secret = invite(company=ours, email=sam.user.email, role=Role.BILLING, by=ada)

    member = accept_invitation(secret, signed_in=sam.user)

    assert (member.pk, member.role, member.is_working) == (sam.pk, "billing", True)


def test_only_an_owner_invites(ours, ada):
    manager = a_member(ours, Role.MANAGER)
    invitation, _ = invite(company=ours, email="bob@example.com", role=Role.SALES, by=ada)

    with pytest.raises(NotAllowed):
        invite(company=ours, email="eve@example.com", role=Role.OWNER, by=manager)
    with pytest.raises(NotAllowed):
        withdraw_invitation(invitation, by=manager)
