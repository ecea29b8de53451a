"""Warehouses are set up by the desk, and the plan says what is where on which day."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from carter.storage.plan import counts_by_warehouse, counts_of, plan_of
from carter.storage.setting_up import add_warehouse
from tests.builders import a_customer, a_storage_job, a_zone, some_locations

APRIL, MAY = date(2026, 4, 1), date(2026, 5, 1)


@pytest.fixture
def ours(ours):
    ours.has_storage = True
    ours.save()
    return ours


@pytest.fixture
def desk(ada, client_of):
    return client_of(ada)


def test_a_warehouse_is_set_up_from_nothing(ours, desk):
    desk.post("/storage/warehouses/", {"name": "Commerce City", "address": "4400 Dahlia St"})
    warehouse = ours.warehouses.get()
    desk.post(reverse("zones", args=[warehouse.pk]), {"name": "Aisle A", "per_row": "8"})
    zone = warehouse.zones.get()
    typed = {"kind": "vault", "names": "V-001 … V-040", "once": "token"}
    for _ in range(2):
        desk.post(reverse("locations", args=[zone.pk]), typed)

    assert zone.locations.count() == 40
    shown = desk.get(reverse("warehouse", args=[warehouse.pk])).content.decode()
    assert "<b>40</b> of 40 vaults free" in shown
    assert "V-040" in shown


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("warehouses", {"name": "Depot"}, "There is a warehouse Depot already."),
        ("zones", {"name": "Aisle A", "per_row": "5"}, "has a zone Aisle A already."),
        ("warehouses", {"name": " "}, "Write what it is called."),
        ("zones", {"name": "", "per_row": "5"}, "Write what it is called."),
        ("zones", {"name": "Aisle B", "per_row": "0"}, "Write a number from 1 to 40."),
        ("zones", {"name": "Aisle B", "per_row": "many"}, "Write a number from 1 to 40."),
        ("locations", {"kind": "rack", "names": ""}, "Type at least one name."),
        ("locations", {"kind": "rack", "names": "V-001, R-1"}, "has V-001 already."),
        ("locations", {"kind": "rack", "names": "V-9 … V-1"}, "runs backwards"),
    ],
)
def test_what_cannot_be_is_told_and_stays_typed(name, typed, words, ours, desk):
    zone = a_zone(ours, warehouse=add_warehouse(ours, name="Depot", by=None))
    some_locations(ours, "V-001", zone=zone)
    rows = {"zones": [zone.warehouse_id], "locations": [zone.pk]}.get(name, [])

    answer = desk.post(reverse(name, args=rows), typed)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert (ours.warehouses.count(), ours.zones.count(), ours.locations.count()) == (1, 1, 1)


def test_names_are_changed(ours, desk):
    (vault,) = some_locations(ours, "V-001")
    zone, warehouse = vault.zone, vault.zone.warehouse

    desk.post(reverse("location", args=[vault.pk]), {"name": "R-7", "kind": "rack"})
    desk.post(reverse("zone", args=[zone.pk]), {"name": "Racks", "per_row": "4"})
    desk.post(reverse("warehouse_edit", args=[warehouse.pk]), {"name": "North", "address": ""})

    now = ours.locations.select_related("zone__warehouse").get()
    assert (str(now), now.kind, now.zone.per_row) == ("North › Racks › R-7", "rack", 4)


def test_a_location_is_closed_and_opened_again(ours, desk):
    full, empty = some_locations(ours, "V-001", "V-002")
    a_storage_job(a_customer(ours, "Ann Lee"), locations=[full])

    for location in (full, empty):
        desk.post(reverse("location_closing", args=[location.pk]))
    told = desk.get("/storage/").content.decode()

    assert "has goods of Ann Lee (S-1)" in told
    assert [one.name for one in ours.locations.in_use()] == ["V-001"]
    desk.post(reverse("location_closing", args=[empty.pk]))
    assert ours.locations.in_use().count() == 2


def states(plans):
    return {cell.location.name: str(cell.state) for plan in plans for cell in plan.cells}


def test_the_plan_says_how_each_location_stands_on_a_day(ours, desk):
    zone = a_zone(ours)
    names = ["V-1", "V-2", "V-3", "V-4", "V-5"]
    free, held, due, late, reserved = some_locations(ours, *names, zone=zone)
    soon, later = ours.today + timedelta(days=7), ours.today + timedelta(days=40)
    people = [a_customer(ours, name) for name in ("Ann", "Bob", "Cy", "Di")]
    a_storage_job(people[0], on=APRIL, locations=[held])
    a_storage_job(people[1], on=APRIL, move_out_on=soon, locations=[due])
    a_storage_job(people[2], on=APRIL, move_out_on=MAY, locations=[late])
    a_storage_job(people[3], move_in_on=ours.today, locations=[reserved])
    a_storage_job(people[3], move_in_on=later, locations=[free])

    today = plan_of(zone.warehouse, ours.today)
    assert states(today) == {
        "V-1": "Free",
        "V-2": "Held",
        "V-3": "Due out",
        "V-4": "Overdue",
        "V-5": "Reserved",
    }
    assert states(plan_of(zone.warehouse, later)) == {
        "V-1": "Reserved",
        "V-2": "Held",
        "V-3": "Free",
        "V-4": "Free",
        "V-5": "Reserved",
    }
    assert set(states(plan_of(zone.warehouse, date(2026, 3, 1))).values()) == {"Free"}
    assert [(count.free, count.of) for count in counts_of(today)] == [(1, 5)]
    counted = counts_by_warehouse(ours, ours.today)
    assert counted == {zone.warehouse_id: counts_of(today)}
    (first,) = (cell for plan in today for cell in plan.cells if cell.location == free)
    assert first.until == later
    asked = reverse("warehouse", args=[zone.warehouse_id]) + f"?on={later}"
    assert states(desk.get(asked).context["plans"])["V-3"] == "Free"
    assert desk.get(reverse("warehouse", args=[zone.warehouse_id]) + "?on=x").status_code == 200


def test_rows_of_the_plan_are_of_one_length(ours):
    zone = a_zone(ours)
    zone.per_row = 2
    zone.save()
    some_locations(ours, zone=zone)

    (plan,) = plan_of(zone.warehouse, ours.today)

    assert [[cell and cell.location.name for cell in row] for row in plan.rows] == [
        ["V-001", "V-002"],
        ["V-003", None],
    ]
