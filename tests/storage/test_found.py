"""Search Jobs finds storage jobs in a group of their own, also by where the goods are."""

from datetime import date

import pytest

from carter.search.finding import search
from carter.storage.moving_in import call_off
from carter.storage.placing import place
from carter.storage.setting_up import change_location
from tests.builders import a_customer, a_job, a_storage_job, some_locations

MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)


@pytest.fixture
def stored(ours, ada):
    ours.has_storage = True
    ours.save()
    ann = a_customer(ours, "Ann Lee", by=ada)
    a_job(ann, by=ada)
    vaults = some_locations(ours, "V-014", "V-015")
    intake = {"name": "Ann Lee", "phone": "(303) 555-0142", "email": "ann@example.com"}
    return a_storage_job(ann, on=MAY, locations=vaults[:1], intake=intake, by=ada)


def found(company, text):
    return {
        group.label: [hit.code for hit in group.hits]
        for group in search(company, text).groups
        if group.label != "Customers"
    }


@pytest.mark.parametrize(
    "text", ["S-2", "303.555.0142", "0142", "ann@example.com", "v-014", "V 014"]
)
def test_it_is_found_by_number_phone_email_and_location(text, ours, stored):
    assert found(ours, text) == {"Storage Jobs": ["S-2"]}


def test_it_stands_beside_the_moves_of_the_same_name(ours, stored):
    assert found(ours, "ann lee") == {"Jobs": ["J-1"], "Storage Jobs": ["S-2"]}


def test_it_is_found_where_the_goods_are_now(ours, stored, ada):
    search(ours, "ann")
    other = ours.locations.get(name="V-015")
    place(stored, locations=[other], on=JUNE, by=ada)
    assert (found(ours, "v-014"), found(ours, "v-015")) == ({}, {"Storage Jobs": ["S-2"]})

    change_location(other, name="Cage", kind="unit", by=ada)

    assert (found(ours, "v-015"), found(ours, "cage")) == ({}, {"Storage Jobs": ["S-2"]})


def test_what_is_called_off_is_found_by_name_but_has_no_location(ours, stored, ada):
    (vault,) = some_locations(ours, "X-9")
    off = a_storage_job(a_customer(ours, "Bob"), locations=[vault], by=ada)
    call_off(off, reason="Price", by=ada)

    assert (found(ours, "x-9"), found(ours, "bob")) == ({}, {"Storage Jobs": ["S-3"]})


def test_nothing_of_it_is_found_while_the_module_is_off(ours, stored):
    ours.has_storage = False
    ours.save()

    assert found(ours, "ann lee") == {"Jobs": ["J-1"]}
    assert found(ours, "S-2") == {}
