import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse

from carter.companies.models import User
from tests.builders import PASSWORD, a_company, the_owner

SIGNED_IN_PAGES = (
    "account_email",
    "account_change_password",
    "account_logout",
    "account_reauthenticate",
    "mfa_index",
    "mfa_list_webauthn",
    "usersessions_list",
)
NEW_PASSWORD = "dollies-and-straps"


def test_every_page_asks_strangers_to_sign_in(client, db):
    answer = client.get("/customers/?owes=yes")

    assert (answer.status_code, answer.url) == (
        302,
        "/accounts/login/?next=/customers/%3Fowes%3Dyes",
    )


def test_email_and_password_sign_in(client, ada):
    answer = sign_in(client, ada)

    assert (answer.status_code, answer.url) == (302, "/")
    assert client.get("/settings/profile/").context["member"] == ada


def test_a_wrong_password_does_not_say_whether_the_email_is_known(client, ada):
    wrong = sign_in(client, ada, password="wrong")
    unknown = client.post(
        reverse("account_login"), {"login": "nobody@example.com", "password": "wrong"}
    )

    assert wrong.context["form"].errors == unknown.context["form"].errors
    assert wrong.context["form"].non_field_errors() == [
        "No one signs in with this email and password."
    ]


def test_guessing_passwords_is_slowed_down_for_all_processes_together(client, ada):
    for _ in range(5):
        sign_in(Client(), ada, password="wrong")

    answer = sign_in(client, ada)

    assert answer.context["form"].non_field_errors() == [
        "Too many attempts. Wait five minutes, then try again."
    ]


def test_one_computer_cannot_try_the_whole_office(client, db):
    form = {"login": "nobody@example.com", "password": "wrong"}
    answers = [client.post(reverse("account_login"), form) for _ in range(31)]

    assert [answer.status_code for answer in answers] == [200] * 30 + [429]
    assert "Wait a few minutes" in answers[-1].content.decode()


def test_nobody_signs_up(client, db):
    answer = client.post(
        reverse("account_signup"), {"email": "eve@example.com", "password1": PASSWORD}
    )

    assert "ask an owner to invite you" in answer.content.decode()
    assert not User.objects.filter(email="eve@example.com").exists()


def test_who_works_nowhere_is_told_so(client, ada):
    ada.left_at = ada.created_at
    ada.save()
    sign_in(client, ada)

    answer = client.get("/leads/")

    assert answer.status_code == 403
    assert "You work in no company here" in answer.content.decode()


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(client, ada):
    sign_in(client, ada)
    cookie = client.cookies["carter_session"]

    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_cookies_travel_only_encrypted_when_the_address_is_https(client, ada, settings):
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    sign_in(client, ada)

    assert [client.cookies[name]["secure"] for name in ("carter_session", "carter_csrf")] == [
        True,
        True,
    ]


def test_a_forgotten_password_is_replaced_with_a_code_by_mail(client, ada, mailoutbox):
    client.post(reverse("account_reset_password"), {"email": ada.user.email})
    code = the_code_in(mailoutbox)
    answer = client.post(reverse("account_confirm_password_reset_code"), {"code": code})
    answer = client.post(answer.url, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})

    assert mailoutbox[0].to == [ada.user.email]
    assert User.objects.get(pk=ada.user.pk).check_password(NEW_PASSWORD)


def test_asking_for_an_unknown_address_looks_the_same_and_mails_nobody(client, db, mailoutbox):
    answer = client.post(reverse("account_reset_password"), {"email": "nobody@example.com"})

    assert answer.url == reverse("account_confirm_password_reset_code")
    assert client.get(answer.url).status_code == 200
    assert mailoutbox == []


def test_a_mail_server_that_is_down_stops_nothing(client, ada, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9

    answer = client.post(reverse("account_reset_password"), {"email": ada.user.email})

    assert answer.url == reverse("account_confirm_password_reset_code")


def test_changing_the_password_ends_every_other_session(ada, mailoutbox):
    here, there = Client(), Client()
    sign_in(here, ada)
    sign_in(there, ada)

    answer = here.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD},
    )

    assert answer.url == reverse("profile")
    assert here.get("/settings/profile/").status_code == 200
    assert there.get("/settings/profile/").status_code == 302
    assert [mail.subject for mail in mailoutbox] == ["Carter: Password Changed"]


def test_signing_out_elsewhere_ends_every_other_session(ada):
    here, there = Client(), Client()
    sign_in(here, ada)
    sign_in(there, ada)

    here.post(reverse("usersessions_list"))

    assert here.get("/settings/profile/").status_code == 200
    assert there.get("/settings/profile/").status_code == 302
    assert UserSession.objects.filter(user=ada.user).count() == 1


def test_the_email_changes_once_the_code_sent_to_it_is_entered(client, ada, mailoutbox):
    sign_in(client, ada)
    prove_it_is_them(client)
    client.post(reverse("account_email"), {"action_add": "", "email": "ada@new.example"})
    code = the_code_in(mailoutbox)
    before = User.objects.get(pk=ada.user.pk).email
    client.post(reverse("account_email_verification_sent"), {"code": code})

    assert (before, mailoutbox[0].to) == (ada.user.email, ["ada@new.example"])
    assert User.objects.get(pk=ada.user.pk).email == "ada@new.example"
    assert sign_in(Client(), the_owner(ada.company)).url == "/"


def test_a_code_of_the_app_is_asked_for_after_the_password(client, ada):
    secret = set_up_an_app(ada)

    answer = sign_in(client, ada)
    assert answer.url == reverse("mfa_authenticate")
    wrong = client.post(answer.url, {"code": "000000"})
    right = client.post(answer.url, {"code": code_of(secret)})

    assert wrong.context["form"].errors["code"] == [
        "This is not right. The codes of an app change every 30 seconds."
    ]
    assert right.url == "/"
    assert client.get("/settings/profile/").status_code == 200


def test_a_recovery_code_works_once(ada):
    set_up_an_app(ada)
    code = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]

    for answer in ("/", None):
        client = Client()
        sign_in(client, ada)
        assert getattr(client.post(reverse("mfa_authenticate"), {"code": code}), "url", None) == (
            answer
        )


def test_a_change_that_matters_asks_who_one_is_and_then_goes_on(client, ada, mailoutbox):
    sign_in(client, ada)

    answer = client.post(reverse("account_email"), {"action_add": "", "email": "ada@new.example"})
    page = client.get(answer.url)
    assert "Before this change" in page.content.decode()
    answer = client.post(answer.url, {"password": PASSWORD, "next": reverse("account_email")})

    assert answer.url == reverse("account_email_verification_sent")
    assert mailoutbox[0].to == ["ada@new.example"]


def test_the_app_cannot_be_turned_off_without_showing_who_one_is(ada, client_of):
    set_up_an_app(ada)

    answer = client_of(ada).post(reverse("mfa_deactivate_totp"))

    assert answer.url.startswith(reverse("account_reauthenticate"))
    assert Authenticator.objects.filter(user=ada.user, type="totp").exists()


def test_moments_are_shown_in_the_companys_time_zone(db, client_of, time_machine):
    time_machine.move_to("2026-11-22T12:00:00Z", tick=False)
    denver = a_company("Denver Movers", owner="Dan Denver", time_zone="America/Denver")
    dan = the_owner(denver)
    client = client_of(dan)

    page = client.get(reverse("people")).content.decode()

    assert "Nov 22, 2026, 5:00\N{NO-BREAK SPACE}AM" in page


@pytest.mark.parametrize("name", SIGNED_IN_PAGES)
def test_the_librarys_pages_are_dressed(client, ada, name):
    sign_in(client, ada)

    page = client.get(reverse(name)).content.decode()

    assert "css/tokens.css" in page
    assert "Menu:" not in page


def sign_in(client, member, password=PASSWORD):
    email = User.objects.get(pk=member.user.pk).email
    return client.post(reverse("account_login"), {"login": email, "password": password})


def prove_it_is_them(client):
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def the_code_in(mailoutbox):
    return re.search(r"^([A-Z0-9]{3,}-?[A-Z0-9]{3,})$", mailoutbox[-1].body, re.MULTILINE)[1]


def set_up_an_app(member):
    """Turn the second step on as a person would; gives the secret the phone then holds."""
    client = Client()
    sign_in(client, member)
    prove_it_is_them(client)
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert set(member.user.authenticator_set.values_list("type", flat=True)) == {
        "totp",
        "recovery_codes",
    }
    return secret


def code_of(secret):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))
