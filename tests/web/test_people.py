import pytest
from django.test import Client
from django.urls import reverse

from carter.companies.inviting import invite
from carter.companies.models import User
from carter.companies.rights import Role
from carter.companies.staffing import leave
from tests.builders import PASSWORD, a_member, serial


@pytest.fixture
def office(ada, client_of):
    return client_of(ada)


def test_the_page_shows_who_works_here_and_who_is_invited(ours, ada, office):
    leave(a_member(ours, Role.BILLING, name="Bill Billing"), by=ada)
    invite(company=ours, email="new@example.com", role=Role.SALES, by=ada)

    context = office.get(reverse("people")).context

    assert [str(member) for member in context["working"]] == ["Ada Owner"]
    assert [str(member) for member in context["left"]] == ["Bill Billing"]
    assert [str(invitation) for invitation in context["invitations"]] == ["new@example.com"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_the_database_as_often_for_one_as_for_three(
    ours, ada, office, count, django_assert_num_queries
):
    for _ in range(count):
        a_member(ours)
        leave(a_member(ours), by=ada)
        invite(company=ours, email=f"new{next(serial)}@example.com", role=Role.SALES, by=ada)

    with django_assert_num_queries(4):
        office.get(reverse("people"))


def test_inviting_mails_a_link_with_which_one_joins(ours, office, mailoutbox):
    answer = office.post(reverse("people"), {"email": "bob@example.com", "role": "sales"})
    page = answer.content.decode()
    link = next(word for word in mailoutbox[0].body.split() if "key=" in word)

    assert (mailoutbox[0].to, mailoutbox[0].subject) == (
        ["bob@example.com"],
        "Join Ada’s Movers in Carter",
    )
    assert f'value="{link}"' in page

    bob = Client()
    assert "Ada Owner invites you as sales" in bob.get(link).content.decode()
    answer = bob.post(
        reverse("invitation"),
        {"key": link.partition("key=")[2], "name": "Bob Sales", "password": PASSWORD},
    )

    assert answer.url == "/"
    assert str(bob.get(reverse("profile")).context["member"]) == "Bob Sales"


def test_only_the_answer_shows_the_link_and_no_session_keeps_it(office):
    answer = office.post(reverse("people"), {"email": "bob@example.com", "role": "sales"})

    assert answer.headers["Cache-Control"] == (
        "max-age=0, no-cache, no-store, must-revalidate, private"
    )
    assert answer.context["form"].is_bound is False
    secret = answer.context["invited"]["link"].partition("key=")[2]
    assert secret not in str(dict(office.session))
    assert office.get(reverse("people")).context["invited"] is None


@pytest.mark.parametrize(
    "email", ["", "bob", f"{'b' * 60}@{'x' * 60}.{'x' * 60}.{'x' * 63}.{'x' * 60}"]
)
def test_an_address_that_is_none_is_refused(ours, office, email):
    answer = office.post(reverse("people"), {"email": email, "role": "sales"})

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["email"])
    assert not ours.invitations.exists()


def test_who_works_here_already_is_not_invited(ada, office):
    answer = office.post(reverse("people"), {"email": ada.user.email, "role": "sales"})

    assert (answer.status_code, answer.context["invited"]) == (422, None)
    assert answer.context["form"].errors["email"] == [f"{ada.user.email} already works here."]


def test_an_invitation_outlives_a_mail_server_that_is_down(ours, office, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9

    page = office.post(reverse("people"), {"email": "bob@example.com", "role": "sales"})

    assert "The mail to bob@example.com could not be sent" in page.content.decode()
    link = page.context["invited"]["link"]
    assert Client().get(link).status_code == 200


def test_a_weak_password_is_refused(ours, ada):
    _, secret = invite(company=ours, email="bob@example.com", role=Role.SALES, by=ada)

    answer = Client().post(
        reverse("invitation"), {"key": secret, "name": "Bob Sales", "password": "password"}
    )

    assert answer.status_code == 422
    assert not User.objects.filter(email="bob@example.com").exists()


def test_a_link_that_leads_nowhere_says_so(client, db):
    answer = client.get(f"{reverse('invitation')}?key=a-guess")

    assert answer.status_code == 410
    assert "leads to no invitation" in answer.content.decode()


def test_who_is_known_already_signs_in_to_join_and_works_there_at_once(
    ours, ada, stranger, client_of
):
    _, secret = invite(company=ours, email=stranger.user.email, role=Role.BILLING, by=ada)
    link = f"{reverse('invitation')}?key={secret}"

    assert "Sign in to join" in Client().get(link).content.decode()
    assert "Sign out, then sign in as" in client_of(ada).get(link).content.decode()
    client = client_of(stranger)
    client.post(reverse("invitation"), {"key": secret})

    assert client.get(reverse("profile")).context["company"] == ours


def test_a_role_is_changed(ours, ada, office):
    sam = a_member(ours, Role.SALES)

    office.post(reverse("person_role", args=[sam.pk]), {"role": "manager"})

    assert sam.refreshed().role == "manager"


def test_the_last_owner_is_told_why_they_stay(ada, office):
    answer = office.post(reverse("person_leaving", args=[ada.pk]), follow=True)

    assert "Ada Owner is the only owner." in answer.content.decode()
    assert ada.refreshed().is_working is True


def test_who_is_removed_is_signed_out_at_once(ours, office):
    sam = a_member(ours)
    desk = Client()
    desk.post(reverse("account_login"), {"login": sam.user.email, "password": PASSWORD})

    office.post(reverse("person_leaving", args=[sam.pk]))

    assert desk.get("/settings/profile/").status_code == 302
    assert desk.session.get("_auth_user_id") is None


def test_who_was_removed_is_taken_back(ours, ada, office):
    sam = leave(a_member(ours), by=ada)

    office.post(reverse("person_comeback", args=[sam.pk]))

    assert sam.refreshed().is_working is True


def test_an_invitation_is_withdrawn_or_sent_again(ours, ada, office, mailoutbox):
    first, _secret = invite(company=ours, email="bob@example.com", role=Role.SALES, by=ada)

    page = office.get(reverse("people")).content.decode()
    assert '<input type="hidden" name="email" value="bob@example.com">' in page
    office.post(reverse("people"), {"email": first.email, "role": first.role})
    second = ours.invitations.pending().get()
    office.post(reverse("invitation_withdrawal", args=[second.pk]))

    assert (second.pk != first.pk, len(mailoutbox)) == (True, 1)
    assert not ours.invitations.pending().exists()


@pytest.mark.parametrize("name", ["person_role", "person_leaving", "person_comeback"])
def test_people_of_another_company_are_not_found(office, stranger, name):
    assert office.post(reverse(name, args=[stranger.pk]), {"role": "owner"}).status_code == 404


def test_invitations_of_another_company_are_not_found(office, theirs, stranger):
    invitation, _ = invite(company=theirs, email="bob@example.com", role=Role.SALES, by=stranger)

    withdrawal = reverse("invitation_withdrawal", args=[invitation.pk])
    assert office.post(withdrawal).status_code == 404


@pytest.mark.parametrize("role", [role for role in Role if role != Role.OWNER])
def test_only_an_owner_changes_people(ours, ada, client_of, role):
    sam = a_member(ours)
    invitation, _ = invite(company=ours, email="bob@example.com", role=Role.SALES, by=ada)
    addresses = [
        reverse("people"),
        *(reverse(f"person_{deed}", args=[sam.pk]) for deed in ("role", "leaving", "comeback")),
        reverse("invitation_withdrawal", args=[invitation.pk]),
    ]
    client = client_of(a_member(ours, role))

    answers = [
        client.post(address, {"email": "eve@example.com", "role": "owner"}) for address in addresses
    ]

    assert [answer.status_code for answer in answers] == [403] * 5
    assert (
        "Your role may not change settings. Ask somebody who may: owner."
        in answers[0].content.decode()
    )
    assert (sam.refreshed().role, ours.invitations.pending().get()) == ("sales", invitation)
