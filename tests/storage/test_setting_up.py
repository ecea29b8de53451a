"""Warehouses, zones and locations are added, renamed, closed and opened again."""

import pytest

from carter.storage.setting_up import (
    CannotSetUp,
    add_locations,
    add_warehouse,
    add_zone,
    change_location,
    close_location,
    names_in,
    reopen_location,
)
from tests.builders import a_customer, a_storage_job, a_zone, some_locations


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("V-001 … V-003", ["V-001", "V-002", "V-003"]),
        ("V-8...V-11", ["V-8", "V-9", "V-10", "V-11"]),
        ("V-001 - V-002", ["V-001", "V-002"]),
        ("Dock, Cage 2\nLoft", ["Dock", "Cage 2", "Loft"]),
        ("A1..A2, B1", ["A1", "A2", "B1"]),
        ("09–11", ["09", "10", "11"]),
        ("V-001", ["V-001"]),
        ("2026-11", ["2026-11"]),
    ],
)
def test_many_names_are_typed_at_once(typed, names):
    assert names_in(typed) == names


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "at least one"),
        ("V-9 … V-3", "backwards"),
        ("V-1 … V-999", "At most 500"),
        ("V-1, V-1", "twice"),
        ("x" * 41, "too long"),
    ],
)
def test_names_that_make_no_sense_are_refused(typed, why):
    with pytest.raises(CannotSetUp, match=why):
        names_in(typed)


def test_a_name_is_used_once(ours, ada):
    zone = a_zone(ours)
    some_locations(ours, "V-001", zone=zone)

    with pytest.raises(CannotSetUp, match="has V-001 already"):
        add_locations(zone, kind="rack", names=["V-001", "V-002"], by=ada)
    with pytest.raises(CannotSetUp, match="already"):
        add_zone(zone.warehouse, name=zone.name, per_row=5, by=ada)
    with pytest.raises(CannotSetUp, match="already"):
        add_warehouse(ours, name=zone.warehouse.name, by=ada)
    assert zone.locations.count() == 1


def test_a_location_is_closed_when_nothing_is_in_it(ours, ada):
    full, empty = some_locations(ours, "V-001", "V-002")
    a_storage_job(a_customer(ours, "Ann Lee"), locations=[full], by=ada)

    with pytest.raises(CannotSetUp, match=r"has goods of Ann Lee \(S-1\)"):
        close_location(full, by=ada)
    close_location(empty, by=ada)

    assert list(ours.locations.in_use()) == [full]
    assert ours.settings_events.first().what == f"closed {empty}"


def test_the_name_of_a_closed_location_may_be_used_again(ours, ada):
    (old,) = some_locations(ours, "V-001")
    close_location(old, by=ada)
    some_locations(ours, "V-001", zone=old.zone)

    with pytest.raises(CannotSetUp, match="there again already"):
        reopen_location(old, by=ada)


def test_a_renamed_location_finds_who_is_in_it(ours, ada):
    (vault,) = some_locations(ours, "V-001")
    stored = a_storage_job(a_customer(ours), locations=[vault], by=ada)
    ours.jobs.update(words_due=False)

    change_location(vault, name="Cage", kind="unit", by=ada)

    assert stored.job.refreshed().words_due is True
