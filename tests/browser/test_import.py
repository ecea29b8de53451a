"""A file from another system comes in, and goes out again."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.looks import in_every_look

pytestmark = pytest.mark.django_db(transaction=True)

FILES = Path(__file__).parent.parent / "data" / "imports"
LIST = b"Who,Their phone,Remark\nAnn Lee,303 555 0142,Piano\nZoe Quist,call me,\n,,Nobody here\n"


@in_every_look
def test_a_known_file_is_tried_out_imported_and_undone(page, ours, ada, sign_in, axe):
    sign_in(ada)
    page.goto("/settings/")
    page.get_by_role("link", name=re.compile("^Import")).click()
    page.get_by_label("CSV or XLSX file").set_input_files(FILES / "hubspot-contacts.csv")
    page.get_by_role("button", name="Try Out").click()

    expect(page.get_by_role("heading", name="What would happen")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("Recognised as HubSpot")).to_be_visible()
    assert not ours.customers.exists()
    axe()
    page.get_by_role("button", name="Import", exact=True).click()

    expect(page.get_by_role("heading", name="What happened")).to_be_visible(timeout=60_000)
    imported = ours.customers.current().count()
    assert imported > 500
    axe()
    page.get_by_role("link", name="Undo Import").click()
    page.get_by_role("dialog").get_by_role("button", name="Undo Import").click()

    expect(page.get_by_role("heading", name="What was undone")).to_be_visible(timeout=60_000)
    assert ours.customers.current().count() == 0
    axe()


def test_the_columns_of_an_unknown_file_are_named_and_remembered(page, ours, ada, sign_in, axe):
    sign_in(ada)
    choose_the_list(page)
    expect(page.get_by_role("heading", name="Columns of callers.csv")).to_be_visible(timeout=30_000)
    axe()
    page.get_by_label("Who", exact=True).select_option(label="Full name")
    page.get_by_label("Their phone").select_option(label="Phone")
    page.get_by_role("button", name="Try Out").click()

    expect(page.get_by_role("heading", name="What would happen")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("row").filter(has_text="Refused")).to_have_count(1)
    choose_the_list(page)

    expect(page.get_by_role("heading", name="What would happen")).to_be_visible(timeout=30_000)


def test_what_is_no_file_of_rows_gets_a_sentence(page, ours, ada, sign_in, axe):
    sign_in(ada)
    page.goto("/settings/imports/")
    picture = {
        "name": "truck.csv",
        "mimeType": "text/csv",
        "buffer": b"\x89PNG\r\n\x1a\n" + bytes(2000),
    }
    page.get_by_label("CSV or XLSX file").set_input_files(picture)
    page.get_by_role("button", name="Try Out").click()

    expect(page.get_by_role("link", name="Choose another file")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("main").get_by_role("alert")).to_be_visible()
    axe()


def choose_the_list(page):
    page.goto("/settings/imports/")
    file = {"name": "callers.csv", "mimeType": "text/csv", "buffer": LIST}
    page.get_by_label("CSV or XLSX file").set_input_files(file)
    page.get_by_role("button", name="Try Out").click()
