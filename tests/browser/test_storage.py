"""Goods of a move go into the warehouse: taken, placed on the plan, moved in, and found again."""

import re

import pytest
from playwright.sync_api import expect

from carter.storage.setting_up import add_locations
from tests.browser.looks import by_day_and_by_night, width_of
from tests.builders import a_customer, a_job, a_storage_job, a_zone

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def move(ours, ada):
    """A move of Ann Lee, and a warehouse in which Bob Smith has the first vault."""
    ours.has_storage = True
    ours.save()
    zone = a_zone(ours, "Aisle A")
    names = [f"V-{n:03}" for n in range(1, 13)]
    vaults = add_locations(zone, kind="vault", names=names, by=ada)
    a_storage_job(a_customer(ours, "Bob Smith", by=ada), on=ours.today, locations=vaults[:1])
    return a_job(a_customer(ours, "Ann Lee", by=ada), by=ada, phone="303 555 0142")


@by_day_and_by_night
def test_goods_of_a_move_go_into_storage_and_the_module_off_and_on(
    page, ours, move, ada, sign_in, axe, complaints
):
    complaints.expect("404")
    sign_in(ada)
    page.goto(move.get_absolute_url())
    page.get_by_text("More", exact=True).click()
    page.get_by_role("link", name="New Storage Job").click()
    expect(page.get_by_label("Phone")).to_have_value("303 555 0142")
    page.get_by_label("Move-in date").fill(str(ours.today))
    page.get_by_label("Monthly price").fill("125")
    page.get_by_role("button", name="Save Storage Job").click()

    expect(page.get_by_role("heading", name=re.compile("S-3"))).to_be_visible()
    expect(page.get_by_role("region", name="Linked moves").get_by_text("J-2")).to_be_visible()
    page.get_by_role("link", name="Choose Locations").click()
    expect(page.get_by_label("V-001")).to_be_disabled()
    page.get_by_label("V-002").check()
    page.get_by_label("V-003").check()
    axe()
    page.get_by_role("button", name="Save Locations").click()

    page.get_by_role("link", name="Move In").click()
    page.get_by_role("button", name="Move In").click()
    expect(page.get_by_text("In storage").first).to_be_visible()
    page.get_by_role("link", name="On the plan").first.click()
    cell = page.get_by_role("listitem").filter(has=page.get_by_role("link", name="V-002"))
    expect(cell).to_contain_text("Held")
    expect(cell).to_contain_text("Ann Lee")
    expect(page.get_by_text("9 of 12 vaults free")).to_be_visible()
    assert width_of(page) <= page.viewport_size["width"]
    axe()
    plan = page.url

    page.get_by_label("Search Jobs").fill("v-003")
    expect(page.get_by_role("option", name=re.compile("S-3 Ann Lee"))).to_be_visible()

    switch(page, on=False)
    assert page.goto(plan).status == 404
    page.goto(move.customer.get_absolute_url())
    expect(page.get_by_role("link", name="Storage")).to_have_count(0)
    switch(page, on=True)
    assert page.goto(plan).status == 200
    expect(cell).to_contain_text("Ann Lee")


def switch(page, *, on: bool) -> None:
    """Turn the module on or off in the settings."""
    page.goto("/settings/company/")
    page.get_by_label("Storage module").set_checked(on)
    page.get_by_role("button", name="Save").click()
    page.wait_for_load_state()
