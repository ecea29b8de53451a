"""Whether what grows while people work is noticed."""

from dataclasses import replace

import pytest

from carter.bench.soaking import Quarter, Soaked, grown, table

QUARTER = Quarter(answers=900, cpu_ms=10.0, p50_ms=20.0, p95_ms=60.0, megabytes=120.0)


def ending_with(**changes: float) -> Soaked:
    return Soaked([QUARTER, QUARTER, QUARTER, replace(QUARTER, **changes)], [])


def test_nothing_is_said_when_the_last_quarter_is_much_as_the_first():
    assert grown(ending_with(cpu_ms=12.0, p50_ms=29.0, p95_ms=110.0, megabytes=131.0)) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"cpu_ms": 13.0}, "Grown: an answer costs 13.0 ms of CPU, 10.0 at first."),
        ({"p50_ms": 31.0}, "Grown: half the answers take more than 31 ms, 20 at first."),
        ({"p95_ms": 121.0}, "Grown: one in twenty takes more than 121 ms, 60 at first."),
        ({"megabytes": 140.0}, "Grown: a process has 140 MB, 120 at first."),
    ],
)
def test_what_has_grown_is_said(changes, words):
    assert grown(ending_with(**changes)) == [words]


def test_a_single_failure_is_said():
    assert grown(Soaked([QUARTER] * 4, ["Refused: /leads/ answered 500.", "x"])) == [
        "2 failed, first: Refused: /leads/ answered 500."
    ]


def test_the_table_has_a_line_for_each_quarter():
    assert list(table(ending_with()))[1].split() == ["1", "900", "10.0", "20.0", "60.0", "120.0"]
