import re
import stat

import pytest
from django.core.exceptions import ImproperlyConfigured

from carter import ROOT, cli, configuration
from carter.configuration import SETTINGS, env, kept_key, shown_value_of, source_of

BY_NAME = {setting.name: setting for setting in SETTINGS}


def test_every_setting_that_is_read_is_explained():
    read = {
        name
        for path in (ROOT / "carter").rglob("*.py")
        for name in re.findall(r'\benv\("(\w+)"\)', path.read_text(encoding="utf-8"))
    }

    assert read == set(BY_NAME)


def test_a_value_names_its_source(monkeypatch):
    monkeypatch.setenv("CARTER_PORT", "8123")

    assert env("CARTER_PORT") == 8123
    assert source_of(BY_NAME["CARTER_PORT"]) == "environment"
    assert source_of(BY_NAME["CARTER_BIND"]) == "default"
    assert source_of(BY_NAME["CARTER_SECRET_KEY"]) == "generated"


def test_a_value_may_lie_in_a_file_of_its_own(monkeypatch, tmp_path):
    monkeypatch.setattr(env.ENVIRON, "cache", False)
    (tmp_path / "mail").write_text("smtp://mail.example.com\n")
    monkeypatch.setenv("CARTER_MAIL_URL_FILE", str(tmp_path / "mail"))

    assert env("CARTER_MAIL_URL") == "smtp://mail.example.com"
    assert source_of(BY_NAME["CARTER_MAIL_URL"]) == "environment"


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("CARTER_SECRET_KEY", "sesame", "(hidden)"),
        ("CARTER_MAIL_URL", "smtp://me:sesame@mail.example.com", "(hidden)"),
        (
            "DATABASE_URL",
            "postgres://me:sesame@db.example.com/carter",
            "postgres://me:(hidden)@db.example.com/carter",
        ),
        (
            "CARTER_REPLICA_URL",
            "postgres://me:sesame@replica.example.com/carter",
            "postgres://me:(hidden)@replica.example.com/carter",
        ),
        ("CARTER_HOSTS", "a.example.com,b.example.com", "a.example.com, b.example.com"),
    ],
)
def test_secrets_are_not_shown(monkeypatch, name, value, shown):
    monkeypatch.setenv(name, value)

    assert shown_value_of(BY_NAME[name]) == shown


def test_the_secret_key_is_made_once_and_for_its_owner_only(tmp_path):
    path = tmp_path / "new" / "secret-key"

    key = kept_key(path)

    assert kept_key(path) == key
    assert len(key) >= 50
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["secret-key"]


def test_two_processes_that_start_together_agree_on_the_secret_key(tmp_path):
    first, second, path = (tmp_path / name for name in ("first", "second", "secret-key"))
    first.write_text("one")
    second.write_text("other")

    configuration.publish(first, path)
    configuration.publish(second, path)

    assert path.read_text() == "one"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_cannot_be_used_is_named(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(ImproperlyConfigured, match=r"secret-key, which it cannot use"):
        kept_key(tmp_path / "file" / "secret-key")


def test_a_value_that_makes_no_sense_is_refused_in_words(monkeypatch, capsys):
    monkeypatch.setenv("CARTER_PORT", "eighty")
    monkeypatch.setenv("CARTER_LOG_LEVEL", "loud")

    assert cli.main(["migrate"]) == 1

    assert capsys.readouterr().err.splitlines() == [
        "CARTER_PORT must be a whole number, not “eighty”.",
        "CARTER_LOG_LEVEL may be debug, info, warning, error, not “loud”.",
    ]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("CARTER_PORT", "99999", "a number from 1 to 65535, not “99999”."),
        ("CARTER_WORKERS", "0", "a number from 1 to 1000, not “0”."),
        ("CARTER_DATABASE_POOL", "-1", "a number from 0 to 1000, not “-1”."),
        ("CARTER_VAR", "", "a folder, not “”."),
        (
            "CARTER_URL",
            "carter.example.com",
            "an address such as https://carter.example.com, not “carter.example.com”.",
        ),
        (
            "DATABASE_URL",
            "postgres://me:sesame@db:port/carter",
            "an address such as postgres://user:password@host:5432/name.",
        ),
        (
            "DATABASE_URL",
            "postgres://",
            "an address such as postgres://user:password@host:5432/name.",
        ),
        (
            "CARTER_REPLICA_URL",
            "sqlite:////srv/sesame.sqlite3",
            "an address such as postgres://user:password@host:5432/name.",
        ),
        ("CARTER_REPLICA_SECONDS", "-1", "a number from 0 to 3600, not “-1”."),
        (
            "CARTER_MAIL_URL",
            "smtp+tls://me:sesame@mail:port",
            "an address such as smtp+tls://user:password@host:587.",
        ),
        (
            "CARTER_MAIL_URL",
            "mail.example.com",
            "an address such as smtp+tls://user:password@host:587.",
        ),
    ],
)
def test_a_value_that_does_not_fit_is_refused_in_words(monkeypatch, name, value, words):
    monkeypatch.setenv(name, value)

    assert configuration.unreadable() == [f"{name} must be {words}"]
    assert "sesame" not in shown_value_of(BY_NAME[name])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CARTER_URL", "https://carter.example.com:8443/"),
        ("DATABASE_URL", "sqlite:////srv/carter.sqlite3"),
        ("DATABASE_URL", "postgresql://me@db.example.com/carter"),
        ("DATABASE_URL", "postgres:///carter"),
        ("CARTER_MAIL_URL", "smtp+ssl://mail.example.com:465"),
        ("CARTER_DEMO", "No"),
        ("CARTER_DEMO", "YES"),
    ],
)
def test_a_value_that_fits_is_taken(monkeypatch, name, value):
    monkeypatch.setenv(name, value)

    assert configuration.unreadable() == []


def test_a_switch_is_on_or_off(monkeypatch):
    monkeypatch.setenv("CARTER_DEBUG", "maybe")

    assert configuration.unreadable() == ["CARTER_DEBUG may be yes or no, not “maybe”."]


def test_a_file_of_settings_that_is_not_there_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("CARTER_ENV_FILE", str(tmp_path / ".env"))
    monkeypatch.setattr(configuration, "ENV_FILE", tmp_path / ".env")

    assert configuration.unreadable() == [
        f"CARTER_ENV_FILE is {tmp_path / '.env'}, where there is no file."
    ]


def test_a_file_that_is_not_there_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("CARTER_MAIL_FROM_FILE", str(tmp_path / "mail"))

    assert configuration.unreadable() == [
        "CARTER_MAIL_FROM_FILE cannot be read: No such file or directory."
    ]
