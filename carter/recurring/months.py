"""Billing months: from the anchor day of one calendar month to that of the next."""

from calendar import monthrange
from datetime import date, timedelta


def boundary(month: int, anchor_day: int) -> date:
    """The day on which billing month number `month` begins; months are counted from year 0.

    In a month that is too short it is the last day. Always from the number and the anchor day:
    from boundary to boundary, the 31st would become the 28th for ever after one February.
    """
    year, place = divmod(month, 12)
    return date(year, place + 1, min(anchor_day, monthrange(year, place + 1)[1]))


def month_of(day: date, anchor_day: int) -> int:
    """The number of the billing month that a day is in."""
    month = day.year * 12 + day.month - 1
    return month if boundary(month, anchor_day) <= day else month - 1


def days_in(month: int, anchor_day: int) -> int:
    """How many days a billing month has: 28 to 31."""
    return (boundary(month + 1, anchor_day) - boundary(month, anchor_day)).days


def day_words(starts_on: date, ends_on: date) -> str:
    """The days from one until (not on) another: Dec 1 – 31, 2026; Dec 15, 2026 – Jan 14, 2027."""
    last = ends_on - timedelta(days=1)
    if starts_on == last:
        return f"{last:%b} {last.day}, {last.year}"
    if starts_on.year != last.year:
        return (
            f"{starts_on:%b} {starts_on.day}, {starts_on.year} – {last:%b} {last.day}, {last.year}"
        )
    if starts_on.month != last.month:
        return f"{starts_on:%b} {starts_on.day} – {last:%b} {last.day}, {last.year}"
    return f"{last:%b} {starts_on.day} – {last.day}, {last.year}"
