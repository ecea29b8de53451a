"""Billing months never drift, skip or overlap, whichever day they begin on.

CARTER_TEST_ANCHORS sets how many anchors are tried: 1,000 by default, 24 months each; more of them
for 120 months each.
"""

import os
import random
from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta

from carter.recurring.months import boundary, day_words, days_in, month_of

ANCHORS = int(os.environ.get("CARTER_TEST_ANCHORS", "1000"))
PERIODS = 24 if ANCHORS <= 1000 else 120


def anchors(count=ANCHORS):
    """Days of 31-day months, those at a month's end more often than chance would have it."""
    chance = random.Random(20_26)
    for _ in range(count):
        day = chance.choice((29, 30, 31, chance.randint(1, 31)))
        yield date(chance.randint(1999, 2101), chance.choice((1, 3, 5, 7, 8, 10, 12)), day)


def wrong(begins, count=ANCHORS):
    """How many months do not begin where dateutil, from the anchor itself, has them begin."""
    return sum(
        begins(anchor, k) != anchor + relativedelta(months=k)
        for anchor in anchors(count)
        for k in range(PERIODS)
    )


def test_months_begin_on_the_anchor_day_or_the_last_of_a_shorter_month():
    assert wrong(lambda a, k: boundary(month_of(a, a.day) + k, a.day)) == 0


def test_from_boundary_to_boundary_they_would_drift():
    def chained(anchor, k):
        for _ in range(k):
            anchor += relativedelta(months=1)
        return anchor

    assert wrong(chained, 100) > 0


def test_every_day_is_in_exactly_one_month():
    for anchor in anchors(50):
        day = anchor
        for _ in range(800):
            month = month_of(day, anchor.day)
            assert boundary(month, anchor.day) <= day < boundary(month + 1, anchor.day)
            assert 28 <= days_in(month, anchor.day) <= 31
            day += timedelta(days=1)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "words"),
    [
        (date(2026, 12, 1), date(2027, 1, 1), "Dec 1 – 31, 2026"),
        (date(2026, 12, 15), date(2027, 1, 15), "Dec 15, 2026 – Jan 14, 2027"),
        (date(2026, 1, 31), date(2026, 2, 28), "Jan 31 – Feb 27, 2026"),
        (date(2026, 2, 28), date(2026, 3, 1), "Feb 28, 2026"),
    ],
)
def test_days_are_written_with_their_last(starts_on, ends_on, words):
    assert day_words(starts_on, ends_on) == words
