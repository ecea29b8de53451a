"""Cents out of fractions: the parts add up, and none is a cent away.

CARTER_TEST_SPLITS sets how many cases are tried: 20,000 by default, 1,000,000 in a long run.
"""

import os
import random
from fractions import Fraction

import pytest

from carter.billing.rounding import apportion, half_even, prorate, split

CASES = int(os.environ.get("CARTER_TEST_SPLITS", "20000"))


def cases():
    chance = random.Random(20_26)
    for _ in range(CASES):
        weights = [
            chance.choice((0, 1, chance.randrange(10**6))) for _ in range(chance.randint(1, 9))
        ]
        yield chance.randrange(-(10**10), 10**10), weights if any(weights) else [1]


def wrong(share):
    """How many cases do not add up, or have a part that is a cent away from its fraction."""
    count = 0
    for cents, weights in cases():
        parts, whole = share(cents, weights), sum(weights)
        off = any(
            abs(part * whole - cents * weight) >= whole
            for part, weight in zip(parts, weights, strict=True)
        )
        count += off or sum(parts) != cents
    return count


def test_the_parts_of_a_split_add_up():
    assert wrong(split) == 0


def test_parts_rounded_each_by_itself_would_not_add_up():
    assert wrong(lambda cents, weights: [half_even(cents * w, sum(weights)) for w in weights]) > 0


def test_a_share_of_a_month_is_rounded_half_even():
    chance = random.Random(20_26)
    for _ in range(CASES):
        cents, of = chance.randrange(10**8), chance.randint(28, 31)
        days = chance.randint(0, of)
        before, after = prorate(cents, days=days, of=of), prorate(cents, days=of - days, of=of)
        assert before == round(Fraction(cents * days, of))
        assert abs(before + after - cents) <= 1


@pytest.mark.parametrize(
    ("numerator", "rounded"), [(5, 0), (15, 2), (25, 2), (-5, 0), (-15, -2), (-16, -2), (16, 2)]
)
def test_halves_go_to_the_even_side(numerator, rounded):
    assert half_even(numerator, 10) == rounded


def test_taxes_of_lines_add_up_to_the_tax_of_all_also_with_a_discount():
    assert apportion([5, 5, 5, -5], 10) == [1, 1, 0, -1]
    assert apportion([], 10) == []
