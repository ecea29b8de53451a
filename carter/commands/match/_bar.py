"""How far a comparison is, shown on a terminal only."""

import sys

WIDTH = 30


def show_progress(step: str, done: int, of: int) -> None:
    """A bar that is written over again and again; a count while nobody knows of how many."""
    if not sys.stderr.isatty():
        return
    if of:
        filled = done * WIDTH // of
        bar = "█" * filled + "·" * (WIDTH - filled)
        print(f"\r{step} {bar} {done:,} of {of:,}", end="", file=sys.stderr, flush=True)
        if done >= of:
            print(file=sys.stderr)
    else:
        print(f"\r{step} {done:,}", end="", file=sys.stderr, flush=True)


def end_progress() -> None:
    """Go on below the bar."""
    if sys.stderr.isatty():
        print(file=sys.stderr)
