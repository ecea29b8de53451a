"""Search Jobs, as somebody on the phone uses it: by keyboard, while the caller speaks."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.looks import on_every_screen
from tests.builders import a_customer, a_job

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def book(ours, ada, sign_in):
    bob = a_customer(ours, "Bob Smith", phone="(303) 555-0142", by=ada)
    a_customer(ours, "Bo Smithers", phone="720 555 0177", by=ada)
    a_job(bob, by=ada, move_on="2026-05-01", origin_city="Denver")
    sign_in(ada)
    return bob


@on_every_screen
def test_a_customer_is_found_and_opened_by_keyboard(page, book, axe):
    page.goto("/leads/")
    page.keyboard.press("/")
    page.keyboard.type("bob smi")
    option = page.get_by_role("option", name=re.compile("Bob Smith"))
    expect(option.first).to_be_visible()
    axe()

    page.keyboard.press("ArrowDown")
    expect(option.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(rf"/customers/{book.pk}/$"))


def test_the_last_digits_of_a_phone_find_the_customer(page, book):
    page.goto("/leads/")
    page.get_by_role("combobox", name="Search Jobs").press_sequentially("0142")

    expect(page.get_by_role("option", name=re.compile("Bob Smith")).first).to_be_visible()


def test_arrows_go_round_and_escape_closes(page, book):
    page.goto("/leads/")
    box = page.get_by_role("combobox", name="Search Jobs")
    box.press_sequentially("smi")
    options = page.get_by_role("listbox").get_by_role("option")
    expect(options.first).to_be_visible()

    box.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    box.press("ArrowDown")
    box.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    box.press("Escape")

    expect(page.get_by_role("listbox")).to_be_hidden()


def test_without_choosing_enter_shows_the_page_of_results(page, book, axe):
    page.goto("/leads/")
    box = page.get_by_role("combobox", name="Search Jobs")
    box.fill("smith")
    box.press("Enter")

    expect(page.get_by_role("heading", name="Customers")).to_be_visible()
    axe()


def test_a_slash_typed_into_a_field_stays_there(page, book):
    page.goto("/leads/new/")
    field = page.get_by_label("Name", exact=True)
    field.press_sequentially("A/B")

    expect(field).to_have_value("A/B")
