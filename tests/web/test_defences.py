"""What every answer says to browsers, and what strangers and other sites cannot do."""

import csv
import io
import json
import os
import re
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import global_settings
from django.contrib.auth import hashers
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path, reverse
from django.utils import timezone

from carter import ROOT
from carter.companies.models import Company, User
from carter.companies.rights import Role
from carter.urls import handler400, handler403, handler404, handler500
from carter.urls import urlpatterns as carters
from carter.web.files import named
from carter.web.middleware.company import public
from tests.builders import PASSWORD, a_charge, a_customer, a_member, an_invoice
from tests.web.addresses import addresses_of_ours, pages_of, paths_of
from tests.web.test_signing_in import code_of, set_up_an_app, sign_in
from tests.web.world import fill, mark

CSP = (
    "base-uri 'none'; connect-src 'self'; default-src 'none'; font-src 'self'; form-action 'self';"
    " frame-ancestors 'none'; img-src 'self' data:; manifest-src 'self'; object-src 'none';"
    " script-src 'self'; style-src 'self'"
)
ON_EVERY_ANSWER = {
    "Content-Security-Policy": CSP,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
INLINE = re.compile(r"<[a-z][^>]*\s(?:on[a-z]+|style)\s*=|<(?:script|style)>|href=\"?javascript:")
RUNS = ("=", "+", "-", "@", "\t", "\r")
STATIC = "/static/css/tokens.css"


@pytest.fixture
def office(ours, ada, client_of):
    """Our office with one of everything, and somebody at its desk."""
    fill(ours, "Zanzibar", by=ada)
    return client_of(ada)


def said_by(answer: HttpResponse) -> dict[str, str]:
    """What the answer tells browsers; the nonce is another one each time."""
    found = {name: answer.headers.get(name, "") for name in ON_EVERY_ANSWER}
    rules = re.sub(r" 'nonce-[^']+'", "", found["Content-Security-Policy"])
    found["Content-Security-Policy"] = "; ".join(sorted(rules.split("; ")))
    return found


def test_every_answer_tells_browsers_the_same_without_exception(ours, office):
    visitor = Client(raise_request_exception=False)
    answers = {at: office.get(at) for at in pages_of(ours, most=1)}
    answers |= {f"as a stranger {at}": visitor.get(at) for at in (*answers, "/nowhere/")}
    answers[STATIC] = visitor.get(STATIC)
    answers[STATIC].close()

    said = {at: said_by(answer) for at, answer in answers.items()}
    assert {at: words for at, words in said.items() if words != ON_EVERY_ANSWER} == {}
    assert [at for at, one in answers.items() if "Access-Control-Allow-Origin" in one.headers] == []
    assert len(answers) > 300


def test_every_page_is_private_has_nothing_inline_and_says_how_it_is_written(ours, office):
    """It stays in no cache, and holds no script, no style and no event of its own."""
    answers = {at: office.get(at) for at in (*pages_of(ours, most=1), "/nowhere/")}

    kinds = {at: answer.headers.get("Content-Type", "") for at, answer in answers.items()}
    pages = [at for at, kind in kinds.items() if kind.startswith("text/html")]
    inline = {at: INLINE.search(answers[at].content.decode()) for at in pages}
    cached = {at: answer.headers.get("Cache-Control", "") for at, answer in answers.items()}
    assert {at: said for at, said in cached.items() if "no-store" not in said} == {}
    assert {at: match[0] for at, match in inline.items() if match} == {}
    assert len(pages) > 100
    assert {kind for kind in kinds.values() if kind.startswith("text/")} == {
        "text/csv; charset=utf-8",
        "text/html; charset=utf-8",
        "text/plain; charset=utf-8",
    }


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "CONNECT"])
def test_no_address_takes_another_method_than_it_says(method, ours, office):
    answers = {at: office.generic(method, at).status_code for at in pages_of(ours, most=1)}

    assert {at: status for at, status in answers.items() if status not in (404, 405)} == {}


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_no_form_of_another_site_is_taken(headers, ours, office):
    """Neither as a form nor as htmx would send it; a gateway signs what it sends instead."""
    elsewhere = Client(enforce_csrf_checks=True)
    elsewhere.cookies = office.cookies
    headers = headers | {"Origin": "https://evil.example"}
    asked = {
        one.name: elsewhere.post(paths_of(one, ours)[0], headers=headers)
        for one in addresses_of_ours()
    }

    wrong = {name: answer for name, answer in asked.items() if answer.status_code != 403}
    assert {name: answer.status_code for name, answer in wrong.items()} == {"stripe_hook": 400}


# What travels


def settings_with(**environment: str) -> dict[str, object]:
    """Settings of an installation with these variables, read by a process of its own."""
    program = (
        "import json; from carter import settings as s;"
        "print(json.dumps({n: getattr(s, n) for n in dir(s) if n.isupper()}, default=str))"
    )
    clean = {name: value for name, value in os.environ.items() if name[:7] != "CARTER_"}
    known = {"CARTER_ENV_FILE": os.devnull, "CARTER_SECRET_KEY": "x" * 60}
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=clean | known | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_over_https_cookies_are_for_this_host_alone_and_browsers_stay_on_it(tmp_path):
    said = settings_with(
        CARTER_VAR=str(tmp_path), CARTER_URL="https://carter.example.com", CARTER_PROXIES="1"
    )

    assert {name: said[name] for name in said if name.endswith("COOKIE_NAME")} | {
        name: said[name]
        for name in ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT")
    } == {
        "SESSION_COOKIE_NAME": "__Host-carter_session",
        "CSRF_COOKIE_NAME": "__Host-carter_csrf",
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SECURE_SSL_REDIRECT": True,
    }
    assert said["COOKIE_PREFIX"] == "__Host-"
    assert said["SECURE_HSTS_SECONDS"] == 365 * 24 * 60 * 60


def test_no_cookie_can_be_read_by_a_script_or_comes_from_another_site(client, ada):
    sign_in(client, ada)
    client.get("/leads/")

    assert {
        name: (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"])
        for name, cookie in client.cookies.items()
    } == dict.fromkeys(("carter_session", "carter_csrf", "carter_person"), (True, "Lax", "/", ""))


@pytest.mark.parametrize("way", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_signing_in_leads_to_no_other_site(way, client, ada):
    form = {"login": ada.user.email, "password": PASSWORD, "next": way}

    assert client.post(reverse("account_login"), form).url == "/"


def test_a_private_page_asked_for_with_two_slashes_leads_to_no_other_site(client, db):
    answer = client.get("//evil.example/")

    assert answer.status_code == 404 or answer.url.startswith("/accounts/login/?next=/")


@pytest.mark.parametrize("host", ["evil.example", "carter.example.com.evil.example", "a b"])
def test_carter_answers_to_its_own_names_alone(host, client, db, settings):
    settings.ALLOWED_HOSTS = ["carter.example.com"]

    assert client.get("/accounts/login/", headers={"Host": host}).status_code == 400


# Signing in and out


def test_signing_in_gives_the_session_a_new_name(client, ada):
    client.get("/leads/")
    client.post(reverse("account_reset_password"), {"email": "nobody@example.com"})
    before = client.session.session_key
    sign_in(client, ada)

    assert before
    assert client.session.session_key != before
    assert as_who_has(before).get("/leads/").status_code == 302


def test_a_session_that_was_signed_out_of_opens_nothing(client, ada):
    sign_in(client, ada)
    name = client.session.session_key
    assert as_who_has(name).get("/leads/").status_code == 200

    client.post(reverse("account_logout"))

    assert as_who_has(name).get("/leads/").status_code == 302


def as_who_has(session: str) -> Client:
    client = Client()
    client.cookies["carter_session"] = session
    return client


def test_a_session_that_is_not_used_ends(client, ada, time_machine):
    sign_in(client, ada)
    session = client.session.session_key
    time_machine.move_to(timezone.now() + timedelta(hours=11, minutes=59), tick=False)
    assert as_who_has(session).get("/leads/").status_code == 200

    time_machine.shift(timedelta(hours=12, minutes=1))

    assert as_who_has(session).get("/leads/").status_code == 302


def test_a_session_ends_after_two_weeks_however_much_it_is_used(client, ada, time_machine):
    began = timezone.now()
    time_machine.move_to(began, tick=False)
    sign_in(client, ada)
    session = client.session.session_key
    answers = []
    for hours in range(11, 15 * 24, 11):
        time_machine.move_to(began + timedelta(hours=hours), tick=False)
        answers.append(as_who_has(session).get("/leads/").status_code)

    assert answers == [200] * 30 + [302] * 2


def test_how_long_it_takes_does_not_say_whether_an_email_is_known(client, ada, monkeypatch):
    """The one slow step, hashing what was typed, is taken as often for a stranger."""
    taken = []
    hasher = hashers.get_hasher()
    encode = type(hasher).encode
    monkeypatch.setattr(
        type(hasher), "encode", lambda self, *said: (taken.append(1), encode(self, *said))[1]
    )

    def hashings(email: str) -> int:
        taken.clear()
        client.post(reverse("account_login"), {"login": email, "password": "wrong"})
        return len(taken)

    assert hashings(ada.user.email) == hashings("nobody@example.com") == 1


@pytest.mark.parametrize(("proxies", "statuses"), [(0, [429]), (1, [429]), (2, [200])])
def test_a_made_up_address_gets_nobody_round_a_limit(proxies, statuses, db, settings):
    """Of X-Forwarded-For only what proxies of ours wrote counts: of two, the last but one."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    form = {"login": "nobody@example.com", "password": "wrong"}
    answers = [
        Client().post(
            reverse("account_login"),
            form | {"login": f"nobody{n}@example.com"},
            headers={"X-Forwarded-For": f"10.9.{n}.1, 203.0.113.{n}, 192.0.2.7"},
        )
        for n in range(31)
    ]

    assert [answer.status_code for answer in answers[30:]] == statuses


@pytest.mark.parametrize(
    "password", ["carter-moving-2026", "Ada-Owner-1234", "movers.movers.movers", "password-1234"]
)
def test_what_everybody_at_the_office_would_guess_is_no_password(password, ada, client):
    sign_in(client, ada)
    form = {"oldpassword": PASSWORD, "password1": password, "password2": password}

    answer = client.post(reverse("account_change_password"), form)

    assert answer.status_code == 200
    assert User.objects.get(pk=ada.user.pk).check_password(PASSWORD)


@pytest.mark.parametrize("password", ["x" * 128, "пароль из слов", "    spaces    ", "ünïcödé-ß-1"])
def test_any_other_password_of_ten_signs_is_taken_as_it_is(password, ada, client):
    sign_in(client, ada)
    form = {"oldpassword": PASSWORD, "password1": password, "password2": password}

    client.post(reverse("account_change_password"), form)

    assert sign_in(Client(), ada, password=password).status_code == 302


def test_a_reset_password_leaves_the_second_step_in_its_place(client, ada, mailoutbox):
    set_up_an_app(ada)
    client.post(reverse("account_reset_password"), {"email": ada.user.email})
    code = re.search(r"^([A-Z0-9]{3,}-?[A-Z0-9]{3,})$", mailoutbox[-1].body, re.MULTILINE)[1]
    answer = client.post(reverse("account_confirm_password_reset_code"), {"code": code})
    new = {"password1": "dollies-and-straps", "password2": "dollies-and-straps"}
    client.post(answer.url, new)

    assert client.get("/leads/").status_code == 302
    assert sign_in(Client(), ada, password=new["password1"]).url == reverse("mfa_authenticate")


def the_reset_form(client, ada, mailoutbox) -> tuple[str, str]:
    """Where a mailed code is typed, and the code."""
    answer = client.post(reverse("account_reset_password"), {"email": ada.user.email})
    code = re.search(r"^([A-Z0-9]{3,}-?[A-Z0-9]{3,})$", mailoutbox[-1].body, re.MULTILINE)[1]
    return answer.url, code


@pytest.mark.parametrize(("minutes", "works"), [(9, True), (11, False)])
def test_a_mailed_code_is_good_for_ten_minutes(
    minutes, works, client, ada, mailoutbox, time_machine
):
    form, code = the_reset_form(client, ada, mailoutbox)
    time_machine.move_to(timezone.now() + timedelta(minutes=minutes), tick=False)

    answer = client.post(form, {"code": code})

    assert (answer.url == reverse("account_complete_password_reset")) is works


def test_a_mailed_code_can_be_tried_three_times(client, ada, mailoutbox):
    form, code = the_reset_form(client, ada, mailoutbox)
    for _ in range(3):
        client.post(form, {"code": "WRONG-WRONG"})

    answer = client.post(form, {"code": code})

    assert answer.headers.get("Location") != reverse("account_complete_password_reset")


def test_a_code_of_the_app_works_once(ada):
    code = code_of(set_up_an_app(ada))
    answers = []
    for _ in range(2):
        client = Client()
        sign_in(client, ada)
        client.post(reverse("mfa_authenticate"), {"code": code})
        answers.append(client.get("/leads/").status_code)

    assert answers == [200, 302]


def test_passwords_are_kept_by_a_slow_hash(tmp_path):
    said = settings_with(CARTER_VAR=str(tmp_path))

    assert "PASSWORD_HASHERS" not in said
    assert global_settings.PASSWORD_HASHERS[0].endswith(".PBKDF2PasswordHasher")
    assert hashers.PBKDF2PasswordHasher.iterations >= 600_000


def test_no_script_keeps_anything_in_the_browser():
    folder = ROOT / "carter" / "web" / "static" / "js"
    scripts = {path.name: path.read_text("utf-8") for path in folder.glob("*.js")}
    own = {name: text for name, text in scripts.items() if name != "htmx.min.js"}
    dangerous = re.compile(
        r"localStorage|sessionStorage|indexedDB|document\.cookie|innerHTML|outerHTML"
        r"|insertAdjacentHTML|document\.write|eval\(|new Function|postMessage|__proto__"
    )

    assert len(own) >= 5
    assert {name: dangerous.findall(text) for name, text in own.items()} == {
        name: [] for name in own
    }


# What is written down


def events_of(caplog) -> list[dict[str, object]]:
    return [record.msg for record in caplog.records if isinstance(record.msg, dict)]


def test_signing_in_and_failing_to_are_written_down_without_what_was_typed(client, ada, caplog):
    sign_in(client, ada, password="a-secret-mistyped")
    client.post(
        reverse("account_login"), {"login": "my-password-by-mistake@example.com", "password": "x"}
    )
    sign_in(client, ada)

    said = [event for event in events_of(caplog) if event["event"] != "request"]
    assert [(event["event"], event["user"], event["address"]) for event in said] == [
        ("sign-in failed", ada.user.pk, "127.0.0.1"),
        ("sign-in failed", None, "127.0.0.1"),
        ("signed in", ada.user.pk, "127.0.0.1"),
    ]
    assert "mistype" not in caplog.text
    assert "by-mistake" not in caplog.text


def test_who_asked_for_what_they_may_not_is_written_down(ours, client_of, caplog):
    sam = a_member(ours, Role.SALES)

    client_of(sam).get(reverse("people"))

    refused, request = events_of(caplog)
    assert (refused["event"], refused["member"], refused["level"]) == (
        "not allowed",
        sam.pk,
        "warning",
    )
    assert (request["member"], request["status"]) == (sam.pk, 403)


@public
def stumble(request: HttpRequest, token: str) -> HttpResponse:
    raise ZeroDivisionError


urlpatterns = [path("i/<str:token>/stumble/", stumble), *carters]
__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


@pytest.mark.urls(__name__)
def test_no_line_holds_what_opens_an_invoice_or_speaks_for_a_gateway(ours, ada, caplog, office):
    visitor = Client(raise_request_exception=False)
    secrets = set()
    for one in addresses_of_ours():
        if "token" in one.pattern.converters:
            at = paths_of(one, ours)[0]
            secrets.add(at.split("/")[2 + (one.name == "stripe_hook")])
            visitor.get(at, REMOTE_ADDR="10.1.1.1")
            visitor.post(at, REMOTE_ADDR="10.1.1.2")
            visitor.get(f"{at}nowhere/")
    for secret in [*secrets]:
        visitor.get(f"/i/{secret}/stumble/")

    written = " ".join(str(event) for event in events_of(caplog))
    assert len(secrets) == 2
    assert "/i/…/pay/" in written
    assert "/hooks/stripe/…/" in written
    assert [secret for secret in secrets if secret in written] == []


# Files


def test_no_cell_of_a_file_runs_when_it_is_opened(ours, office):
    """Every text of every row begins like a formula, in turn with each sign that starts one."""
    links = set()
    for page in pages_of(ours, most=1):
        if "html" in (answer := office.get(page)).headers.get("Content-Type", ""):
            links |= set(
                re.findall(r'href="([^"]*(?:/csv/|\.csv|/report/)[^"]*)"', str(answer.content))
            )
    cells = []
    for sign in RUNS:
        with transaction.atomic():
            mark(ours, f"{sign}HYPERLINK(1)")
            for link in sorted(links):
                answer = office.get(link.replace("&amp;", "&"))
                text = b"".join(answer) if answer.streaming else answer.content
                cells += [
                    c for row in csv.reader(io.StringIO(text.decode("utf-8-sig"))) for c in row
                ]
            transaction.set_rollback(True)

    assert len(links) >= 5
    assert sum("HYPERLINK" in cell for cell in cells) > 100
    assert [cell for cell in cells if cell[:1] in RUNS and not is_number(cell)] == []


def is_number(cell: str) -> bool:
    return re.fullmatch(r"-?[0-9.]+", cell) is not None


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("INV-204.pdf", 'attachment; filename="INV-204.pdf"'),
        ('M";x=1.pdf', 'attachment; filename="M\\";x=1.pdf"'),
        ("a\r\nSet-Cookie: x.pdf", 'attachment; filename="a--Set-Cookie: x.pdf"'),
        ("№7.pdf", "attachment; filename*=utf-8''%E2%84%967.pdf"),
        ("../../up.pdf", 'attachment; filename="..-..-up.pdf"'),
    ],
)
def test_a_file_is_named_by_rule_whatever_its_name_holds(name, header):
    assert named(name) == header


def test_an_invoice_can_be_taken_away_whatever_numbers_begin_with(ours, ada, client_of):
    Company.objects.filter(pk=ours.pk).update(invoice_prefix='"\r\n№/')
    invoice = an_invoice([a_charge(a_customer(Company.objects.get(pk=ours.pk)))])

    answer = client_of(ada).get(reverse("invoice_paper", args=[invoice.pk]))

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
