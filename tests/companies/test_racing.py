"""Two owners at once: on PostgreSQL, where they really are at once."""

import pytest

from carter.companies.inviting import InvitationOver, accept_invitation, invite
from carter.companies.rights import Role
from carter.companies.staffing import LastOwner, leave
from tests.builders import PASSWORD, a_member
from tests.racing import at_once

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("_", range(10))
def test_of_two_owners_who_leave_at_once_one_stays(_, ours, ada):
    olga = a_member(ours, Role.OWNER, name="Olga Owner")

    raised = at_once(lambda: leave(ada, by=None), lambda: leave(olga, by=None))

    assert [type(reason) for reason in raised] == [LastOwner]
    assert ours.members.filter(left_at=None).count() == 1


@pytest.mark.parametrize("_", range(10))
def test_an_invitation_lets_one_in_however_many_accept_it_at_once(_, ours, ada):
    _, secret = invite(company=ours, email="bob@example.com", role=Role.SALES, by=ada)

    raised = at_once(*[lambda: accept_invitation(secret, name="Bob", password=PASSWORD)] * 4)

    assert [type(reason) for reason in raised] == [InvitationOver] * 3
    assert ours.members.count() == 2


@pytest.mark.parametrize("_", range(10))
def test_of_invitations_sent_at_once_one_stays_open(_, ours, ada):
    who = {"company": ours, "email": "bob@example.com", "role": Role.SALES, "by": ada}

    raised = at_once(*[lambda: invite(**who)] * 4)

    assert (raised, ours.invitations.pending().count()) == ([], 1)
