import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.test import Client, RequestFactory
from django.urls import reverse

from carter.companies.changing import LacksSecondStep, change_company
from carter.companies.models import Company, Member
from carter.companies.rights import Role
from carter.jobs.models import Job
from tests.builders import PASSWORD, a_member

DOOR = "Set up a second step"


@pytest.fixture
def strict(ours):
    """The company, which asks everybody for a second step."""
    return change_company(ours, values={"requires_second_step": True}, by=None)


@pytest.fixture
def sally(strict):
    return a_member(strict, Role.SALES, name="Sally Sales")


def set_up(member, kind=Authenticator.Type.TOTP):
    return Authenticator.objects.create(user=member.user, type=kind, data={})


def add(authenticator, client):
    """Say what the library says when somebody set one up in a browser."""
    request = RequestFactory().get("/")
    request.session = client.session
    authenticator_added.send(
        Authenticator, request=request, user=authenticator.user, authenticator=authenticator
    )


def settings_with(company, **values):
    fields = ("name", "time_zone", "country", "currency", "customer_prefix", "job_prefix")
    was = {field: getattr(company, field) for field in (*fields, "storage_prefix")}
    return was | {f"was-{field}": value for field, value in was.items()} | values


def test_who_has_none_sets_one_up_before_anything_else(sally, client_of):
    client = client_of(sally)

    answer = client.get("/customers/?owes=yes", follow=True)

    assert [address for address, _ in answer.redirect_chain] == [
        f"{reverse('second_step')}?next=/customers/%3Fowes%3Dyes"
    ]
    assert DOOR in answer.content.decode()
    setting_up = client.get(reverse("mfa_activate_totp"))
    assert setting_up.url.startswith(reverse("account_reauthenticate"))


@pytest.mark.parametrize("kind", [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN])
def test_afterwards_one_goes_on_where_one_was(sally, client_of, kind):
    client = client_of(sally)
    client.get("/jobs/", follow=True)
    client.get("/customers/?owes=yes", follow=True)

    set_up(sally, kind)

    assert client.get(reverse("second_step")).url == "/customers/?owes=yes"
    assert client.get("/customers/?owes=yes").status_code == 200
    assert client.get(reverse("second_step")).url == reverse("home")


def test_recovery_codes_are_no_second_step(sally, client_of):
    set_up(sally, Authenticator.Type.RECOVERY_CODES)

    assert client_of(sally).get("/customers/").status_code == 302


def test_who_turns_theirs_off_is_asked_again(sally, client_of):
    client, app = client_of(sally), set_up(sally)
    assert client.get("/customers/").status_code == 200

    app.delete()

    assert DOOR in client.get("/customers/", follow=True).content.decode()


def test_what_was_being_saved_when_it_was_asked_for_is_offered_afterwards(ours, client_of):
    sally = a_member(ours, Role.SALES)
    client = client_of(sally)
    client.get(reverse("lead_new"))
    change_company(ours, values={"requires_second_step": True}, by=None)

    client.post(reverse("lead_new"), {"name": "Bob Smith", "phone": "303 555 0142"}, follow=True)
    client.get("/customers/", follow=True)
    set_up(sally)
    page = client.get(reverse("second_step"), follow=True).content.decode()

    assert "Bob Smith" in page
    assert "303 555 0142" in page
    assert not Job.across_companies.exists()


def test_what_is_still_being_typed_stays_and_the_words_are_shown_above(sally, client_of):
    page = {"HX-Request": "true", "Referer": "http://testserver/leads/new/"}
    answer = client_of(sally).get(reverse("lead_suggestions"), {"name": "Bob"}, headers=page)

    assert (answer.status_code, answer["HX-Retarget"]) == (401, "#trouble")
    assert "asks everybody for a second step now. What you typed here stays" in (
        answer.content.decode()
    )
    assert f'href="{reverse("second_step")}?next=/leads/new/"' in answer.content.decode()


def test_other_sessions_end_with_the_first_second_step_and_not_with_further_ones(strict, ada):
    here, there = Client(), Client()
    for client in (here, there):
        client.post(reverse("account_login"), {"login": ada.user.email, "password": PASSWORD})
    first = Authenticator.objects.create(user=ada.user, type=Authenticator.Type.TOTP, data={})
    add(first, here)
    assert here.get("/customers/").status_code == 200
    assert there.get("/customers/").url.startswith(reverse("account_login"))

    there.force_login(ada.user)
    there.get("/customers/")
    add(Authenticator.objects.create(user=ada.user, type="webauthn", data={}), here)

    assert there.get("/customers/").status_code == 200


def test_who_works_in_two_companies_may_work_in_the_other(strict, sally, theirs, client_of):
    place = Member.across_companies.create(company=theirs, user=sally.user, role=Role.SALES)
    client = client_of(sally)
    page = client.get("/customers/", follow=True).content.decode()
    assert f"Work in {theirs}" in page

    client.post(reverse("working_company"), {"company": place.company_id})

    assert client.get("/customers/").context["company"] == theirs


def test_it_is_asked_where_one_works_and_nowhere_else(strict, theirs, client_of):
    bob = a_member(theirs)

    assert client_of(bob).get("/customers/").status_code == 200


def test_an_owner_requires_it_and_the_history_says_so(ours, ada, client_of):
    set_up(ada)
    office = client_of(ada)

    answer = office.post(
        reverse("company_settings"), settings_with(ours, requires_second_step="on")
    )

    assert answer.status_code == 302
    assert Company.objects.get(pk=ours.pk).requires_second_step
    (event,) = ours.settings_events.all()
    assert (event.by, event.changes) == (ada, {"Require a second step": ["off", "on"]})


def test_nobody_requires_it_who_has_none(ours, ada, client_of):
    changed = settings_with(ours, requires_second_step="on", name="Ada & Sons")

    answer = client_of(ada).post(reverse("company_settings"), changed)

    assert answer.status_code == 422
    assert answer.context["form"].errors == {
        "requires_second_step": ["Set up your own second step first, under Your profile."]
    }
    assert 'value="Ada &amp; Sons"' in answer.content.decode()
    company = Company.objects.get(pk=ours.pk)
    assert (company.requires_second_step, company.name) == (False, ours.name)
    with pytest.raises(LacksSecondStep):
        change_company(ours, values={"requires_second_step": True}, by=ada)


def test_whoever_has_none_may_still_end_it(strict, ada):
    assert not change_company(
        strict, values={"requires_second_step": False}, by=ada
    ).requires_second_step


def test_people_shows_who_lacks_it(strict, ada, sally, client_of):
    set_up(ada)

    page = client_of(ada).get(reverse("people")).content.decode()

    assert page.count('<span class="chip" data-tone="green">On</span>') == 1
    assert page.count('<span class="chip" data-tone="amber">Off</span>') == 1


def test_a_stranger_is_asked_to_sign_in_first(db):
    door = reverse("second_step")

    assert Client().get(door).url == f"{reverse('account_login')}?next={door}"


@pytest.mark.parametrize("address", ["https://example.com/", "//example.com/", "javascript:1"])
def test_it_leads_to_no_other_site(sally, client_of, address):
    client = client_of(sally)
    client.get(reverse("second_step"), {"next": address})

    set_up(sally)

    assert client.get(reverse("second_step")).url == reverse("home")
