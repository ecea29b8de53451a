"""Every screen fits, has no accessibility fault and no complaint of the browser, in every look."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from carter.billing.invoicing import draft_invoice
from carter.billing.ledger import log_charge
from carter.companies.inviting import invite
from carter.companies.rights import Role
from carter.customers.changing import add_detail, change_customer, make_former
from carter.customers.labelling import tag_customer
from carter.jobs.linking import link_job
from carter.matching.decide import not_the_same, same_customer, same_household
from carter.matching.keying import refresh_keys
from carter.matching.said import Said
from carter.matching.sharing import look_at_changes, say
from carter.merging.merge import merge_customers
from carter.merging.split import split_customer
from carter.outbox.posting import Enclosure
from tests.browser.looks import by_day_and_by_night, width_of
from tests.builders import (
    a_charge,
    a_customer,
    a_job,
    a_lead,
    a_payment,
    a_storage_job,
    an_invoice,
    some_locations,
)
from tests.gateway.builders import gateway_rows
from tests.outbox.builders import a_letter
from tests.recurring.builders import everything_recurring
from tests.transfer.importing import a_dry_run, an_import
from tests.web.addresses import a_row_of

pytestmark = pytest.mark.django_db(transaction=True)

LONG = "Wolfeschlegelsteinhausenbergerdorff-Montgomery-Featherstonehaugh Alexandria"
A_FILE = b"Record ID,First Name,Last Name,Email\n1,Ann,Lee,ann@example.com\n2,,,\n3,Bob,,\n"
ASKED = {
    "customer": ["?edit=1"],
    "billing": ["?status=all", "?status=void&customer=nobody"],
    "customer_jobs": ["?view=board"],
    "customer_statement": ["?kind=activity", "?kind=balance-forward&since=2026-01-01"],
    "duplicates": ["?verdict=desk", "?group=last"],
    "job": ["?edit=1"],
    "jobs": ["?view=board", "?stage=cancelled"],
    "leads": ["?view=board", "?category=commercial&source=nobody"],
    "job_link": ["?customer={customer}"],
    "job_stage": ["?stage=lost"],
    "letters": ["?sent=yes"],
    "household": ["?q=smith", "?q=nobody-at-all"],
    "customer_merge": ["?q=smith", "?q=nobody-at-all"],
    "merge_new": ["?ids={customer}&ids={customer}", "?ids={customer}&ids={other}"],
    "shared_identifiers": ["?whose=junk"],
    "search": ["?q=smith", "?q=nobody-at-all"],
    "storage": ["?stage=moved-out", "?q=v"],
    "storage_intake": ["?edit=1"],
    "storage_job": ["?edit=1"],
    "storage_new": ["?customer={customer}"],
    "warehouse": ["?on=2026-01-01"],
}
NOT_SCREENS = {"healthz", "readyz", "home", "lead_suggestions", "kept", "invitation"} | {
    "import_progress",
    "duplicates_progress",
    "export",
    "logo",
    "sample_paper",
    "letter_attachment",
    "quickbooks",
    "billing_export",
    "billing_aging_pdf",
    "public_invoice",
    "public_invoice_paper",
    "public_pay",
    "public_going_on",
    "public_paid",
    "stripe_hook",
}


@pytest.fixture
def a_full_book(ours, ada):
    """A company in which everything exists that a screen can show."""
    known = a_customer(ours, LONG, phone="(303) 555-0142", email="bob@example.com", by=ada)
    known.add_note("Prefers texts.\nHas a piano.", by=ada)
    tag_customer(known, "VIP", by=ada)
    former = add_detail(known, "phones", text="720 555 0177", label="work", by=ada)
    add_detail(known, "contacts", name="Linda", role="partner", by=ada)
    add_detail(known, "addresses", street="1 Elm St", city="Denver", label="home", by=ada)
    make_former(former, by=ada)
    change_customer(known, values={"do_not_service": True}, was={"do_not_service": False}, by=ada)
    job = a_job(known, by=ada, move_on="2026-05-01", origin_city="Denver", services=["moving"])
    log_charge(customer=known, job=job, kind="labour", amount_cents=123_456_789, by=ada)
    an_invoice(job.charges.all(), purchase_order="PO " * 19, notes="Thank you. " * 40)
    a_payment(job, 12_345, reference="1042")
    draft_invoice(customer=known, charges=[a_charge(known, 99_00, description="x" * 300)], by=ada)
    a_payment(known, 500_00, method="card", reference="x" * 100, to={})
    lead = a_lead(ours, "王伟 محمد", phone="3035550142", by=ada, intake_notes="x" * 900)
    linked = a_lead(ours, "Al Smith", phone="303 555 0143", email="al@example.com", by=ada)
    link_job(linked, to=a_customer(ours, "Alan Smith", phone="303 555 0143"), by=ada)
    not_the_same(known, lead.customer, reason="Asked them. " * 20, by=ada)
    for name in ("Ann Lee", "Ted Lee", LONG):
        same_household(known, a_customer(ours, name, phone="719 555 0111"), reason=LONG, by=ada)
    for name in (LONG, "Bob"):
        same_customer(known, a_customer(ours, name), reason=LONG, by=ada)
    twins = [a_customer(ours, LONG, phone="720 555 0188") for _ in range(3)]
    done = merge_customers(survivor=twins[0], duplicates=twins[1:], reason=LONG, by=ada)
    change_customer(done.survivor, values={"bill_to": LONG}, was={"bill_to": ""}, by=ada)
    a_job(twins[0].refreshed(), by=ada)
    split_customer(source=twins[0], rows=[*twins[0].phones.all()], to=known, reason=LONG, by=ada)
    fill_the_warehouse(ours, known, job, ada)
    refresh_keys(ours)
    look_at_changes(ours)
    say(ours.shared_identifiers.order_by("id")[0], Said.DESK, by=ada)
    lead.add_note("Third floor.", by=ada)
    invite(company=ours, email="new@example.com", role=Role.SALES, by=ada)
    gateway_rows(ours, LONG)
    a_file = Enclosure("Invoice INV-204.pdf", "application/pdf", b"%PDF")
    a_letter(ours, subject=LONG, state="failed", trouble="It was refused. " * 20, by=ada)
    a_letter(ours, text="x" * 900, enclosures=[a_file], state="unsure", by=ada)
    a_letter(ours, to=[f"a{n}@{'long' * 12}.example.com" for n in range(9)], by=ada)
    an_import(ours, A_FILE, name="contacts.csv", by=ada)
    a_dry_run(ours, A_FILE + b"4,Ann,,,\n", name=f"{LONG}.csv", by=ada)
    return ours


def fill_the_warehouse(company, known, move, by) -> None:
    """Goods of somebody with a long name, in every stage and beyond their time."""
    company.has_storage = True
    company.save()
    vaults = some_locations(company, *(f"V-{n}" for n in range(1, 14)), LONG[:40])
    company.zones.update(name="Z" * 100)
    months = [company.today + timedelta(days=days) for days in (-60, -2, 5, 90)]
    terms = {"monthly_price_cents": 123_456, "volume": "x" * 100, "by": by}
    stored = a_storage_job(known, from_move=move, on=months[0], locations=vaults[:6], **terms)
    everything_recurring(stored, LONG)
    a_storage_job(known, on=months[0], move_out_on=months[1], locations=vaults[6:8], **terms)
    a_storage_job(known, on=months[0], move_out_on=months[2], locations=vaults[-1:], **terms)
    a_storage_job(known, move_in_on=months[2], move_out_on=months[3], locations=vaults[8:9])


def screens() -> Iterator[URLPattern]:
    def walk(patterns) -> Iterator[URLPattern]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns)
            elif (
                pattern.lookup_str.startswith("carter.web.views")
                and pattern.name not in NOT_SCREENS
            ):
                yield pattern

    return walk(get_resolver().url_patterns)


def is_ours(pattern: URLPattern) -> bool:
    return pattern.lookup_str.startswith("carter.web.") and pattern.name not in NOT_SCREENS


def addresses(company) -> list[str]:
    """Every screen of the book, with the questions that change how it looks."""
    found = []
    customer, other = company.customers.current().order_by("id")[:2]
    for pattern in screens():
        arguments = {
            name: a_row_of(company, name) if name.endswith("_id") else "phones"
            for name in pattern.pattern.converters
        }
        address = reverse(pattern.name, kwargs=arguments)
        asked = [
            question.format(customer=customer.pk, other=other.pk)
            for question in ASKED.get(pattern.name, [])
        ]
        found += [address, *(address + question for question in asked)]
    return found


@by_day_and_by_night
def test_every_screen_is_fit_to_be_seen(page, a_full_book, ada, sign_in, client_of, axe):
    sign_in(ada)
    client = client_of(ada)
    answers = {address: client.get(address) for address in addresses(a_full_book)}
    shown = [address for address, answer in answers.items() if is_a_screen(answer)]
    assert len(shown) >= 25
    for address in shown:
        page.goto(address)
        width = width_of(page)
        assert width <= page.viewport_size["width"], f"{address} is {width} pixels wide"
        axe()


def is_a_screen(answer) -> bool:
    """Not a deed, a file or a way to another page."""
    assert answer.status_code in (200, 302, 405), answer.request["PATH_INFO"]
    return answer.status_code == 200 and answer["Content-Type"].startswith("text/html")
