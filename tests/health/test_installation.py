import socket

import pytest

from carter.health import installation
from carter.health.finding import Verdict, broken, fine, note

STRONG = "Nd8sJ2kQz7vLx0PbRw4yTgHc6mAe1fUi9oVt3XrKqYpZlBnM5jW_"


@pytest.fixture
def settings(settings, tmp_path):
    settings.VAR = tmp_path
    settings.SECRET_KEY = STRONG
    return settings


@pytest.mark.parametrize("weak", ["short", "ab" * 40])
def test_a_weak_secret_key_is_to_be_fixed(settings, weak):
    settings.SECRET_KEY = weak

    assert installation.secret_key() == broken(
        "Secret key", "It is too weak: use 50 random characters."
    )


def test_a_secret_key_that_others_can_read_is_to_be_fixed(settings):
    path = settings.VAR / "secret-key"
    path.write_text(STRONG)
    path.chmod(0o644)

    assert installation.secret_key() == broken(
        "Secret key", f"Others can read it: run `chmod 600 {path}`."
    )

    path.chmod(0o600)
    assert installation.secret_key().verdict is Verdict.FINE


@pytest.mark.parametrize(
    ("url", "proxies", "debug", "verdict"),
    [
        ("http://localhost:8000", 0, False, Verdict.NOTE),
        ("https://carter.example.com", 1, False, Verdict.FINE),
        ("https://carter.example.com", 0, False, Verdict.BROKEN),
        ("https://carter.example.com", 1, True, Verdict.BROKEN),
    ],
)
def test_an_address_must_be_safe_for_those_who_reach_it(settings, url, proxies, debug, verdict):
    settings.PUBLIC_URL, settings.HTTPS = url, url.startswith("https")
    settings.PROXIES, settings.DEBUG = proxies, debug

    assert installation.address().verdict is verdict


def test_mail_that_is_kept_is_noted(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"

    assert installation.mail().verdict is Verdict.NOTE


def test_a_mail_server_that_does_not_answer_is_to_be_fixed(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    with socket.socket() as nobody_listens:
        nobody_listens.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = nobody_listens.getsockname()[1]

        finding = installation.mail()

    assert finding.verdict is Verdict.BROKEN
    assert finding.words.startswith("127.0.0.1 does not take it")


def test_static_files_must_be_collected_unless_they_are_served_where_they_lie(settings):
    settings.STATIC_ROOT = None
    assert installation.static_files().verdict is Verdict.FINE

    settings.STATIC_ROOT = settings.VAR
    count = len(installation.every_static_file())
    assert installation.static_files() == broken(
        "Static files", f"{count} are not collected: run `carter migrate`."
    )


def test_static_files_of_an_earlier_version_must_be_collected_anew(settings):
    settings.STATIC_ROOT = settings.VAR
    for name, file in installation.every_static_file():
        kept = settings.VAR / name
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(file.read_bytes())
    assert installation.static_files() == fine("Static files", "All are collected.")

    (settings.VAR / "css" / "base.css").write_text("earlier")

    assert installation.static_files() == broken(
        "Static files", "1 are not collected: run `carter migrate`."
    )


def test_a_worker_that_shows_life_is_seen(settings):
    silent = note("Worker", "None has shown life for a while: run `carter worker`.")
    assert installation.worker() == silent

    (settings.VAR / "worker-alive").touch()
    assert installation.worker() == fine("Worker", "One is at work.")


def test_a_folder_that_others_can_read_is_to_be_fixed(settings, tmp_path):
    settings.VAR = tmp_path
    tmp_path.chmod(0o755)
    assert installation.folder().verdict is Verdict.FINE
    (tmp_path / "carter.sqlite3").touch()
    (tmp_path / "carter.sqlite3").chmod(0o644)

    finding = installation.folder()

    assert finding == broken(
        "Folder", f"Others can read what is in it: run `chmod 700 {tmp_path}`."
    )
    tmp_path.chmod(0o700)
    assert installation.folder().verdict is Verdict.FINE
