"""Two customers who are one: ticked, previewed, merged, undone; and one who is two, split."""

import re

import pytest
from playwright.sync_api import expect

from carter.billing.ledger import log_charge, record_payment
from carter.companies.rights import Role
from carter.customers.adding import NewCustomer
from carter.customers.changing import add_detail
from carter.merging.split import split_customer
from tests.browser.looks import by_day_and_by_night, on_every_screen, width_of
from tests.builders import a_customer, a_job, a_member

pytestmark = pytest.mark.django_db(transaction=True)

FARTHEST = 80
"""How often somebody may have to press the Tab key; it goes round the page more than once."""


@pytest.fixture
def robert(ours, ada):
    """Robert Smith, who moved before and owes for it."""
    robert = a_customer(ours, "Robert Smith", phone="(303) 555-0142", street="1 Elm St", by=ada)
    job = a_job(robert, by=ada, move_on="2026-03-04", origin_city="Denver", destination_city="Vail")
    log_charge(customer=robert, job=job, kind="labour", amount_cents=124_000, by=ada)
    return robert


@pytest.fixture
def bob(ours, ada, robert):
    """The same man, entered a second time, with an email that Robert's record lacks."""
    bob = a_customer(ours, "Bob Smith", phone="303 555 0142", email="bob@example.com", by=ada)
    job = a_job(bob, by=ada, move_on="2026-05-01", origin_city="Vail")
    log_charge(customer=bob, job=job, kind="packing", amount_cents=10_050, by=ada)
    return bob


@by_day_and_by_night
def test_ticked_customers_are_merged_after_a_preview_and_the_merge_is_undone(
    page, robert, bob, ada, sign_in, axe, complaints
):
    sign_in(ada)
    page.goto("/customers/")
    for name in ("Robert Smith", "Bob Smith"):
        page.get_by_label(f"Tick {name}").check()
    page.get_by_role("button", name="Merge Customers").click()

    expect(page.get_by_role("heading", name="Merge Customers")).to_be_visible()
    expect(page.get_by_label("Robert Smith stays")).to_be_checked()
    expect(page.get_by_text("Bob is short for Robert")).to_be_visible()
    expect(page.get_by_role("row", name="Afterwards").get_by_text("$1,340.50")).to_have_count(2)
    axe()
    page.get_by_label("Bob Smith stays").check()
    expect(page.get_by_role("heading", name="Goes to Bob Smith")).to_be_visible()
    page.get_by_label("Robert Smith stays").check()
    expect(page.get_by_role("heading", name="Goes to Robert Smith")).to_be_visible()
    page.get_by_label("Name Bob Smith").check()
    page.get_by_label("Reason").fill("Same voice.")
    page.get_by_role("button", name="Merge Customers").click()

    expect(page).to_have_url(re.compile(f"/customers/{robert.pk}/$"))
    expect(page.get_by_role("heading", name="Bob Smith").first).to_be_visible()
    expect(page.get_by_text("bob@example.com").first).to_be_visible()
    expect(page.get_by_text("$1,340.50").first).to_be_visible()
    axe()

    page.goto(f"/customers/{bob.pk}/")
    expect(page.get_by_text("is now part of")).to_be_visible()
    page.get_by_role("link", name="History").click()
    page.get_by_role("link", name="Undo Merge").click()
    expect(page.get_by_role("heading", name="Goes back to C-2 Bob Smith")).to_be_visible()
    axe()
    page.get_by_role("button", name="Undo Merge").click()

    expect(page.get_by_text("are apart again")).to_be_visible()
    expect(page.get_by_role("heading", name="Robert Smith").first).to_be_visible()
    assert bob.refreshed().is_current


@on_every_screen
def test_a_merge_is_done_and_undone_by_keyboard_alone(page, robert, bob, ada, sign_in, complaints):
    sign_in(ada)
    page.goto(f"/customers/{bob.pk}/")
    press(page.get_by_label("More for Bob Smith", exact=True), "Enter")
    press(page.get_by_role("link", name="Merge with…"), "Enter")
    tab_to(page.get_by_label("Who is the same as Bob Smith?"))
    page.keyboard.type("robert")
    page.keyboard.press("Enter")
    press(page.get_by_role("checkbox", name="Robert Smith"), "Space")
    press(page.get_by_role("button", name="Preview"), "Enter")
    expect(page.get_by_label("Robert Smith stays")).to_be_checked()
    press(page.get_by_label("Name Robert Smith"), "ArrowRight")
    expect(page.get_by_label("Name Bob Smith")).to_be_checked()
    press(page.get_by_label("Reason"), "Enter")
    expect(page.get_by_text("are one customer now")).to_be_visible()
    assert bob.refreshed().leads_to == robert

    press(page.get_by_role("link", name="History"), "Enter")
    press(page.get_by_role("link", name="Undo Merge"), "Enter")
    press(page.get_by_role("button", name="Undo Merge"), "Enter")

    expect(page.get_by_text("are apart again")).to_be_visible()
    assert bob.refreshed().is_current


@on_every_screen
def test_a_split_is_done_and_undone_by_keyboard_alone(page, robert, ada, sign_in, complaints):
    sign_in(ada)
    page.goto(f"/customers/{robert.pk}/")
    press(page.get_by_label("More for Robert Smith", exact=True), "Enter")
    press(page.get_by_role("link", name="Split Customer"), "Enter")
    press(page.get_by_label("Job J-1"), "Space")
    tab_to(page.get_by_label("Name of the new customer"))
    page.keyboard.type("Mary Smith")
    press(page.get_by_role("button", name="Preview"), "Enter")
    expect(page.get_by_role("heading", name="Goes to Mary Smith")).to_be_visible()
    press(page.get_by_role("button", name="Split Customer"), "Enter")
    expect(page.get_by_text("Mary Smith has it now.")).to_be_visible()

    press(page.get_by_role("link", name="History"), "Enter")
    press(page.get_by_role("link", name="Undo Split"), "Enter")
    press(page.get_by_role("button", name="Undo Split"), "Enter")

    expect(page.get_by_text("Everything is back with Robert Smith.")).to_be_visible()
    assert robert.jobs.count() == 1


@on_every_screen
def test_what_a_colleague_did_meanwhile_is_named(page, robert, bob, ada, sign_in, axe, complaints):
    sign_in(ada)
    page.goto(f"/customers/merges/new/?ids={robert.pk}&ids={bob.pk}")
    record_payment(customer=bob, job=None, method="cash", amount_cents=5_000, by=ada)
    page.get_by_role("button", name="Merge Customers").click()

    refusal = page.get_by_role("alert")
    expect(refusal.get_by_text("Ada Owner recorded a payment")).to_be_visible()
    expect(refusal.get_by_text("payments $0.00 → $50.00")).to_be_visible()
    assert width_of(page) == page.viewport_size["width"]
    axe()
    complaints.expect("status of 422")
    page.get_by_role("button", name="Merge Customers").click()

    expect(page.get_by_text("are one customer now")).to_be_visible()


@by_day_and_by_night
def test_a_customer_is_split_and_the_split_undone(page, robert, ada, sign_in, axe, complaints):
    sign_in(ada)
    page.goto(f"/customers/{robert.pk}/")
    page.get_by_label("More for Robert Smith", exact=True).click()
    page.get_by_role("link", name="Split Customer").click()
    page.get_by_label("Job J-1").check()
    page.get_by_label("Name of the new customer").fill("Mary Smith")
    axe()
    page.get_by_role("button", name="Preview").click()

    expect(page.get_by_role("heading", name="Goes to Mary Smith")).to_be_visible()
    axe()
    page.get_by_role("button", name="Split Customer").click()

    expect(page.get_by_role("heading", name="Mary Smith").first).to_be_visible()
    page.get_by_role("link", name="History").click()
    page.get_by_role("link", name="Undo Split").click()
    expect(page.get_by_role("heading", name="Goes back to C-1 Robert Smith")).to_be_visible()
    afterwards = page.get_by_role("row", name="Robert Smith (C-1) afterwards")
    expect(afterwards.get_by_text("$1,240.00")).to_have_count(2)
    axe()
    page.get_by_role("button", name="Undo Split").click()
    expect(page.get_by_text("Everything is back with Robert Smith.")).to_be_visible()
    assert robert.jobs.count() == 1


@on_every_screen
def test_a_split_is_undone_as_it_is_shown_or_not_at_all(
    page, ours, robert, ada, sign_in, axe, complaints
):
    new = NewCustomer(name="Mary Smith")
    split = split_customer(source=robert, rows=list(robert.jobs.all()), new=new, by=ada)
    for email in ("mary@example.com", "m.smith@example.com"):
        add_detail(split.to_customer, "emails", text=email, by=ada)
    sign_in(ada)
    page.goto(f"/customers/splits/{split.pk}/")
    add_detail(split.to_customer, "phones", text="720 555 0188", by=ada)
    press(page.get_by_role("button", name="Undo Split"), "Enter")

    refusal = page.get_by_role("alert")
    expect(refusal.get_by_text("Ada Owner added the phone 720 555 0188")).to_be_visible()
    assert width_of(page) == page.viewport_size["width"]
    axe()
    complaints.expect("status of 422")
    press(page.get_by_label("Goes to Robert Smith: email mary@example.com"), "Space")
    press(page.get_by_role("button", name="Undo Split"), "Enter")

    expect(page.get_by_text("Everything is back with Robert Smith.")).to_be_visible()
    assert robert.emails.get().text == "mary@example.com"
    assert split.to_customer.emails.get().text == "m.smith@example.com"


@on_every_screen
def test_what_sales_recommends_a_manager_merges(
    page, ours, robert, bob, ada, sign_in, context, axe, complaints
):
    sign_in(a_member(ours, Role.SALES))
    page.goto(f"/customers/merges/new/?ids={robert.pk}&ids={bob.pk}")
    page.get_by_label("Reason").fill("Same voice.")
    page.get_by_role("button", name="Recommend Merge").click()
    expect(page.get_by_text("Recommended. Whoever may merge")).to_be_visible()

    context.clear_cookies()
    sign_in(ada)
    page.goto("/duplicates/recommended/")
    expect(page.get_by_text("Same voice.")).to_be_visible()
    axe()
    page.get_by_role("link", name=re.compile("Merge…")).click()
    expect(page.get_by_role("heading", name="Merge Customers")).to_be_visible()


def press(target, key):
    """Go there with the Tab key and press a key on it."""
    tab_to(target)
    target.page.keyboard.press(key)


def tab_to(target):
    """Go there with the Tab key, as somebody does who has no mouse."""
    expect(target).to_be_visible()
    for _ in range(FARTHEST):
        if target.evaluate("element => element === document.activeElement"):
            return
        target.page.keyboard.press("Tab")
    raise AssertionError(f"The Tab key does not lead to {target}.")
