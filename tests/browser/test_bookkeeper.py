"""A bookkeeper's day: charges, an invoice, a part payment, a bounced check, a credit note."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from carter.billing.balances import balance_of
from carter.companies.rights import Role
from carter.paperwork.links import make_link
from tests.browser.looks import by_day_and_by_night, width_of
from tests.builders import a_charge, a_customer, a_job, a_member, an_invoice

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def job(ours, ada):
    ours.tax_rate_millionths, ours.phone = 88_100, "(303) 555-0100"
    ours.save()
    ann = a_customer(ours, "Ann Lee", email="ann@example.com", street="1 Elm St", by=ada)
    return a_job(ann, by=ada, move_on="2026-05-01", origin_city="Denver", estimate_cents=120_000)


@pytest.fixture
def fits(page, axe):
    """The page as it stands fits the screen and has no accessibility fault."""

    def it_does() -> None:
        assert width_of(page) <= page.viewport_size["width"]
        axe()

    return it_does


@by_day_and_by_night
def test_the_bookkeepers_day_adds_up(page, job, ours, sign_in, fits):
    sign_in(a_member(ours, Role.BILLING, name="Ruth Billing"))
    log_charges_by_keyboard(page, job)
    fits()
    issue_and_send(page, fits)
    part_payment(page, fits)
    bounced_check(page, fits)
    credit_note(page, fits)

    page.goto(reverse("customer_invoices", args=[job.customer_id]))
    expect(page.get_by_role("link", name="INV-1", exact=True)).to_be_visible()
    assert beside_the_amount(page) == []
    page.goto(reverse("customer", args=[job.customer_id]))
    page.get_by_role("link", name=re.compile("Account Balance")).click()
    made_of = page.get_by_role("dialog")
    expect(made_of).to_contain_text("Charges$1,093.01")
    expect(made_of).to_contain_text("Account Balance$1,043.01")
    fits()
    made_of.get_by_role("link", name="Statement and aging").click()
    expect(page.get_by_text("Balance on")).to_be_visible()
    expect(page.locator(".sums__last").first).to_contain_text("$1,043.01")
    page.goto(reverse("billing_aging"))
    expect(page.locator("tfoot")).to_contain_text("$1,043.01")
    fits()
    page.goto(reverse("billing_payments"))
    expect(page.locator(".stats")).to_contain_text("$0.00")
    fits()
    assert balance_of(job.customer) == 104_301


def beside_the_amount(page) -> list[str]:
    """What stands right of an amount in a list on the phone, where the eye adds amounts up."""
    found: list[str] = page.evaluate("""() =>
        [...document.querySelectorAll(".table--stack .side-cell")]
          .filter(cell => getComputedStyle(cell).display !== "table-cell")
          .flatMap(cell => [...cell.parentElement.cells]
            .filter(other => other.getBoundingClientRect().left > cell.getBoundingClientRect().left
              && other.getBoundingClientRect().top < cell.getBoundingClientRect().bottom)
            .map(other => other.innerText))""")
    return found


def log_charges_by_keyboard(page, job) -> None:
    """Tab from field to field; a row is always there; Enter logs them all."""
    page.goto(reverse("job_charges", args=[job.pk]))
    page.get_by_label("Kind").first.focus()
    for row, (kind, description, quantity, price) in enumerate(
        [
            ("Labour", "3 movers", "5.5", "180"),
            ("Materials", "Boxes", "", "62.51"),
            ("Discount", "Military", "", "50"),
            ("Fuel", "", "", "45.50"),
        ]
    ):
        page.get_by_label("Kind").nth(row).select_option(kind)
        for text in (description, quantity, price):
            page.keyboard.press("Tab")
            page.keyboard.type(text)
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
    expect(page.locator(".entry__total")).to_have_text("1,048.01")
    expect(page.locator(".entry__row")).to_have_count(5)
    page.get_by_label("Unit price").nth(3).press("Enter")
    expect(page.locator(".stats")).to_contain_text("$1,048.01")


def issue_and_send(page, fits) -> None:
    page.get_by_role("link", name="New Invoice").click()
    expect(page.get_by_role("button", name="Make Draft")).to_be_visible()
    fits()
    page.get_by_role("button", name="Make Draft").click()
    expect(page.get_by_role("heading", name="Draft invoice")).to_be_visible()
    page.get_by_role("link", name="Issue").click()
    expect(page.get_by_role("button", name="Issue and Send")).to_be_visible()
    fits()
    page.get_by_role("button", name="Issue and Send").click()
    expect(page.locator("#id_to")).to_have_value("ann@example.com")
    letter = page.get_by_label("Message")
    assert letter.evaluate("text => text.clientHeight") > 200
    fits()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Invoice INV-1")).to_be_visible()
    expect(page.get_by_text("The letter is in the outbox")).to_be_visible()
    fits()


def part_payment(page, fits) -> None:
    page.get_by_role("link", name="Take Payment").click()
    expect(page.get_by_label("Amount")).to_have_value("1048.01")
    expect(page.get_by_label("Applied to Invoice INV-1")).to_have_value("1048.01")
    page.get_by_label("Amount").fill("500")
    expect(page.get_by_label("Applied to Invoice INV-1")).to_have_value("500.00")
    page.get_by_label("Method").select_option("Check")
    page.get_by_label("Check number").fill("1042")
    fits()
    page.get_by_role("button", name="Take Payment").click()
    expect(page.get_by_role("heading", name="Payment, check 1042")).to_be_visible()
    fits()


def bounced_check(page, fits) -> None:
    page.locator("summary", has_text="More").click()
    page.get_by_role("link", name="The check bounced").click()
    page.get_by_label("Returned-payment fee").fill("45")
    fits()
    page.get_by_role("button", name="Record Returned Payment").click()
    expect(page.get_by_text("It takes back")).to_be_visible()


def credit_note(page, fits) -> None:
    page.goto("/billing/")
    page.get_by_role("link", name="INV-1", exact=True).click()
    page.locator("summary", has_text="More").click()
    page.get_by_role("link", name="Credit Note").click()
    page.get_by_label("Amount").fill("50")
    page.get_by_label("Reason").fill("The crew came late")
    fits()
    page.get_by_role("button", name="Give Credit Note").click()
    expect(page.get_by_role("heading", name="Credit note CN-1")).to_be_visible()
    fits()


@by_day_and_by_night
def test_what_the_customer_sees_by_the_link(page, job, fits):
    link = make_link(an_invoice([a_charge(job, 104_801)]), by=None)

    page.goto(reverse("public_invoice", args=[link.token]))

    expect(page.get_by_text("$1,048.01 is to be paid by")).to_be_visible()
    expect(page.get_by_role("navigation")).to_have_count(0)
    fits()
