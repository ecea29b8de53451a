"""Every setting of an installation: its name, its default and what it is for.

A setting comes from the environment, else from the `.env` file beside the checkout, else from its
default here. `NAME_FILE` may name a file that holds the value of NAME (a container's secret).
`carter config` prints them all.
"""

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from carter import ROOT


def text(value: str) -> str:
    """The value without the line break that files end with."""
    return value.strip()


@dataclass(frozen=True)
class Setting:
    """One thing an installation can choose, by an environment variable of this name."""

    name: str
    meaning: str
    default: Any = ""
    kind: Callable[[str], Any] = text
    secret: bool = False
    choices: tuple[str, ...] = ()


SETTINGS = (
    Setting(
        "CARTER_URL",
        "The address people type. With https:// cookies are secure and browsers stay on it.",
    ),
    Setting("CARTER_HOSTS", "Other host names Carter answers to, with commas.", [], list),
    Setting(
        "CARTER_PROXIES",
        "How many proxies stand in front and set X-Forwarded-For and -Proto; 0 trusts neither.",
        0,
        int,
    ),
    Setting("CARTER_BIND", "The network address `carter serve` listens on.", "127.0.0.1"),
    Setting("CARTER_PORT", "The port it listens on.", 8000, int),
    Setting("CARTER_WORKERS", "How many processes answer.", 2, int),
    Setting("CARTER_THREADS", "How many requests each process answers at once.", 4, int),
    Setting(
        "CARTER_VAR",
        "The folder for what Carter keeps: the embedded database, the secret key, static files.",
        str(ROOT / "var"),
    ),
    Setting(
        "CARTER_SECRET_KEY",
        "Signs sessions and links. Made once, in secret-key of the folder above, when not given.",
        secret=True,
    ),
    Setting(
        "DATABASE_URL",
        "postgres://user:password@host/name; without it the embedded SQLite database.",
        secret=True,
    ),
    Setting(
        "CARTER_DATABASE_POOL",
        "How many PostgreSQL connections each process keeps; 0 opens one per request.",
        4,
        int,
    ),
    Setting(
        "CARTER_MAIL_URL",
        "smtp+tls://user:password@host:587; without it mail is written to the folder mail.",
        secret=True,
    ),
    Setting("CARTER_MAIL_FROM", "The sender of Carter's mail.", "Carter <carter@localhost>"),
    Setting("CARTER_LOG_FORMAT", "For machines or for people.", choices=("", "json", "readable")),
    Setting(
        "CARTER_LOG_LEVEL",
        "The least that is written down.",
        "info",
        choices=("debug", "info", "warning", "error"),
    ),
    Setting("CARTER_DEMO", "The demo: readable logs, static files as they lie.", False, bool),
    Setting("CARTER_DEBUG", "Django's debug pages, for developers only.", False, bool),
)

ENV_FILE = Path(os.environ.get("CARTER_ENV_FILE") or ROOT / ".env")


def read_file(path: Path) -> frozenset[str]:
    """Put what the file says, and the environment does not, into the environment.

    Returns the names that came from the file.
    """
    before = set(os.environ)
    environ.Env.read_env(path)
    return frozenset(os.environ) - before


FROM_FILE = read_file(ENV_FILE)
env = environ.FileAwareEnv(**{each.name: (each.kind, each.default) for each in SETTINGS})


def unreadable() -> list[str]:
    """Settings whose value makes no sense, each in a sentence."""
    return [words for setting in SETTINGS if (words := why_unreadable(setting))]


def why_unreadable(setting: Setting) -> str:
    try:
        value = env(setting.name)
    except ValueError:
        return f"{setting.name} must be a whole number, not “{given(setting)}”."
    except OSError as trouble:
        return f"{setting.name}_FILE cannot be read: {trouble.strerror}."
    if setting.choices and value not in setting.choices:
        return f"{setting.name} may be {', '.join(filter(None, setting.choices))}, not “{value}”."
    return ""


def given(setting: Setting) -> str:
    """The value as it was written, when it stands in the environment itself."""
    return os.environ.get(setting.name, "")


def source_of(setting: Setting) -> str:
    """Where the value comes from: environment, .env file, generated or default."""
    for name in (setting.name, f"{setting.name}_FILE"):
        if name in os.environ:
            return ".env file" if name in FROM_FILE else "environment"
    return "generated" if setting.name == "CARTER_SECRET_KEY" else "default"


def shown_value_of(setting: Setting) -> str:
    """The value, fit to be read over a shoulder: of a secret only whether there is one."""
    if why_unreadable(setting):
        return given(setting)
    value = env(setting.name)
    if setting.name == "DATABASE_URL" and value:
        return without_password(value)
    if setting.secret and (value or source_of(setting) == "generated"):
        return "(hidden)"
    return ", ".join(value) if isinstance(value, list) else str(value)


def without_password(url: str) -> str:
    password = urlsplit(url).password
    return url.replace(f":{password}@", ":(hidden)@", 1) if password else url


def public_url() -> str:
    """The address people type, without a slash at its end."""
    return str(env("CARTER_URL")).rstrip("/") or f"http://localhost:{env('CARTER_PORT')}"


def secret_key(folder: Path) -> str:
    """The key from the environment, else this installation's own, made on first start."""
    return env("CARTER_SECRET_KEY") or kept_key(folder / "secret-key")


def kept_key(path: Path) -> str:
    """The key in the file; two processes that start together agree on one.

    Raises ImproperlyConfigured when the file can be neither read nor made.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            draft = path.with_name(f"{path.name}.{os.getpid()}")
            draft.touch(mode=0o600)
            draft.write_text(secrets.token_urlsafe(64), encoding="ascii")
            publish(draft, path)
        return path.read_text(encoding="ascii")
    except OSError as trouble:
        raise ImproperlyConfigured(
            f"Carter keeps its secret key in {path}, which it cannot use ({trouble.strerror}). "
            "Make that folder writable, or set CARTER_VAR or CARTER_SECRET_KEY."
        ) from trouble


def publish(draft: Path, path: Path) -> None:
    """Put the draft in its place unless another process was first."""
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
