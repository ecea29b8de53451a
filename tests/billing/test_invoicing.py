"""Invoices: drafted, issued with a number, paid, void; and what they say stays."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from carter.billing.invoicing import (
    change_draft,
    discard_draft,
    draft_invoice,
    issue_invoice,
    void_invoice,
)
from carter.billing.ledger import counter_charge, log_charges, record_payment
from carter.billing.lines import Line
from carter.billing.models import Charge, Invoice, InvoiceLine
from carter.billing.posting import CannotPost
from carter.companies.changing import change_company
from carter.companies.rights import NotAllowed, Role
from carter.customers.locking import CannotChange
from tests.builders import a_charge, a_customer, a_job, a_member, an_invoice


@pytest.fixture
def job(ours, ada):
    return a_job(a_customer(ours), by=ada)


def test_an_invoice_is_a_draft_until_it_is_issued(job, ada):
    charge = a_charge(job, 12_500)

    draft = draft_invoice(customer=job.customer, charges=[charge], purchase_order="PO 7", by=ada)
    assert (draft.status, draft.code, draft.job) == ("draft", "", job)

    invoice = issue_invoice(draft, by=ada)

    assert (invoice.code, invoice.total_cents, invoice.status) == ("INV-1", 12_500, "open")
    assert (invoice.issued_on, invoice.due_on) == (job.company.today, job.company.today)
    assert issue_invoice(draft, by=ada) == invoice
    assert [event.what for event in job.events.all()[:2]] == [
        "issued Invoice INV-1",
        "drafted an invoice",
    ]


def test_what_an_invoice_says_is_fixed_when_it_is_issued(ours, job, ada):
    change_company(ours, values={"tax_rate_millionths": 88_750}, by=ada)
    lines = [
        Line("labour", 5_800, 3_500, "2 movers", is_taxed=True),
        Line("materials", 333, description="Tape"),
    ]
    charges = log_charges(customer=job.customer, job=job, lines=lines, by=ada)

    invoice = an_invoice(charges, purchase_order="PO 7", notes="Thank you.", terms="net-30")
    due_on = ours.today + timedelta(days=30)

    assert invoice.document == {
        "version": 1,
        "kind": "invoice",
        "number": "INV-1",
        "company": "Ada’s Movers",
        "currency": "USD",
        "bill_to": "Bob Smith",
        "customer": {"number": job.customer.code, "name": "Bob Smith"},
        "issued_on": str(ours.today),
        "due_on": str(due_on),
        "terms": "Net 30",
        "purchase_order": "PO 7",
        "notes": "Thank you.",
        "jobs": [{"number": job.code, "move_on": "", "origin": "", "destination": ""}],
        "lines": [
            {
                "job": job.code,
                "on": str(ours.today),
                "kind": "Labour",
                "description": "2 movers",
                "quantity_thousandths": 3_500,
                "unit_price_cents": 5_800,
                "net_cents": 20_300,
                "tax_rate_millionths": 88_750,
                "tax_cents": 1_802,
                "amount_cents": 22_102,
            },
            {
                "job": job.code,
                "on": str(ours.today),
                "kind": "Materials",
                "description": "Tape",
                "quantity_thousandths": 1_000,
                "unit_price_cents": 333,
                "net_cents": 333,
                "tax_rate_millionths": 0,
                "tax_cents": 0,
                "amount_cents": 333,
            },
        ],
        "net_cents": 20_633,
        "tax_cents": 1_802,
        "total_cents": 22_435,
    }


@pytest.mark.parametrize(
    "forged",
    [
        "UPDATE billing_invoice SET total_cents = 1",
        "UPDATE billing_invoice SET number = NULL",
        "UPDATE billing_invoice SET document = '{}'",
        "DELETE FROM billing_invoice",
        "DELETE FROM billing_invoiceline",
        "UPDATE billing_invoiceline SET position = 9",
        """
        INSERT INTO billing_invoiceline
            (invoice_id, charge_id, position, stands, company_id, customer_id, born_to_id)
        SELECT invoice_id, charge_id, 9, false, company_id, customer_id, born_to_id
        FROM billing_invoiceline
        """,
        "UPDATE billing_invoicevoid SET reason = ''",
        "DELETE FROM billing_invoicevoid",
        "UPDATE billing_allocation SET amount_cents = 1",
        "DELETE FROM billing_allocation",
    ],
)
def test_the_database_itself_keeps_what_was_issued(forged, job):
    paid, void = an_invoice([a_charge(job, 500)]), an_invoice([a_charge(job, 700)])
    record_payment(
        customer=job.customer, job=job, method="cash", amount_cents=100, to={paid: 100}, by=None
    )
    void_invoice(void, reason="Wrong", by=None)

    with pytest.raises(IntegrityError, match="what was posted stays"), transaction.atomic():
        connection.cursor().execute(forged)


def test_a_draft_changes_until_it_is_issued(job, ada):
    labour, fuel = a_charge(job, 500), a_charge(job, 300)
    draft = draft_invoice(customer=job.customer, charges=[labour], by=ada)

    change_draft(draft, charges=[labour, fuel], values={"notes": "Hello"}, by=ada)
    invoice = issue_invoice(draft, by=ada)

    assert (invoice.total_cents, invoice.notes) == (800, "Hello")
    with pytest.raises(CannotPost, match="is issued"):
        change_draft(invoice, values={"notes": "Bye"}, by=ada)
    with pytest.raises(CannotPost, match="is issued"):
        discard_draft(invoice, by=ada)


def test_a_discarded_draft_lets_its_charges_go_and_takes_no_number(job, ada):
    charge = a_charge(job, 500)

    discard_draft(draft_invoice(customer=job.customer, charges=[charge], by=ada), by=ada)

    assert an_invoice([charge]).number == 1


def test_who_is_about_to_issue_what_another_threw_away_is_told(job, ada):
    draft = draft_invoice(customer=job.customer, charges=[a_charge(job, 500)], by=ada)
    discard_draft(job.customer.invoices.get(), by=ada)

    for deed in (issue_invoice, discard_draft):
        with pytest.raises(CannotChange, match="This invoice is not there any more"):
            deed(draft, by=ada)


def test_a_charge_is_on_one_invoice_at_a_time(job, ada):
    charge = a_charge(job, 500)
    invoice = an_invoice([charge])

    with pytest.raises(CannotPost, match="on another invoice"):
        draft_invoice(customer=job.customer, charges=[charge], by=ada)
    with pytest.raises(CannotPost, match="The charge is on Invoice INV-1"):
        counter_charge(charge, by=ada)

    void_invoice(invoice, reason="Wrong name", by=ada)
    again = an_invoice([charge])

    assert (invoice.refreshed().status, again.code, again.open_cents) == ("void", "INV-2", 500)


def test_a_countered_charge_leaves_the_draft_it_was_on(job, ada):
    wrong, right = a_charge(job, 500), a_charge(job, 300)
    draft = draft_invoice(customer=job.customer, charges=[wrong, right], by=ada)

    counter_charge(wrong, by=ada)

    assert issue_invoice(draft, by=ada).total_cents == 300
    assert list(Charge.across_companies.uninvoiced()) == []


def test_an_invoice_with_money_on_it_is_not_voided(job, ada):
    invoice = an_invoice([a_charge(job, 500)])
    record_payment(customer=job.customer, job=job, method="cash", amount_cents=200, by=ada)

    with pytest.raises(CannotPost, match=r"^\$2.00 is applied to Invoice INV-1"):
        void_invoice(invoice, reason="Wrong", by=ada)


def test_a_void_invoice_or_draft_is_not_voided(job, ada):
    invoice = an_invoice([a_charge(job, 500)])
    with pytest.raises(CannotPost, match="Say why"):
        void_invoice(invoice, reason=" ", by=ada)
    void_invoice(invoice, reason="Wrong", by=ada)

    with pytest.raises(CannotPost, match="void already"):
        void_invoice(invoice, reason="Wrong", by=ada)
    with pytest.raises(CannotPost, match="a draft"):
        void_invoice(
            draft_invoice(customer=job.customer, charges=[a_charge(job, 1)], by=ada),
            reason="Wrong",
            by=ada,
        )


def test_statuses_follow_from_what_was_applied_and_when_it_is_due(job, ada, time_machine):
    time_machine.move_to("2026-03-02T18:00:00Z")
    invoice = an_invoice([a_charge(job, 500)], terms="net-15")
    said = [invoice.status]
    record_payment(customer=job.customer, job=job, method="cash", amount_cents=200, by=ada)
    said.append(invoice.status)
    time_machine.move_to("2026-03-18T18:00:00Z")
    said.append(invoice.status)
    overdue = [each.code for each in job.company.invoices.overdue(job.company.today)]
    record_payment(customer=job.customer, job=job, method="cash", amount_cents=300, by=ada)
    said.append(invoice.status)

    assert said == ["open", "partly-paid", "overdue", "paid"]
    assert (overdue, list(job.company.invoices.open())) == (["INV-1"], [])
    assert [each.status for each in job.company.invoices.with_status()] == ["paid"]


def test_several_jobs_of_one_customer_are_invoiced_together(ours, ada):
    firm = a_customer(ours, "Acme")
    charges = [a_charge(a_job(firm), 500), a_charge(a_job(firm), 700), a_charge(firm, 40)]

    invoice = an_invoice(charges)

    assert (invoice.job, invoice.total_cents, invoice.lines.count()) == (None, 1_240, 3)


def test_charges_of_somebody_else_are_not_invoiced(ours, theirs, job, ada):
    for stranger in (a_customer(ours, "Ann"), a_customer(theirs)):
        with pytest.raises(CannotPost):
            draft_invoice(customer=job.customer, charges=[a_charge(stranger, 500)], by=ada)
    with pytest.raises(CannotPost, match="Choose"):
        draft_invoice(customer=job.customer, charges=[], by=ada)
    assert not Invoice.across_companies.exists()


def test_an_invoice_is_not_dated_before_its_charges_or_in_the_future(job, ada):
    draft = draft_invoice(customer=job.customer, charges=[a_charge(job, 500)], by=ada)
    today = job.company.today

    with pytest.raises(CannotPost, match="dated later than the invoice"):
        issue_invoice(draft, on=today - timedelta(days=1), by=ada)
    with pytest.raises(CannotPost, match="in the future"):
        issue_invoice(draft, on=today + timedelta(days=1), by=ada)


def test_discounts_make_an_invoice_smaller_and_not_less_than_nothing(job, ada):
    discount = a_charge(job, -500, kind="discount")
    draft = draft_invoice(customer=job.customer, charges=[a_charge(job, 400), discount], by=ada)

    with pytest.raises(CannotPost, match="more than its charges"):
        issue_invoice(draft, by=ada)
    change_draft(draft, charges=[a_charge(job, 500), discount], by=ada)

    assert issue_invoice(draft, by=ada).status == "paid"


def test_the_job_s_deposits_are_applied_when_it_is_invoiced(job, ada):
    other = a_job(job.customer)
    for of, cents in ((job, 200), (other, 900), (None, 50)):
        record_payment(customer=job.customer, job=of, method="card", amount_cents=cents, by=ada)

    invoice = an_invoice([a_charge(job, 500)])

    assert (invoice.open_cents, invoice.status) == (300, "partly-paid")


def test_an_invoice_is_drafted_once_however_often_the_form_is_sent(job, ada):
    charge = a_charge(job, 500)

    drafts = {
        draft_invoice(customer=job.customer, charges=[charge], key="form-1", by=ada)
        for _ in range(5)
    }

    assert len(drafts) == 1
    assert InvoiceLine.across_companies.count() == 1


def test_bill_to_is_what_the_customer_said_or_name_and_address(ours, ada):
    plain = a_customer(ours, "Ann Lee", street="88 Erb St")
    told = a_customer(ours, "Acme", bill_to="Acme Payables\nBox 7")

    assert an_invoice([a_charge(plain, 5)]).bill_to == "Ann Lee\n88 Erb St, Denver, CO 80202"
    assert an_invoice([a_charge(told, 5)]).bill_to == "Acme Payables\nBox 7"


def test_who_may_not_take_payments_may_not_invoice(ours, job):
    sam = a_member(ours, Role.READ_ONLY)

    with pytest.raises(NotAllowed):
        draft_invoice(customer=job.customer, charges=[a_charge(job, 5)], by=sam)
    with pytest.raises(NotAllowed):
        issue_invoice(an_invoice([a_charge(job, 5)]), by=sam)


def test_nothing_is_posted_to_closed_books(ours, job, ada, time_machine):
    time_machine.move_to("2026-03-10T18:00:00Z")
    charge = a_charge(job, 500, on=date(2026, 2, 27))
    change_company(ours, values={"books_closed_through": date(2026, 2, 28)}, by=ada)
    job = job.refreshed()

    with pytest.raises(CannotPost, match="closed through"):
        a_charge(job, 500, on=date(2026, 2, 28))
    assert counter_charge(charge, by=ada).on == date(2026, 3, 10)
    assert a_charge(job, 500, on=date(2026, 3, 1)).on == date(2026, 3, 1)
