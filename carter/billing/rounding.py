"""Whole cents out of fractions, so that the parts always add up."""

from collections.abc import Sequence


def half_even(numerator: int, denominator: int) -> int:
    """The nearest integer; of two equally near the even one (IEEE 754, banker's rounding)."""
    whole, rest = divmod(numerator, denominator)
    return whole + (2 * rest > denominator or (2 * rest == denominator and whole % 2))


def apportion(numerators: Sequence[int], denominator: int) -> list[int]:
    """Each fraction as an integer less than one away, adding up to their sum rounded half-even.

    By the largest remainder (Hamilton's method); of equal ones the first comes first.
    """
    parts = [numerator // denominator for numerator in numerators]
    left = half_even(sum(numerators), denominator) - sum(parts)
    rests = [-(numerator % denominator) for numerator in numerators]
    for place in sorted(range(len(parts)), key=rests.__getitem__)[:left]:
        parts[place] += 1
    return parts


def split(cents: int, weights: Sequence[int]) -> list[int]:
    """An amount in proportion to weights (none below zero, not all zero), to the cent."""
    return apportion([cents * weight for weight in weights], sum(weights))


def prorate(cents: int, *, days: int, of: int) -> int:
    """So many days' share of an amount for a period of `of` days."""
    return half_even(cents * days, of)
