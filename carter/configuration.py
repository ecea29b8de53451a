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
    """One thing an installation can choose, by an environment variable of this name.

    A value must fit; `must_be` says in words what does.
    """

    name: str
    meaning: str
    default: Any = ""
    kind: Callable[[str], Any] = text
    secret: bool = False
    choices: tuple[str, ...] = ()
    fits: Callable[[Any], bool] = lambda value: True
    must_be: str = ""


def number(name: str, meaning: str, default: int, *, least: int, most: int = 1_000) -> Setting:
    """A setting that is a whole number within bounds."""
    return Setting(
        name,
        meaning,
        default,
        int,
        fits=lambda value: least <= value <= most,
        must_be=f"a number from {least} to {most}",
    )


def is_web_address(value: str) -> bool:
    return not value or (
        value.startswith(("http://", "https://"))
        and bool(urlsplit(value).hostname)
        and has_port(value)
    )


def is_database(value: str) -> bool:
    """Whether a PostgreSQL database is named; its host may be left out, for this machine's own."""
    is_named = len(urlsplit(value).path) > 1
    return not value.startswith("postgres") or (is_named and has_port(value))


def is_replica(value: str) -> bool:
    return not value or (value.startswith("postgres") and is_database(value))


def is_mail_server(value: str) -> bool:
    known = urlsplit(value).scheme in environ.Env.EMAIL_SCHEMES
    return not value or (known and has_port(value))


def has_port(url: str) -> bool:
    """Whether the port, if there is one, is a number."""
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False


SETTINGS = (
    Setting(
        "CARTER_URL",
        "The address people type. With https:// cookies are secure and browsers stay on it.",
        fits=is_web_address,
        must_be="an address such as https://carter.example.com",
    ),
    Setting("CARTER_HOSTS", "Other host names Carter answers to, with commas.", [], list),
    number(
        "CARTER_PROXIES",
        "How many proxies stand in front and set X-Forwarded-For and -Proto; 0 trusts neither.",
        0,
        least=0,
    ),
    Setting("CARTER_BIND", "The network address `carter serve` listens on.", "127.0.0.1"),
    number("CARTER_PORT", "The port it listens on.", 8000, least=1, most=65_535),
    number("CARTER_WORKERS", "How many processes answer.", 2, least=1),
    number("CARTER_THREADS", "How many requests each process answers at once.", 2, least=1),
    Setting(
        "CARTER_VAR",
        "The folder for what Carter keeps: the embedded database, the secret key, static files.",
        str(ROOT / "var"),
        fits=bool,
        must_be="a folder",
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
        fits=is_database,
        must_be="an address such as postgres://user:password@host:5432/name",
    ),
    Setting(
        "CARTER_REPLICA_URL",
        "A streaming replica of it: lists, search and reports are read there (docs/scaling.md).",
        secret=True,
        fits=is_replica,
        must_be="an address such as postgres://user:password@host:5432/name",
    ),
    number(
        "CARTER_REPLICA_SECONDS",
        "How old what is read there may be; what one wrote oneself one sees at once.",
        10,
        least=0,
        most=3_600,
    ),
    Setting(
        "CARTER_POOLER",
        "Whether these addresses are a pooler's that hands out transactions, such as pgbouncer.",
        False,
        bool,
    ),
    number(
        "CARTER_DATABASE_POOL",
        "How many PostgreSQL connections each process keeps; 0 opens one per request.",
        4,
        least=0,
    ),
    Setting(
        "CARTER_MAIL_URL",
        "smtp+tls://user:password@host:587; without it mail is written to the folder mail.",
        secret=True,
        fits=is_mail_server,
        must_be="an address such as smtp+tls://user:password@host:587",
    ),
    Setting("CARTER_MAIL_FROM", "The sender of Carter's mail.", "Carter <carter@localhost>"),
    Setting("CARTER_LOG_FORMAT", "For machines or for people.", choices=("", "json", "readable")),
    Setting(
        "CARTER_LOG_LEVEL",
        "The least that is written down.",
        "info",
        choices=("debug", "info", "warning", "error"),
    ),
    Setting(
        "CARTER_MATCH_ENGINE",
        "What compares a whole book or file: this machine (duckdb), or many (spark).",
        "duckdb",
        choices=("duckdb", "spark"),
    ),
    Setting(
        "CARTER_AUTO_PAY",
        "Whether cards on file are charged by themselves; no stops it for every company.",
        True,
        bool,
    ),
    Setting(
        "CARTER_STRIPE_URL",
        "Where the payment gateway is asked.",
        "https://api.stripe.com",
        fits=lambda value: bool(value) and is_web_address(value),
        must_be="an address such as https://api.stripe.com",
    ),
    Setting("CARTER_DEMO", "The demo: readable logs, static files as they lie.", False, bool),
    Setting("CARTER_DEBUG", "Django's debug pages, for developers only.", False, bool),
)

YES_OR_NO = (*environ.Env.BOOLEAN_TRUE_STRINGS, "", "no", "n", "off", "false", "0")
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
    missing = [] if ENV_FILE.exists() or "CARTER_ENV_FILE" not in os.environ else [ENV_FILE]
    return [
        *(f"CARTER_ENV_FILE is {path}, where there is no file." for path in missing),
        *(words for setting in SETTINGS if (words := why_unreadable(setting))),
    ]


def why_unreadable(setting: Setting) -> str:
    try:
        value = env(setting.name)
    except ValueError:
        return f"{setting.name} must be a whole number, not “{given(setting)}”."
    except OSError as trouble:
        return f"{setting.name}_FILE cannot be read: {trouble.strerror}."
    if setting.choices and value not in setting.choices:
        return f"{setting.name} may be {', '.join(filter(None, setting.choices))}, not “{value}”."
    if setting.kind is bool and given(setting).lower() not in YES_OR_NO:
        return f"{setting.name} may be yes or no, not “{given(setting)}”."
    if not setting.fits(value):
        said = "." if setting.secret else f", not “{value}”."
        return f"{setting.name} must be {setting.must_be}{said}"
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
        return "(hidden)" if setting.secret else given(setting)
    value = env(setting.name)
    if setting.name in ("DATABASE_URL", "CARTER_REPLICA_URL") and value:
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
