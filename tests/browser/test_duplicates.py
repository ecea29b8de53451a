"""Duplicates reviewed as somebody does it for an hour: by keyboard, without the mouse."""

import pytest
from playwright.sync_api import expect

from carter.billing.ledger import log_charge
from carter.matching.whole_book import work_on
from tests.browser.looks import by_day_and_by_night
from tests.builders import a_customer, a_job

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def book(ours, ada, sign_in):
    """One Bob twice, three records of Ann, a mother and her daughter."""
    robert = a_customer(
        ours,
        "Robert Smith",
        phone="303 555 0142",
        email="bob.smith@example.com",
        street="88 Erb St",
        by=ada,
    )
    job = a_job(robert, by=ada, move_on="2026-03-04")
    log_charge(customer=robert, job=job, kind="labour", amount_cents=124_000, by=ada)
    a_customer(ours, "Bob Smith", phone="(303) 555-0142", email="bob.smith@example.com", by=ada)
    for name in ("Ann Featherstonehaugh", "Anne Featherstonehaugh", "Ann Fetherstonehaugh"):
        a_customer(ours, name, phone="720 555 0177", by=ada)
    for name in ("Carla Ortiz", "Dolores Ortiz"):
        a_customer(ours, name, phone="720 555 0199", street="9 Elm Ave", by=ada)
    sign_in(ada)
    return ours


def title(page):
    return page.locator("#group-title")


@by_day_and_by_night
def test_duplicates_are_reviewed_by_keyboard(page, book, axe, complaints):
    page.goto("/duplicates/")
    expect(title(page)).to_have_text("Robert Smith and Bob Smith")
    expect(page.get_by_text("Bob is short for Robert")).to_be_visible()
    expect(page.get_by_text("$1,240.00")).to_be_visible()
    axe()

    page.keyboard.press("j")
    expect(title(page)).to_have_text("Ann Featherstonehaugh and 2 more")
    axe()
    page.keyboard.press("k")
    expect(title(page)).to_have_text("Robert Smith and Bob Smith")

    page.keyboard.press("s")
    expect(page.get_by_role("status")).to_contain_text("are noted as the same customer.")
    expect(title(page)).to_have_text("Ann Featherstonehaugh and 2 more")
    axe()
    page.keyboard.press("n")
    expect(title(page)).to_have_text("Carla Ortiz and Dolores Ortiz")
    page.keyboard.press("h")
    expect(page.get_by_text("Nothing left to look at.")).to_be_visible()
    axe()

    said = book.match_decisions.standing().order_by("id").values_list("verdict", flat=True)
    assert list(said) == ["same", *["not-the-same"] * 3, "same-household"]


def test_what_was_decided_is_undone_by_keyboard_one_after_the_other(page, book, complaints):
    page.goto("/duplicates/")
    page.keyboard.press("s")
    expect(title(page)).to_have_text("Ann Featherstonehaugh and 2 more")
    page.keyboard.press("n")
    expect(title(page)).to_have_text("Carla Ortiz and Dolores Ortiz")

    page.keyboard.press("u")
    expect(title(page)).to_have_text("Ann Featherstonehaugh and 2 more")
    page.keyboard.press("u")
    expect(title(page)).to_have_text("Robert Smith and Bob Smith")

    assert not book.match_decisions.standing().exists()


def test_letters_typed_into_a_field_decide_nothing(page, book, complaints):
    page.goto("/duplicates/")
    page.get_by_text("Add a reason").click()
    page.get_by_label("Reason, if you like").fill("")
    page.get_by_label("Reason, if you like").press_sequentially("shnu jk")
    expect(page.get_by_label("Reason, if you like")).to_have_value("shnu jk")

    page.get_by_role("button", name="Same Household").click()

    expect(page.get_by_role("status")).to_contain_text("are noted as one household.")
    assert book.match_decisions.get().reason == "shnu jk"


def test_whoever_is_not_ticked_is_left_out(page, book, complaints):
    page.goto("/duplicates/")
    page.keyboard.press("j")
    page.get_by_label("Decide about Ann Fetherstonehaugh").uncheck()

    page.keyboard.press("s")

    expect(page.get_by_role("status")).to_contain_text(
        "Ann Featherstonehaugh and Anne Featherstonehaugh are noted as the same customer."
    )
    expect(title(page)).to_contain_text("Featherstonehaugh")
    assert book.match_decisions.count() == 1


def test_the_progress_of_a_run_is_seen_until_the_list_is_there(page, book, complaints):
    page.goto("/duplicates/")
    page.get_by_role("button", name="Compare the Whole Book").click()
    expect(page.get_by_role("status")).to_contain_text("waiting to start")

    work_on(book.book_runs.get())

    expect(page.get_by_role("button", name="Compare the Whole Book")).to_be_visible()
    expect(title(page)).to_be_visible()
