"""Amounts, days, sizes and services of other programs."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from carter.transfer.understanding.values import (
    cents_of,
    day_of,
    moment_of,
    move_size_of,
    services_of,
)


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("2,750.00", 275_000),
        ("$1,999.99", 199_999),
        ("125", 12_500),
        ("0.5", 50),
        ("(125.00)", -12_500),
        ("-312.40", -31_240),
        ("1.999,99", 199_999),
        ("USD 12.50", 1_250),
        ("1,50.00", None),
        ("1.234", None),
        ("call me", None),
        ("9" * 30, None),
    ],
)
def test_an_amount_is_cents_or_nothing(text, cents):
    assert cents_of(text) == cents


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("20261111", date(2026, 11, 11)),
        ("2026-11-11", date(2026, 11, 11)),
        ("2025-03-19 14:13", date(2025, 3, 19)),
        ("2025-03-19T14:13:00Z", date(2025, 3, 19)),
        ("06/08/2026", date(2026, 6, 8)),
        ("6/8/26", date(2026, 6, 8)),
        ("Nov 11, 2026", date(2026, 11, 11)),
        ("11 November 2026", date(2026, 11, 11)),
        ("Wed, Nov 11, 2026", date(2026, 11, 11)),
        ("20261311", None),
        ("25/12/2026", None),
        ("next spring", None),
        ("0001-01-01", None),
    ],
)
def test_a_day_is_read_as_written_in_america(text, day):
    assert day_of(text, "US") == day


def test_the_same_day_is_another_one_in_britain():
    assert day_of("06/08/2026", "GB") == date(2026, 8, 6)


def test_a_moment_is_one_of_the_companys_time_zone():
    moment = moment_of("2025-03-19 2:13 PM", "US", ZoneInfo("America/Chicago"))

    assert moment.isoformat() == "2025-03-19T14:13:00-05:00"


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("2 Bedroom House", ("2-bedroom", True)),
        ("1 Bedroom Apartment", ("1-bedroom", True)),
        ("4+ Bedroom House", ("4-bedroom", False)),
        ("five bedroom", ("5-bedroom-plus", True)),
        ("Room or Less", ("room-or-less", True)),
        ("Few Items", ("few-items", True)),
        ("Studio", ("studio", True)),
        ("Office", ("office", True)),
        ("Castle", ("", False)),
    ],
)
def test_a_move_size_is_ours_and_says_whether_it_says_all(text, size):
    assert move_size_of(text) == size


@pytest.mark.parametrize(
    ("text", "services"),
    [
        ("Labor Only", (["loading"], True)),
        ("Packing", (["packing"], True)),
        ("Moving and Storage", (["moving", "storage"], True)),
        ("Full Service", (["moving", "packing"], False)),
        ("Packing, Junk Removal", (["packing", "disposal"], True)),
        ("Piano tuning", ([], False)),
    ],
)
def test_services_are_ours_and_say_whether_they_say_all(text, services):
    assert services_of(text) == services
