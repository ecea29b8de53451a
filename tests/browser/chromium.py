"""The browser the tests drive: `python -m tests.browser.chromium` finds or gets it.

CARTER_BROWSER, else one on this machine, else Playwright's own, else Playwright or the system's
packages are asked for one. There is always a browser or a failure, never a skipped test.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
APPLICATIONS = (
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
)
CACHES = (".cache/ms-playwright", "Library/Caches/ms-playwright")
PROGRAMS = {"chrome", "headless_shell", "chrome-headless-shell", "Chromium"}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def executable() -> Path:
    """A browser that runs on this machine; it is got if there is none.

    Raises SystemExit, with what to do, when there is none to be had.
    """
    if given := os.environ.get("CARTER_BROWSER"):
        if runs(Path(given)):
            return Path(given)
        raise SystemExit(f"CARTER_BROWSER names {given}, which does not run.")
    for get in WAYS:
        get()
        if found := next(filter(runs, on_disk()), None):
            return found
    raise SystemExit("The browser tests need Chromium: install it, or name it in CARTER_BROWSER.")


def on_disk() -> Iterator[Path]:
    """What may be a browser. Playwright itself is not asked: that would start its driver."""
    yield from (Path(place) for name in NAMES if (place := shutil.which(name)))
    yield from (place for place in APPLICATIONS if place.exists())
    for cache in caches():
        places = sorted(cache.glob("chromium*/**/*"), reverse=True)
        yield from (place for place in places if place.name in PROGRAMS and place.is_file())


def caches() -> list[Path]:
    if given := os.environ.get("PLAYWRIGHT_BROWSERS_PATH"):
        return [Path(given)]
    return [Path.home() / cache for cache in CACHES]


def runs(program: Path) -> bool:
    """It says its version; the stubs that some systems have in its place do not."""
    return succeeds(str(program), "--version", "--no-sandbox")


def nothing() -> None:
    """What is there already may do."""


def ask_playwright() -> None:
    succeeds(sys.executable, "-m", "playwright", "install", "--only-shell", "chromium")


def ask_system() -> None:
    install("chromium")


WAYS: tuple[Callable[[], None], ...] = (nothing, ask_playwright, ask_system)


def mend_driver() -> None:
    """Playwright's driver wants a library that a minimal Debian has not."""
    if not succeeds(sys.executable, "-m", "playwright", "--version"):
        install("libatomic1")


def install(package: str) -> None:
    as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if shutil.which("apt-get"):
        succeeds(*as_root, "apt-get", "update", "-q")
        succeeds(*as_root, "apt-get", "install", "-qy", "--no-install-recommends", package)


def succeeds(*words: str) -> bool:
    try:
        done = subprocess.run(words, capture_output=True, check=False, timeout=300)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


if __name__ == "__main__":
    mend_driver()
    sys.stdout.write(f"{executable()}\n")
