"""Signing in as people do: password, passkey, second step, and a session that ended too early."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import expect

from carter.companies.changing import change_company
from carter.companies.inviting import invite
from carter.companies.models import Member
from carter.companies.rights import Role
from carter.companies.staffing import leave
from tests.browser.looks import by_day_and_by_night, width_of
from tests.builders import PASSWORD, a_member

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def fingerprint(page):
    """A device with a fingerprint reader, whose owner always agrees."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    name = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return devtools, name["authenticatorId"]


def test_a_passkey_signs_in_without_a_password(page, ada, fingerprint, axe):
    sign_in(page, ada)
    add_a_passkey(page, "Office laptop")
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    axe()
    sign_out(page)

    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page).to_have_url(re.compile("/leads/$"))


def test_a_passkey_leads_on_to_the_page_that_was_asked_for(page, ada, fingerprint):
    sign_in(page, ada)
    add_a_passkey(page, "Office laptop")
    sign_out(page)
    page.goto("/customers/?owes=yes")

    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page).to_have_url(re.compile(r"/customers/\?owes=yes$"))


def test_a_passkey_is_the_second_step_after_a_password(page, ada, fingerprint, axe):
    sign_in(page, ada)
    add_a_passkey(page, "Office laptop")
    sign_out(page)
    sign_in(page, ada)
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    axe()

    page.get_by_role("button", name="Use a passkey").click()

    expect(page).to_have_url(re.compile("/leads/$"))


def test_a_company_asks_for_a_second_step_and_one_goes_on_where_one_was(
    page, ours, ada, fingerprint, axe
):
    change_company(ours, values={"requires_second_step": True}, by=None)
    page.goto("/customers/")
    fill_in(page, ada)
    expect(page.get_by_role("heading", name="Set up a second step")).to_be_visible()
    axe()

    page.get_by_role("link", name="Passkey").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Name").fill("Office laptop")
    page.get_by_role("button", name="Add the passkey").click()
    page.get_by_role("link", name="Go on where you were").click()

    expect(page).to_have_url(re.compile("/customers/$"))
    expect(page.get_by_role("heading", name="Customers")).to_be_visible()


@by_day_and_by_night
def test_where_one_works_fits_whatever_the_company_is_called(page, ours, theirs, ada, axe):
    theirs.name = "Boulder & Daughters Long-Distance Moving and Storage Company"
    theirs.save()
    Member.across_companies.create(company=theirs, user=ada.user, role=Role.SALES)
    sign_in(page, ada)
    page.goto(reverse("profile"))
    fits(page)
    change_company(ours, values={"requires_second_step": True}, by=None)
    page.goto("/customers/")
    axe()
    fits(page)

    page.get_by_role("button", name=f"Work in {theirs}").click()

    expect(page).to_have_url(re.compile("/leads/$"))


def test_a_passkey_proves_who_one_is_before_a_change(page, ada, fingerprint):
    sign_in(page, ada)
    add_a_passkey(page, "Office laptop")
    sign_out(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(re.compile("/leads/$"))

    page.goto(reverse("mfa_reauthenticate_webauthn") + "?next=" + reverse("mfa_add_webauthn"))
    page.get_by_role("button", name="Use a passkey").click()

    expect(page.get_by_role("heading", name="Add a passkey")).to_be_visible()


def test_a_passkey_is_renamed_and_removed(page, ada, fingerprint):
    sign_in(page, ada)
    add_a_passkey(page, "Office laptop")
    page.goto(reverse("mfa_index"))
    page.get_by_role("link", name="Rename Office laptop").click()
    page.get_by_label("Name").fill("Front desk")
    page.get_by_role("button", name="Save").click()

    page.get_by_role("link", name="Remove Front desk").click()
    page.get_by_role("button", name="Remove the passkey").click()

    expect(page.get_by_text("None yet.")).to_be_visible()


def test_a_passkey_that_is_refused_says_so(page, ada, fingerprint):
    devtools, name = fingerprint
    sign_in(page, ada)
    open_with_password(page, reverse("mfa_add_webauthn"))
    devtools.send("WebAuthn.setUserVerified", {"authenticatorId": name, "isUserVerified": False})

    page.get_by_role("button", name="Add the passkey").click()

    expect(page.get_by_text("The passkey was not used.")).to_be_visible()


def test_an_app_is_set_up_and_asked_for(page, ada, axe):
    sign_in(page, ada)
    open_with_password(page, reverse("mfa_activate_totp"))
    expect(page.get_by_alt_text("QR code with the secret written below")).to_be_visible()
    axe()
    secret = page.locator("#totp_secret").inner_text()
    page.get_by_label("Authenticator code").fill(code_of(secret))
    page.get_by_role("button", name="Turn on").click()
    codes = page.get_by_role("list", name="Unused codes").get_by_role("listitem")
    expect(codes).to_have_count(10)
    recovery = codes.first.inner_text()
    sign_out(page)

    sign_in(page, ada)
    page.get_by_label("Code").fill(recovery)
    page.get_by_role("button", name="Sign in", exact=True).click()

    expect(page).to_have_url(re.compile("/leads/$"))


def test_signing_in_needs_no_mouse(page, ada):
    page.goto("/")
    page.keyboard.press("Tab")
    page.get_by_label("Email").focus()
    page.keyboard.type(ada.user.email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile("/leads/$"))


def test_what_was_typed_survives_a_session_that_ended(page, ours, ada):
    sign_in(page, ada)
    page.goto(reverse("customer_new"))
    page.get_by_label("Name").first.fill("Bob & Mary Smith")
    page.get_by_label("Phone").first.fill("303-555-0142")
    Session.objects.all().delete()

    page.get_by_role("button", name="Save").click()
    fill_in(page, ada)
    expect(page.get_by_role("heading", name="Not saved yet")).to_be_visible()
    expect(page.get_by_text("303-555-0142")).to_be_visible()
    page.get_by_role("button", name="Save it now").click()

    expect(page.get_by_role("heading", name="Bob & Mary Smith")).to_be_visible()
    assert [customer.name for customer in ours.customers.all()] == ["Bob & Mary Smith"]


def test_what_is_being_typed_stays_when_a_session_ends_meanwhile(page, ours, ada, axe, complaints):
    complaints.expect("status of 401")
    sign_in(page, ada)
    page.goto(reverse("lead_new"))
    page.get_by_label("Name").first.fill("Bob Smith")
    Session.objects.all().delete()

    page.get_by_label("Phone").first.press_sequentially("303-555-0142")
    expect(page.get_by_text("You are signed out. What you typed here stays")).to_be_visible()
    axe()
    assert page.get_by_label("Phone").first.input_value() == "303-555-0142"
    page.get_by_role("button", name="Save").first.click()
    fill_in(page, ada)
    page.get_by_role("button", name="Save it now").click()

    expect(page.get_by_role("heading", name="Bob Smith")).to_be_visible()


def test_what_was_typed_survives_signing_in_again_in_another_tab(page, context, ours, ada):
    sign_in(page, ada)
    page.goto(reverse("customer_new"))
    page.get_by_label("Name").first.fill("Bob Smith")
    other = context.new_page()
    other.goto(reverse("profile"))
    sign_out(other)
    sign_in(other, ada)

    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Save it now").click()

    expect(page.get_by_role("heading", name="Bob Smith")).to_be_visible()
    assert [customer.name for customer in ours.customers.all()] == ["Bob Smith"]


def test_somebody_invited_joins(page, context, ours, ada, axe):
    _, secret = invite(company=ours, email="bob@example.com", role=Role.SALES, by=ada)
    page.goto(f"{reverse('invitation')}?key={secret}")
    axe()
    page.get_by_label("Your name").fill("Bob Sales")
    page.get_by_label("Password").fill(PASSWORD)

    page.get_by_role("button", name="Join").click()

    expect(page.get_by_role("link", name="Bob Sales")).to_be_visible()


@by_day_and_by_night
def test_the_pages_of_strangers_look_right(page, ours, ada, axe):
    _, secret = invite(company=ours, email="bob@example.com", role=Role.SALES, by=ada)
    for address in (
        reverse("account_login"),
        reverse("account_reset_password"),
        reverse("account_signup"),
        f"{reverse('invitation')}?key={secret}",
    ):
        page.goto(address)
        axe()
        fits(page)
    page.goto(reverse("account_login"))
    page.get_by_label("Email").fill("nobody@example.com")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("No one signs in with this email and password.")).to_be_visible()
    axe()
    page.goto(reverse("account_reset_password"))
    page.get_by_label("Email").fill(ada.user.email)
    page.get_by_role("button", name="Send the code").click()
    expect(page.get_by_role("heading", name="Enter the code")).to_be_visible()
    axe()
    fits(page)


@by_day_and_by_night
def test_the_pages_of_settings_look_right(page, ours, ada, axe):
    a_member(ours, Role.DISPATCHER, name="Dora Dispatcher")
    leave(a_member(ours, Role.BILLING, name="Bill Billing"), by=ada)
    invite(
        company=ours, email="a.rather.long.address@moving-company.example", role=Role.SALES, by=ada
    )
    sign_in(page, ada)
    for name in (
        "settings",
        "company_settings",
        "people",
        "profile",
        "account_email",
        "account_change_password",
        "account_logout",
        "mfa_index",
        "mfa_list_webauthn",
        "usersessions_list",
        "account_reauthenticate",
    ):
        page.goto(reverse(name))
        axe()
        fits(page)


def test_inviting_shows_the_link_to_copy(page, ada, axe, mailoutbox):
    sign_in(page, ada)
    page.goto(reverse("people"))
    page.get_by_label("Email").fill("bob@example.com")
    page.get_by_label("Role", exact=True).select_option("Sales")

    page.get_by_role("button", name="Invite").click()

    expect(page.get_by_label("Link to copy")).to_have_value(re.compile(r"/invitation/\?key="))
    axe()


def sign_in(page, member):
    page.goto(reverse("account_login"))
    fill_in(page, member)


def fill_in(page, member):
    page.get_by_label("Email").fill(member.user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_load_state()


def sign_out(page):
    page.goto(reverse("profile"))
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def open_with_password(page, address):
    page.goto(address)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()


def add_a_passkey(page, name):
    open_with_password(page, reverse("mfa_add_webauthn"))
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()


def code_of(secret):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def fits(page):
    """Nothing is wider than the screen."""
    assert width_of(page) <= page.viewport_size["width"], page.url
