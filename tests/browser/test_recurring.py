"""Storage is invoiced by itself with auto-pay, the price rises, and the goods move out."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from carter.billing.balances import balance_of
from carter.recurring.ticking import tick
from tests.browser.looks import by_day_and_by_night, width_of
from tests.builders import a_customer, a_storage_job, some_locations
from tests.gateway.directing import a_card

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def stored(connected, gateway):
    """Goods of Maggie Greene in three vaults for ten days, and her card on file."""
    connected.has_storage = True
    connected.save()
    maggie = a_customer(connected, "Maggie Greene", email="maggie@example.com")
    stored = a_storage_job(
        maggie,
        on=connected.today - timedelta(days=10),
        locations=some_locations(connected),
        monthly_price_cents=17_000,
    )
    a_card(gateway, maggie, job=stored.job)
    return stored


@by_day_and_by_night
def test_set_up_charged_and_moved_out(page, connected, stored, ada, sign_in, axe, complaints):
    def fits():
        assert width_of(page) <= page.viewport_size["width"]
        axe()

    sign_in(ada)
    page.goto(stored.get_absolute_url())
    page.get_by_role("link", name="Set Up").click()
    page.get_by_label("From the day it begins on").check()
    upcoming = page.get_by_role("region", name="The next twelve invoices")
    expect(upcoming.get_by_role("row")).to_have_count(13)
    complaints.expect("status of 422")
    page.get_by_label("Last day").fill("2020-01-01")
    page.get_by_label("Last day").press("Tab")
    expect(upcoming).to_contain_text("Last day: The last day is not before the first.")
    fits()
    page.get_by_label("Last day").fill("")
    expect(upcoming).to_contain_text("1 of these is invoiced as soon as you save.")
    page.get_by_label("Description").first.fill("Three vaults")
    page.get_by_label("Unit price").first.fill("180")
    page.get_by_label("Unit price").first.press("Tab")
    expect(upcoming).to_contain_text("$180.00")
    page.get_by_label("Card or bank account").select_option(index=1)
    page.get_by_label("Turn auto-pay on").check()
    fits()
    page.get_by_role("button", name="Save and Start").click()

    expect(page.get_by_text("The first invoice is made.")).to_be_visible()
    panel = page.get_by_role("region", name="Recurring Invoices")
    expect(panel).to_contain_text("On: Visa ending in 4242")
    tick()
    assert balance_of(stored.customer) == 0

    panel.get_by_role("link", name="$180.00").click()
    page.get_by_role("link", name="Change Price").click()
    page.get_by_label("New price of one").fill("200")
    page.get_by_role("button", name="Change Price").click()
    expect(page.get_by_role("region", name="The next twelve invoices")).to_contain_text("$200.00")
    fits()

    page.goto(stored.get_absolute_url())
    page.get_by_role("link", name="Move Out").click()
    page.get_by_label("Only what was in some locations").check()
    page.get_by_label("V-001").check()
    page.get_by_label("New monthly price").fill("90")
    page.get_by_label("New monthly price").press("Tab")
    expect(page.get_by_text("Credit note over INV-1")).to_be_visible()
    expect(page.get_by_text("The rest goes on being invoiced.")).to_be_visible()
    fits()
    page.get_by_role("button", name="Move Out").click()
    expect(page.get_by_text("Partly out").first).to_be_visible()

    page.get_by_role("link", name="Move Out").click()
    page.get_by_role("button", name="Move Out").click()
    expect(page.get_by_text("Moved out").first).to_be_visible()
    expect(page.get_by_role("region", name="Recurring Invoices")).to_contain_text("Ended")
    page.goto(stored.customer.get_absolute_url())
    page.get_by_role("link", name=re.compile("Invoices")).first.click()
    expect(page.get_by_role("link", name="INV-1").first).to_be_visible()
    assert not connected.recurring_invoices.running().exists()
