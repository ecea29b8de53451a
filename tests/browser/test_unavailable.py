"""The database does not answer while somebody types: a word about it, and nothing typed is lost."""

import sqlite3
from contextlib import closing, contextmanager

import pytest
from django.db import connection, connections
from playwright.sync_api import expect

from carter.web.unavailable import BUSY
from tests.browser.looks import in_every_look
from tests.builders import a_lead

pytestmark = pytest.mark.django_db(transaction=True)
NOTES = "Piano, third floor, no lift."


@pytest.fixture
def impatient():
    """Carter waits for a database that is locked for a moment only."""
    options = connections.settings["default"]["OPTIONS"]
    before = options["timeout"]
    options["timeout"] = 0.2
    yield
    options["timeout"] = before


@contextmanager
def somebody_writing():
    """Another program in the middle of a transaction."""
    with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")


def test_what_is_typed_stays_and_is_saved_when_the_database_answers_again(
    page, ours, ada, sign_in, impatient, complaints, axe
):
    job = a_lead(ours, "Bob Smith", by=ada)
    sign_in(ada)
    complaints.expect("status of 503")
    page.goto(f"/jobs/{job.pk}/?edit=1")
    page.get_by_label("Notes").fill(NOTES)

    with somebody_writing():
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text(BUSY)).to_be_visible()
        axe()
    expect(page.get_by_label("Notes")).to_have_value(NOTES)

    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="Edit")).to_be_visible()
    expect(page.get_by_text(BUSY)).to_be_hidden()
    assert job.refreshed().intake_notes == NOTES


@in_every_look
def test_a_new_lead_is_sent_again_from_the_page_that_says_why(
    page, ours, ada, sign_in, impatient, complaints, axe
):
    sign_in(ada)
    complaints.expect("status of 503")
    page.goto("/leads/new/")
    page.get_by_label("Name", exact=True).fill("Bob Smith")

    with somebody_writing():
        page.get_by_role("button", name="Save").first.click()
        expect(page.get_by_text(BUSY)).to_be_visible()
        axe()

    page.get_by_role("button", name="Send Again").click()
    expect(page.get_by_role("heading", name="Bob Smith")).to_be_visible()
    assert ours.jobs.count() == 1
