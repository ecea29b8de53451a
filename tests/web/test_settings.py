import re

import pytest
from django.urls import reverse

from carter.billing.ledger import log_charge
from carter.companies.changing import change_company
from carter.companies.models import Company, User
from carter.companies.rights import Role
from carter.jobs.country import change_country
from tests.builders import a_customer, a_member

SETTINGS = {
    "name": "Ada’s Movers",
    "time_zone": "America/New_York",
    "country": "US",
    "currency": "USD",
    "customer_prefix": "C-",
    "job_prefix": "J-",
    "storage_prefix": "S-",
}
WAS = {f"was-{name}": value for name, value in SETTINGS.items()}
OPENED = SETTINGS | WAS


@pytest.fixture
def office(ada, client_of):
    return client_of(ada)


def test_settings_show_who_changed_what(ours, office):
    office.post(reverse("company_settings"), OPENED | {"time_zone": "America/Denver"})

    page = office.get(reverse("settings")).content.decode()

    assert "<b>Ada Owner</b> changed the settings" in page
    assert "<del>America/New_York</del> → <ins>America/Denver</ins>" in page


def test_the_company_is_changed(ours, office):
    changed = {
        "name": "Ada & Sons",
        "time_zone": "Europe/Dublin",
        "country": "IE",
        "currency": "EUR",
        "customer_prefix": "K",
        "job_prefix": "",
        "has_storage": "on",
    }

    answer = office.post(reverse("company_settings"), changed | WAS)

    company = Company.objects.get(pk=ours.pk)
    assert answer.url == reverse("company_settings")
    assert {name: getattr(company, name) for name in changed} == changed | {"has_storage": True}


def test_the_form_says_what_the_settings_were(office):
    page = office.get(reverse("company_settings")).content.decode()

    said = re.findall(r'<input type="hidden" name="(was-[^"]+)" value="([^"]*)">', page)
    assert dict(said) == WAS


def test_a_page_opened_earlier_undoes_nothing(ours, ada, office):
    change_company(ours, values={"time_zone": "America/Denver", "has_storage": True}, by=ada)
    change_country(ours, "CA", by=ada)

    answer = office.post(reverse("company_settings"), OPENED | {"name": "Ada & Sons"})

    company = Company.objects.get(pk=ours.pk)
    assert answer.status_code == 302
    assert (company.name, company.time_zone, company.country, company.has_storage) == (
        "Ada & Sons",
        "America/Denver",
        "CA",
        True,
    )


def test_whoever_changes_the_same_is_told_and_may_save_again(ours, ada, office):
    change_country(ours, "CA", by=ada)
    typed = OPENED | {"country": "GB", "name": "Ada & Sons"}

    answer = office.post(reverse("company_settings"), typed)

    assert (answer.status_code, Company.objects.get(pk=ours.pk).name) == (422, "Ada’s Movers")
    assert "Somebody else changed this to “Canada”" in answer.content.decode()

    office.post(reverse("company_settings"), typed | {"was-country": "CA"})
    company = Company.objects.get(pk=ours.pk)
    assert (company.country, company.name) == ("GB", "Ada & Sons")


def test_a_wrong_value_is_shown_beside_its_field_and_changes_nothing(ours, office):
    answer = office.post(reverse("company_settings"), OPENED | {"name": "", "currency": "CAD"})

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["name"])
    assert Company.objects.get(pk=ours.pk).currency == "USD"


def test_the_next_numbers_are_shown(ours, office):
    for _ in range(41):
        last = a_customer(ours)

    page = office.get(reverse("company_settings")).content.decode()

    assert last.code == "C-41"
    assert "Next: C-42" in page
    assert "Next: J-1" in page


def test_the_currency_cannot_be_changed_once_there_is_money_and_says_why(ours, office):
    log_charge(customer=a_customer(ours), job=None, kind="labour", amount_cents=100, by=None)

    office.post(reverse("company_settings"), OPENED | {"currency": "CAD"})

    assert Company.objects.get(pk=ours.pk).currency == "USD"
    assert "so the currency stays" in office.get(reverse("company_settings")).content.decode()


@pytest.mark.parametrize("role", [role for role in Role if role != Role.OWNER])
def test_others_see_only_their_own_settings(ours, client_of, role):
    client = client_of(a_member(ours, role))

    page = client.get(reverse("settings"))

    assert reverse("company_settings") not in page.content.decode()
    assert page.context["events"] is None
    assert client.get(reverse("company_settings")).status_code == 403
    assert client.get(reverse("profile")).status_code == 200


def test_ones_own_name_is_changed(ada, office):
    office.post(reverse("profile"), {"name": "Ada Lovelace"})

    assert User.objects.get(pk=ada.user.pk).name == "Ada Lovelace"


def test_who_works_in_several_companies_chooses_one(ours, theirs, ada, office):
    theirs.members.create(company=theirs, user=ada.user, role=Role.SALES)
    assert office.get(reverse("profile")).context["company"] == ours

    office.post(reverse("working_company"), {"company": theirs.pk})

    page = office.get(reverse("profile"))
    assert (page.context["company"], page.context["may"]["settings"]) == (theirs, False)


@pytest.mark.parametrize("company", ["", "x", "999999"])
def test_nobody_chooses_a_company_they_do_not_work_in(ours, theirs, office, company):
    for chosen in (company, theirs.pk):
        assert office.post(reverse("working_company"), {"company": chosen}).status_code == 404
