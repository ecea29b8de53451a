"""Days as the office writes them."""

from datetime import date


def written(day: date) -> str:
    """A day as Dec 4, 2026."""
    return f"{day:%b} {day.day}, {day.year}"
