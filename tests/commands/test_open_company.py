import io

import pytest
from django.urls import reverse

from carter import cli
from carter.companies.models import Company, User
from carter.companies.rights import Role
from tests.builders import PASSWORD, a_company, the_owner

pytestmark = pytest.mark.django_db


@pytest.fixture
def piped(monkeypatch):
    """What is piped into the command."""

    def pipe(text):
        monkeypatch.setattr("sys.stdin", io.StringIO(text))

    pipe(f"{PASSWORD}\n")
    return pipe


def opened(*words):
    return cli.main(["open-company", "--name", "Two Men, One Van", *words])


def test_the_owner_of_a_new_company_can_sign_in(piped, capsys, client):
    assert opened("--owner-email", "Val@Example.com", "--time-zone", "America/Chicago") == 0

    company = Company.objects.get()
    assert (company.name, company.time_zone) == ("Two Men, One Van", "America/Chicago")
    assert (company.members.get().role, User.objects.get().email) == (Role.OWNER, "val@example.com")
    assert capsys.readouterr().out.endswith(" as val@example.com.\n")
    client.post(reverse("account_login"), {"login": "val@example.com", "password": PASSWORD})
    assert client.get("/settings/profile/").context["company"] == company


def test_an_owner_who_signs_in_already_keeps_the_password(piped):
    piped("")
    known = the_owner(a_company()).user

    assert opened("--owner-email", known.email) == 0

    assert User.objects.get().check_password(PASSWORD)
    assert known.members.count() == 2


def test_at_a_terminal_the_password_is_typed_twice(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", type("Terminal", (io.StringIO,), {"isatty": lambda _: True})())
    typed = iter([PASSWORD, "another", PASSWORD, PASSWORD])
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(typed))

    assert opened("--owner-email", "val@example.com") == 1
    assert "two different passwords" in capsys.readouterr().err
    assert opened("--owner-email", "val@example.com") == 0
    assert User.objects.get().check_password(PASSWORD)


@pytest.mark.parametrize(
    ("words", "password", "complaint"),
    [
        (
            ["--owner-email", "val@example.com", "--time-zone", "Denver"],
            PASSWORD,
            "not a time zone",
        ),
        (["--owner-email", "val@example.com"], "short", "too short"),
        (["--owner-email", "nobody"], PASSWORD, "valid email address"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_opened(
    piped, capsys, words, password, complaint
):
    piped(password)

    assert opened(*words) == 1

    assert complaint in capsys.readouterr().err
    assert not Company.objects.exists()
    assert not User.objects.exists()
