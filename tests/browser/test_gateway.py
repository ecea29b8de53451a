"""A card is put on file and charged, and a customer pays by the link: on the gateway's own page."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from carter.paperwork.links import make_link
from tests.builders import a_charge, a_customer, a_job, an_invoice

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def public(monkeypatch, live_server):
    """The address that the gateway leads back to is the live server's."""
    monkeypatch.setenv("CARTER_URL", live_server.url)


def type_card(page, number: str = "4242 4242 4242 4242") -> None:
    page.get_by_label("Card number").fill(number)
    page.get_by_role("button", name="Continue").click()


def test_a_card_is_put_on_file_and_charged(page, public, connected, ada, sign_in, axe):
    bob = a_customer(connected, "Bob Smith", email="bob@example.com")
    invoice = an_invoice([a_charge(a_job(bob), 12_500)])
    sign_in(ada)

    page.goto(reverse("customer_payments", args=[bob.pk]))
    page.get_by_role("link", name="Cards on File").click()
    axe()
    page.get_by_role("link", name="Add Card or Bank Account").click()
    page.get_by_label("Bob Smith agrees that").check()
    page.get_by_role("button", name="Continue").click()
    type_card(page)
    expect(page.get_by_text("Visa ending in 4242 is on file.")).to_be_visible()

    page.goto(reverse("invoice", args=[invoice.pk]))
    page.get_by_text("More", exact=True).click()
    page.get_by_role("link", name="Charge a Card on File").click()
    axe()
    page.get_by_role("button", name="Charge $125.00").click()
    expect(page.get_by_text("is paid with Visa ending in 4242.")).to_be_visible()


def test_a_customer_pays_by_the_link(page, public, connected, ada, axe):
    invoice = an_invoice([a_charge(a_job(a_customer(connected)), 12_500)])
    link = reverse("public_invoice", args=[make_link(invoice, by=ada).token])

    page.goto(link)
    axe()
    page.get_by_role("button", name="Pay $125.00").click()
    type_card(page, "4000 0000 0000 0002")
    expect(page.get_by_role("alert")).to_contain_text("declined")
    type_card(page)

    expect(page.get_by_role("heading", name="$125.00 is paid. Thank you.")).to_be_visible()
    axe()
    page.get_by_role("link", name="Back to the Invoice").click()
    expect(page.get_by_text("This invoice is paid.")).to_be_visible()
