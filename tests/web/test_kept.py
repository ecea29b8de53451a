from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from carter.companies.models import User
from carter.customers.models import Customer
from carter.web.keeping import COOKIE, keep, remember_person
from tests.builders import PASSWORD, a_member

TYPED = {
    "name": "Bob & Mary",
    "kind": "household",
    "category": "residential",
    "phone": "303-555-0142",
    "street": "",
    "once": "abc",
}
HERE = "http://testserver"


@pytest.fixture
def desk(ada):
    """The browser of Ada, whose session has ended."""
    client = Client()
    sign_in(client, ada)
    client.get("/leads/")
    client.session.flush()
    return client


def test_what_was_typed_when_the_session_had_ended_is_saved_after_signing_in(ours, ada, desk):
    client = desk
    answer = client.post("/customers/new/", TYPED)
    assert answer.url == "/accounts/login/?next=/kept/"

    answer = sign_in(client, ada, next="/kept/")
    page = client.get(answer.url)
    assert page.context["place"] == "Customers › New"
    assert page.context["shown"] == [
        ("Name", "Bob & Mary"),
        ("Kind", "household"),
        ("Category", "residential"),
        ("Phone", "303-555-0142"),
    ]
    client.post(page.context["path"], dict(page.context["fields"]))

    assert [customer.name for customer in ours.customers.all()] == ["Bob & Mary"]
    assert client.get("/kept/").url == "/"


def test_several_values_of_one_field_are_all_kept(ada, desk):
    client = desk
    client.post("/customers/tags/", {"ids": ["1", "2", "2"], "tag": "vip"})
    sign_in(client, ada)

    page = client.get("/kept/").content.decode()

    assert [page.count(f'name="ids" value="{value}"') for value in (1, 2)] == [1, 2]


def test_it_can_be_forgotten(ada, desk):
    client = desk
    client.post("/customers/new/", TYPED)
    sign_in(client, ada)

    client.post(reverse("kept_forgotten"))

    assert client.get("/kept/").url == "/"
    assert not Customer.across_companies.exists()


def test_a_form_whose_session_was_replaced_is_kept_when_it_comes_from_us(ada):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada.user)
    client.get("/leads/")

    answer = client.post("/customers/new/", TYPED, headers={"Origin": HERE})

    assert answer.url == "/kept/"
    assert client.get("/kept/").context["place"] == "Customers › New"


@pytest.mark.parametrize("origin", ["", "null", "https://evil.example", "https://testserver"])
def test_a_form_of_another_site_is_refused_and_not_kept(ada, origin):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada.user)
    client.get("/leads/")

    answer = client.post("/customers/new/", TYPED, headers={"Origin": origin} if origin else {})

    assert answer.status_code == 403
    assert "kept" not in client.session


def test_it_is_offered_to_nobody_else_who_signs_in_at_the_same_desk(ours, ada, desk):
    sam = a_member(ours)
    desk.post("/customers/new/", TYPED)
    sign_in(desk, sam)

    assert desk.get("/kept/").url == "/"

    desk.session.flush()
    sign_in(desk, ada)
    assert desk.get("/kept/").url == "/"
    assert not Customer.across_companies.exists()


def test_a_form_of_nobody_knows_whom_is_not_kept(db):
    client = Client()

    answer = client.post("/customers/new/", TYPED)

    assert answer.url == "/accounts/login/?next=/"
    assert "kept" not in client.session


def test_a_cookie_that_was_made_up_names_nobody(ada, desk):
    desk.cookies[COOKIE] = str(ada.user.pk)

    desk.post("/customers/new/", TYPED)

    assert "kept" not in desk.session


def test_a_form_opened_before_others_signed_in_could_be_anybodys(ours, ada):
    client = Client(enforce_csrf_checks=True)
    for member in (ada, a_member(ours)):
        client.force_login(member.user)
        client.get("/leads/")

    answer = client.post("/customers/new/", TYPED, headers={"Origin": HERE})

    assert (answer.status_code, "kept" in client.session) == (403, False)


def test_passwords_are_never_kept(ada):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada.user)

    answer = client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": "x", "password2": "x"},
        headers={"Origin": HERE},
    )

    assert answer.status_code == 403
    assert "kept" not in client.session


def test_a_field_that_holds_a_password_is_left_out(desk):
    client = desk
    client.post("/customers/new/", {"name": "Bob", "gateway_password": "secret"})

    assert client.session["kept"]["fields"] == [["name", "Bob"]]


@pytest.mark.parametrize(
    "form",
    [{"name": "x" * 200_001}, {"file": SimpleUploadedFile("customers.csv", b"name\nBob")}],
    ids=["too much", "a file"],
)
def test_what_cannot_be_kept_leads_back_to_its_page(desk, form):
    client = desk

    answer = client.post("/customers/tags/", form, headers={"Referer": f"{HERE}/customers/?page=2"})

    assert answer.url == "/accounts/login/?next=/customers/%3Fpage%3D2"
    assert "kept" not in client.session


def test_an_address_that_could_lead_elsewhere_is_not_kept():
    request = RequestFactory().post("/customers/new/", TYPED)
    request.session = {}
    response = HttpResponse()
    remember_person(request, response, User(pk=7))
    request.COOKIES[COOKIE] = response.cookies[COOKIE].value
    request.path = "//evil.example/customers/new/"

    assert (keep(request), request.session) == (False, {})


def test_a_panel_that_saves_is_sent_to_the_sign_in_page_whole(desk):
    client = desk

    saving = client.post("/customers/new/", TYPED, headers={"HX-Request": "true"})

    assert (saving.status_code, saving.headers["HX-Redirect"]) == (
        204,
        "/accounts/login/?next=/kept/",
    )


def test_what_is_still_being_typed_stays_on_its_page(desk):
    page = {"HX-Request": "true", "Referer": "http://testserver/leads/new/?customer=5"}

    answer = desk.get("/leads/suggestions/?name=Bob", headers=page)

    words = answer.content.decode()
    assert (answer.status_code, answer["HX-Retarget"]) == (401, "#trouble")
    assert "You are signed out. What you typed here stays" in words
    assert 'href="/accounts/login/?next=/leads/new/%3Fcustomer%3D5"' in words


def test_what_was_typed_is_shown_as_text(ada, desk):
    client = desk
    client.post("/customers/new/", {"name": '"><script>alert(1)</script>'})
    sign_in(client, ada)

    page = client.get("/kept/").content.decode()

    assert "<script>alert" not in page
    assert unescape(page).count('"><script>alert(1)</script>') == 2


def sign_in(client, member, **fields):
    return client.post(
        reverse("account_login"), {"login": member.user.email, "password": PASSWORD, **fields}
    )
