"""How far a comparison is, shown on a terminal only."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from carter.matching.batch.comparing import Progress

WIDTH = 30


@contextmanager
def a_bar() -> Iterator[Progress]:
    """Show how far it is on one line, written over again and again; go on below it."""
    is_shown = False

    def show(step: str, done: int, of: int) -> None:
        nonlocal is_shown
        if sys.stderr.isatty():
            print(f"\r{_line(step, done, of)}", end="", file=sys.stderr, flush=True)
            is_shown = True

    try:
        yield show
    finally:
        if is_shown:
            print(file=sys.stderr)


def _line(step: str, done: int, of: int) -> str:
    """A bar, or a count while nobody knows of how many."""
    if not of:
        return f"{step} {done:,}"
    filled = done * WIDTH // of
    return f"{step} {'█' * filled}{'·' * (WIDTH - filled)} {done:,} of {of:,}"
