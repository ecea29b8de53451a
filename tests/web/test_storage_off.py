"""While the Storage module is off nothing of it is there; its data is, when it is on again."""

from datetime import date

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from carter.companies.changing import change_company
from tests.builders import a_charge, a_customer, a_job, a_storage_job, some_locations

MAY = date(2026, 5, 1)


@pytest.fixture
def stored(ours, ada):
    ours.has_storage = True
    ours.save()
    ann = a_customer(ours, "Ann Lee", by=ada)
    stored = a_storage_job(
        ann, from_move=a_job(ann, by=ada), on=MAY, locations=some_locations(ours, "V-014"), by=ada
    )
    a_charge(stored.job, 9_900)
    return stored


def switch(company, *, on: bool, by) -> None:
    change_company(company, values={"has_storage": on}, by=by)


def addresses_of_storage(stored) -> list[str]:
    location = stored.company.locations.get()
    rows = {
        "storage_job_id": stored.pk,
        "linked_move_id": stored.linked_moves.get().pk,
        "warehouse_id": location.zone.warehouse_id,
        "zone_id": location.zone_id,
        "location_id": location.pk,
        "customer_id": stored.customer.pk,
    }
    return [
        reverse(pattern.name, kwargs={name: rows[name] for name in pattern.pattern.converters})
        for pattern in patterns(get_resolver().url_patterns)
        if pattern.lookup_str.split(".")[-2] in ("places", "storage", "storage_jobs", "warehouses")
    ]


def patterns(among):
    for pattern in among:
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            yield pattern


def test_every_address_is_gone_while_it_is_off_and_back_when_it_is_on(ours, stored, ada, client_of):
    desk = client_of(ada)
    addresses = addresses_of_storage(stored)
    addresses += [
        reverse(name, args=[stored.pk])
        for name in ("job", "job_notes", "job_history", "job_charges", "job_candidates")
    ]
    addresses += [reverse("export", args=["storage-jobs", "csv"])]
    assert len(addresses) >= 24

    switch(ours, on=False, by=ada)
    off = {address: desk.get(address).status_code for address in addresses}
    posted = {address: desk.post(address).status_code for address in addresses}
    switch(ours, on=True, by=ada)
    on = {address: desk.get(address).status_code for address in addresses}

    assert {address: code for address, code in off.items() if code != 404} == {}
    posted = {address: code for address, code in posted.items() if "/jobs/" not in address}
    assert set(posted.values()) == {404}
    assert set(on.values()) == {200, 302, 405}


def test_navigation_tab_and_search_are_silent_while_it_is_off(ours, stored, ada, client_of):
    desk = client_of(ada)
    pages = [reverse("customer", args=[stored.customer.pk]), "/jobs/", "/search/?q=v-014"]
    pages += [reverse("job", args=[stored.linked_moves.get().move_id]), "/settings/exports/"]

    def mentioned():
        return [page for page in pages if "/storage/" in desk.get(page).content.decode()]

    assert mentioned() == pages
    switch(ours, on=False, by=ada)
    assert mentioned() == []


def test_what_is_owed_is_owed_whether_it_is_on_or_off(ours, stored, ada, client_of):
    switch(ours, on=False, by=ada)

    shown = client_of(ada).get(reverse("customer", args=[stored.customer.pk]))

    assert shown.context["balance"] == 9_900
    assert stored.stays.standing().count() == 1
