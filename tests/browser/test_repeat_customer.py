"""The main job: a lead comes in, the customer is recognised, the job is linked, and unlinked."""

import re

import pytest
from playwright.sync_api import expect

from carter.billing.ledger import log_charge
from tests.browser.looks import in_every_look
from tests.builders import a_customer, a_job, a_lead

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def known(ours, ada):
    """Robert Smith, who moved before and owes for it."""
    robert = a_customer(
        ours, "Robert Smith", phone="(303) 555-0142", street="88 Erb Street", by=ada
    )
    job = a_job(robert, by=ada, move_on="2026-03-04", origin_city="Denver", destination_city="Vail")
    log_charge(customer=robert, job=job, kind="labour", amount_cents=124_000, by=ada)
    return robert


@in_every_look
def test_a_lead_is_recognised_linked_and_unlinked(page, known, ada, sign_in, axe, complaints):
    sign_in(ada)
    page.goto("/leads/")
    page.get_by_role("link", name="New Lead").first.click()
    page.get_by_label("Name", exact=True).fill("Bob Smith")
    page.get_by_label("Phone").fill("303.555.0142 ext 4")
    page.get_by_label("Email").fill("bob@example.com")
    page.get_by_role("button", name="Save Lead").click()

    expect(page.get_by_role("heading", name="Possible Repeat Customer")).to_be_visible()
    expect(page.get_by_text("Bob is short for Robert")).to_be_visible()
    axe()
    page.get_by_role("link", name="View", exact=True).click()

    candidate = page.get_by_role("region", name="Robert Smith")
    expect(candidate.get_by_text(re.compile("Same .*number"))).to_be_visible()
    expect(candidate.get_by_text("$1,240.00")).to_be_visible()
    expect(candidate.get_by_role("link", name="J-1", exact=True)).to_be_visible()
    axe()
    candidate.get_by_role("link", name="Robert Smith").click()
    expect(page.get_by_role("heading", name="Robert Smith")).to_be_visible()
    page.go_back()

    page.get_by_role("link", name="Link Job to This Customer").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("bob@example.com")).to_be_checked()
    axe()
    dialog.get_by_role("button", name="Link Job to This Customer").click()

    expect(page).to_have_url(re.compile(f"/customers/{known.pk}/jobs/$"))
    row = page.get_by_role("row").filter(has_text="J-2")
    expect(row.get_by_text("Repeat job")).to_be_visible()
    axe()

    row.get_by_role("link", name="J-2").click()
    page.get_by_role("region", name="Linked").get_by_role("link", name="Unlink").click()
    page.get_by_role("button", name="Unlink").click()

    expect(page.get_by_role("heading", name="Possible Repeat Customer")).to_be_visible()
    page.goto(f"/customers/{known.pk}/jobs/")
    expect(page.get_by_role("link", name="J-2")).to_have_count(0)


def test_the_link_dialog_is_left_with_escape_and_nothing_happens(
    page, known, ours, ada, sign_in, complaints
):
    lead = a_lead(ours, "Bob Smith", phone="3035550142", by=ada)
    sign_in(ada)
    page.goto(f"/jobs/{lead.pk}/candidates/")

    page.get_by_role("link", name="Link Job to This Customer").press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog")).to_have_count(0)
    assert lead.refreshed().customer != known


def test_a_candidate_who_is_not_the_same_is_not_shown_again(
    page, known, ours, ada, sign_in, complaints
):
    lead = a_lead(ours, "Bob Smith", phone="3035550142", by=ada)
    sign_in(ada)
    page.goto(f"/jobs/{lead.pk}/candidates/")

    page.get_by_role("button", name="Not the Same").click()

    expect(page.get_by_text("Robert Smith is noted as not the same.")).to_be_visible()
    expect(page.get_by_text("No other customer looks like this one.")).to_be_visible()
    page.goto(lead.get_absolute_url())
    expect(page.get_by_role("heading", name="Possible Repeat Customer")).to_have_count(0)


def test_a_commercial_lead_is_suggested_its_company_while_typing(
    page, ours, ada, sign_in, axe, complaints
):
    acme = a_customer(
        ours,
        "Acme Logistics, L.L.C.",
        kind="company",
        category="commercial",
        contacts=(("Jane Doe", "primary"),),
        phone="303 555 0100",
        by=ada,
    )
    sign_in(ada)
    page.goto("/leads/new/")
    page.get_by_label("Commercial").check()

    page.get_by_label("Company name").press_sequentially("ACME Logis")
    suggestion = page.get_by_role("button", name=re.compile("Acme Logistics"))
    expect(suggestion).to_be_visible()
    axe()
    suggestion.click()

    expect(page.get_by_role("heading", name="For Acme Logistics, L.L.C.")).to_be_visible()
    expect(page.get_by_label("Phone")).to_have_value("303 555 0100")
    page.get_by_role("button", name="Save Lead").click()
    expect(page.get_by_role("link", name="Acme Logistics, L.L.C.").first).to_be_visible()
    assert ours.jobs.get().customer == acme


def test_a_lead_is_dragged_to_another_stage(page, ours, ada, sign_in, axe, complaints):
    lead = a_lead(ours, "Ann Lee", by=ada)
    sign_in(ada)
    page.goto("/leads/?view=board")

    page.locator(".board__card").drag_to(page.get_by_role("region", name="Contacted"))

    expect(page.get_by_role("region", name="Contacted").get_by_text("Ann Lee")).to_be_visible()
    axe()
    assert lead.refreshed().stage == "contacted"


def test_a_lead_is_moved_on_the_board_by_keyboard(page, ours, ada, sign_in, complaints):
    lead = a_lead(ours, "Ann Lee", by=ada)
    sign_in(ada)
    page.goto("/leads/?view=board")

    page.get_by_label("Move J-1 to").select_option(label="Estimate sent")
    page.get_by_role("button", name="Move").press("Enter")

    expect(page.get_by_role("region", name="Estimate sent").get_by_text("Ann Lee")).to_be_visible()
    assert lead.refreshed().stage == "estimate-sent"


def test_a_lead_is_dragged_on_its_customers_board(page, ours, ada, sign_in, complaints):
    lead = a_lead(ours, "Ann Lee", by=ada)
    sign_in(ada)
    board = f"/customers/{lead.customer_id}/jobs/?view=board"
    page.goto(board)

    page.locator(".board__card").drag_to(page.get_by_role("region", name="Contacted"))

    expect(page.get_by_role("region", name="Contacted").get_by_text("Ann Lee")).to_be_visible()
    expect(page).to_have_url(re.compile(re.escape(board) + "$"))


def test_the_keyboard_goes_on_where_a_form_was_opened_refused_and_saved(
    page, known, ada, sign_in, complaints
):
    complaints.expect("422")
    sign_in(ada)
    page.goto(known.get_absolute_url())

    page.get_by_role("link", name="Edit", exact=True).first.press("Enter")
    expect(page.get_by_label("Name", exact=False).first).to_be_focused()
    page.keyboard.press("Tab")
    page.get_by_label("Name").first.fill(" ")
    page.get_by_label("Name").first.press("Enter")
    expect(page.locator("[name=name][aria-invalid=true]")).to_be_focused()
    page.keyboard.type("Rob Smith")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Edit", exact=True).first).to_be_focused()


def test_two_tabs_edit_one_customer_in_place_and_the_second_sees_both_values(
    page, context, known, ada, sign_in, axe, complaints
):
    complaints.expect("422")
    sign_in(ada)
    other = context.new_page()
    for tab in (page, other):
        tab.goto(known.get_absolute_url())
        tab.get_by_role("link", name="Edit", exact=True).first.click()
        expect(tab.get_by_label("Lead source")).to_be_visible()

    page.get_by_label("Lead source").fill("Yelp")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Yelp")).to_be_visible()
    other.get_by_label("Lead source").fill("Google")
    other.get_by_role("button", name="Save").click()

    expect(other.get_by_text("Somebody else changed this to “Yelp”")).to_be_visible()
    expect(other.get_by_label("Lead source")).to_have_value("Google")
    other.get_by_role("button", name="Save").click()
    expect(other.get_by_label("Lead source")).to_have_count(0)
    assert known.refreshed().lead_source == "Google"
