"""What is printed says what the book says, to the cent, and stays as it was first printed."""

from datetime import timedelta

import pytest

from carter.billing.balances import balance_of
from carter.billing.crediting import credit_invoice
from carter.billing.invoicing import draft_invoice, issue_invoice
from carter.billing.ledger import log_charges
from carter.billing.lines import Line
from carter.billing.taking_back import refund_payment, return_payment
from carter.paperwork import aging as paper_of_aging
from carter.paperwork import statements as paper_of_statements
from carter.paperwork.aging import aging_paper
from carter.paperwork.invoices import credit_note_paper, invoice_paper
from carter.paperwork.keeping import pdf_of_invoice
from carter.paperwork.links import linked_invoice, make_link, revoke_link
from carter.paperwork.receipts import receipt_paper
from carter.paperwork.statements import statement_paper
from carter.paperwork.words import charge_words, payment_words
from tests.builders import a_charge, a_customer, a_job, a_payment, an_invoice


@pytest.fixture
def job(ours, ada):
    ours.tax_rate_millionths = 88_100
    ours.save()
    ann = a_customer(ours, "Ann Lee", street="1 Elm St", by=ada)
    return a_job(ann, by=ada, origin_city="Denver", destination_city="Boulder")


@pytest.fixture
def charges(job):
    lines = [
        Line("labour", 18_000, 5_500, "3 movers"),
        Line("materials", 6_251, is_taxed=True),
        Line("discount", -5_000, description="Military"),
    ]
    return log_charges(customer=job.customer, job=job, lines=lines, by=None)


def sums_of(paper) -> tuple[int, int, int]:
    net = sum(line["amount_cents"] for line in paper["lines"])
    tax = sum(each["amount_cents"] for each in paper["taxes"])
    applied = sum(each["amount_cents"] for each in paper["applied"])
    return net + tax, applied, paper["open_cents"]


def test_an_invoice_adds_up_to_what_is_owed_and_paid(job, charges):
    a_payment(job, 20_000)
    invoice = an_invoice(charges)

    paper = invoice_paper(invoice)

    owed = sum(charge.amount_cents for charge in charges)
    assert sums_of(paper) == (owed, 20_000, owed - 20_000)
    assert paper["total_cents"] == invoice.total_cents == owed
    assert paper["taxes"] == [
        {"words": "Sales tax", "rate_millionths": 88_100, "amount_cents": 551}
    ]
    assert [each["route"] for each in paper["jobs"]] == ["Denver → Boulder"]


def test_a_draft_is_shown_as_it_will_be_issued(job, charges):
    a_payment(job, 20_000)
    draft = draft_invoice(customer=job.customer, charges=charges, by=None)
    shown = invoice_paper(draft)

    issued = invoice_paper(issue_invoice(draft, by=None))

    only_issued = ("number", "issued_on", "due_on", "applied")
    assert {k: v for k, v in shown.items() if k not in only_issued} == {
        k: v for k, v in issued.items() if k not in only_issued
    }
    assert [each["amount_cents"] for each in shown["applied"]] == [20_000]


def test_what_was_taken_off_an_invoice_is_not_printed(job, charges):
    invoice = an_invoice(charges)
    return_payment(a_payment(job, 20_000), by=None)

    assert invoice_paper(invoice)["applied"] == []


def test_a_credit_note_is_printed_with_the_amounts_people_read(job, charges):
    note = credit_invoice(an_invoice(charges), amount_cents=3_000, reason="Late crew", by=None)

    paper = credit_note_paper(note)

    assert (paper["number"], paper["invoice"]) == ("CN-1", "INV-1")
    assert paper["total_cents"] == sum(line["amount_cents"] for line in paper["lines"]) == 3_000


def test_the_uses_of_a_receipt_add_up_to_the_payment(job, charges):
    an_invoice(charges)
    payment = a_payment(job, 120_000)
    refund = refund_payment(payment, amount_cents=1_000, by=None)

    paper, back = (receipt_paper(each, job.customer) for each in (payment, refund))

    assert [use["words"] for use in paper["uses"]] == [
        "Invoice INV-1",
        f"Deposit for job {job.code}",
    ]
    assert sum(use["amount_cents"] for use in paper["uses"]) == paper["total_cents"] == 120_000
    assert (back["is_refund"], back["total_cents"]) == (True, 1_000)
    assert sum(use["amount_cents"] for use in back["uses"]) == 1_000


@pytest.mark.parametrize("kind", ["open-item", "balance-forward", "activity"])
def test_a_statement_closes_with_the_balance(kind, job, charges):
    today = job.company.today
    a_charge(job, 5_000, on=today - timedelta(50))
    an_invoice(charges)
    a_payment(job, 20_000)

    paper = statement_paper(job.customer, kind, since=today - timedelta(10), through=today)

    items = sum(item["open_cents"] for item in paper["open_items"])
    items += sum(other["amount_cents"] for other in paper["others"])
    entries = paper["opening_cents"] + sum(each["amount_cents"] for each in paper["entries"])
    assert paper["closing_cents"] == balance_of(job.customer)
    assert (items if kind == "open-item" else entries) == paper["closing_cents"]
    assert sum(each["amount_cents"] for each in paper["aging"]) == paper["closing_cents"]


def test_a_kept_paper_is_changed_by_nobody(job, charges, ours):
    pdf_of_invoice(an_invoice(charges))
    kept = ours.papers.get()

    with pytest.raises(TypeError, match="stays as it is"):
        kept.save()


def test_a_link_opens_its_invoice_until_it_is_revoked(job, charges):
    invoice = an_invoice(charges)
    first = make_link(invoice, by=None)
    assert make_link(invoice, by=None) == first
    assert linked_invoice(first.token) == invoice

    revoke_link(invoice, by=None)
    second = make_link(invoice, by=None)

    assert [linked_invoice(link.token) for link in (first, second)] == [None, invoice]
    assert linked_invoice("") is None


def test_charges_and_payments_are_said_as_people_say_them(job, charges):
    check = a_payment(job, 500, reference="1042", to={})
    card = a_payment(job, 500, method="card", reference="Card ending 77", to={})
    cash = a_payment(job, 500, method="cash", to={})
    back = return_payment(check, reference="NSF", by=None)

    assert [charge_words(charge) for charge in charges] == [
        "Labour: 3 movers",
        "Materials",
        "Discount: Military",
    ]
    assert [payment_words(each) for each in (check, card, cash, back)] == [
        "Payment, check 1042",
        "Payment, card ending 77",
        "Payment, cash",
        "Returned payment: NSF",
    ]


@pytest.fixture
def account(ours):
    """Invoices of 100, 200, 300 and 400 cents, a week apart, and 50 cents paid on the first."""
    ann = a_customer(ours, "Ann Lee")
    for weeks_ago, cents in ((4, 100), (3, 200), (2, 300), (1, 400)):
        on = ours.today - timedelta(weeks=weeks_ago)
        an_invoice([a_charge(ann, cents, on=on)], on=on)
    a_payment(ann, 50)
    return ann


def test_a_statement_of_too_many_lines_begins_with_what_was_owed_before_them(
    account, ours, monkeypatch
):
    monkeypatch.setattr(paper_of_statements, "MOST_LINES", 3)

    paper = statement_paper(account, "activity", since=None, through=ours.today)

    assert (paper["opening_cents"], paper["closing_cents"]) == (300, 950)
    assert [each["amount_cents"] for each in paper["entries"]] == [300, 400, -50]
    assert paper["begins_on"] == str(ours.today - timedelta(weeks=2))


def test_open_invoices_that_are_too_many_to_print_are_one_sum(account, ours, monkeypatch):
    monkeypatch.setattr(paper_of_statements, "MOST_LINES", 3)

    paper = statement_paper(account, "open-item", since=None, through=ours.today)

    assert [each["open_cents"] for each in paper["open_items"]] == [50, 200, 300]
    assert paper["others"] == [{"words": "1 more invoice, due later", "amount_cents": 400}]


def test_the_aging_is_printed_as_it_is_and_the_small_ones_as_one(ours, monkeypatch):
    for name, cents in (("Ann Lee", 500), ("Bob Smith", 400), ("Cy Young", 300), ("Di", 200)):
        an_invoice([a_charge(a_customer(ours, name), cents)])
    monkeypatch.setattr(paper_of_aging, "MOST_CUSTOMERS", 2)

    paper = aging_paper(ours, ours.today)

    printed = [(each["name"], sum(each["amounts_cents"])) for each in paper["customers"]]
    assert printed == [("Ann Lee", 500), ("Bob Smith", 400)]
    assert (paper["left_out"], sum(paper["left_out_cents"])) == (2, 500)
    assert sum(paper["totals_cents"]) == 1_400


def test_a_book_where_nobody_owes_has_an_aging_on_paper(ours):
    assert aging_paper(ours, ours.today)["customers"] == []
