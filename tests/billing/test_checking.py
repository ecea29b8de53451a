"""`carter check`: nothing is said of a book that agrees, and each rule notices what breaks it."""

import argparse

import pytest
from django.db import connection, transaction

from carter.billing.applying import take_off
from carter.billing.crediting import credit_invoice
from carter.billing.invoicing import draft_invoice, void_invoice
from carter.billing.ledger import counter_charge, give_credit, log_charges
from carter.billing.lines import Line
from carter.billing.taking_back import refund_payment, return_payment, void_payment
from carter.commands import check
from carter.companies.changing import change_company
from carter.gateway import checking as of_gateway
from carter.jobs.linking import link_job
from carter.recurring import checking as of_recurring
from carter.storage import checking as of_storage
from tests.builders import a_charge, a_customer, a_job, a_lead, a_payment, an_invoice

FORGERIES = {
    "UPDATE billing_entry SET amount_cents = amount_cents + 1 WHERE charge_id IS NOT NULL": {
        "Every charge is in the ledger once, with its amount.",
        "Aging adds up to the balance of every customer.",
        "The list of who owes says what the ledger says.",
        "The totals of the months say what the ledger says.",
    },
    "DELETE FROM billing_entry WHERE part_id IS NOT NULL": {
        "Every part of a payment is in the ledger once, with its amount.",
        "Aging adds up to the balance of every customer.",
        "The list of who owes says what the ledger says.",
        "The totals of the months say what the ledger says.",
    },
    "UPDATE billing_charge SET counters_id = (SELECT MIN(id) FROM billing_charge)"
    " WHERE counters_id IS NOT NULL": {
        "What counters a charge is its mirror.",
        "No charge that was taken back is on an invoice.",
    },
    "UPDATE billing_payment SET amount_cents = amount_cents + 30000 WHERE of_id IS NULL": {
        "Every payment is the sum of its parts.",
        "No more of an invoice is credited than it comes to.",
    },
    "UPDATE billing_payment SET of_id = (SELECT MIN(id) FROM billing_payment) WHERE of_id > 0": {
        "What gives money back takes it from that very payment.",
    },
    "UPDATE billing_allocation SET amount_cents = 90000 WHERE amount_cents > 0": {
        "No more of a payment is used than there is.",
        "No more is applied to an invoice than it comes to.",
        "The open invoices are known as open, and no others.",
        "It is known since when nothing is to be paid on an invoice.",
        "The money not applied is known as such.",
    },
    "UPDATE billing_allocation SET \"on\" = '2001-01-01'": {
        "Nothing is applied before it was there."
    },
    "UPDATE billing_invoice SET total_cents = total_cents + 1 WHERE number = 1": {
        "Invoices come to the sum of their charges.",
        "Invoices say what they come to.",
        "Aging adds up to the balance of every customer.",
    },
    "UPDATE billing_invoiceline SET stands = NOT stands WHERE position = 2": {
        "Only void invoices have let their charges go.",
        "Aging adds up to the balance of every customer.",
    },
    "UPDATE billing_invoiceline SET charge_id = (SELECT id FROM billing_charge"
    " WHERE counters_id IS NOT NULL) WHERE stands AND position = 2": {
        "No charge that was taken back is on an invoice.",
        "Invoices come to the sum of their charges.",
        "Aging adds up to the balance of every customer.",
    },
    "UPDATE billing_invoice SET is_open = NOT is_open WHERE number IS NOT NULL": {
        "The open invoices are known as open, and no others.",
    },
    "UPDATE billing_paymentpart SET is_spent = NOT is_spent": {
        "The money not applied is known as such.",
    },
    "UPDATE billing_owed SET balance_cents = 5": {
        "The list of who owes says what the ledger says.",
    },
    "DELETE FROM billing_owed": {"The list of who owes says what the ledger says."},
    "UPDATE billing_monthtotal SET amount_cents = amount_cents + 1": {
        "The totals of the months say what the ledger says.",
    },
    "DELETE FROM billing_monthtotal": {"The totals of the months say what the ledger says."},
    "UPDATE billing_invoice SET settled_on = '2001-01-01' WHERE is_open": {
        "It is known since when nothing is to be paid on an invoice.",
    },
    "UPDATE billing_invoice SET settled_on = '9999-12-31' WHERE NOT is_open": {
        "It is known since when nothing is to be paid on an invoice.",
    },
    "UPDATE billing_charge SET tax_rate_millionths = 500000 WHERE tax_cents <> 0": {
        "Tax is its rate of the amount, to the cent.",
    },
    "UPDATE billing_invoice SET number = number + 10 WHERE number > 1": {
        "Invoice numbers have no gaps.",
    },
    "UPDATE billing_payment SET number = number + 1 WHERE number > 0": {
        "Credit note numbers have no gaps.",
    },
    "UPDATE companies_series SET last = last + 1 WHERE name = 'invoice'": {
        "Invoice numbers have no gaps.",
    },
    "UPDATE companies_series SET last = last + 1 WHERE name = 'job'": {
        "Lead and job numbers have no gaps.",
    },
    "UPDATE companies_series SET last = last + 1 WHERE name = 'customer'": {
        "Customer numbers have no gaps.",
    },
    "UPDATE billing_invoice SET customer_id = (SELECT MIN(id) FROM customers_customer),"
    " born_to_id = (SELECT MIN(id) FROM customers_customer) WHERE number = 1": {
        "Everything of a job is where the job is.",
        "What belongs together, as on an invoice, is with one customer.",
        "Aging adds up to the balance of every customer.",
    },
    "UPDATE jobs_job SET customer_id = (SELECT MIN(id) FROM customers_customer)": {
        "Every row is with the customer at the end of its record’s merges.",
    },
    "UPDATE customers_event SET born_to_id = customer_id, company_id = (SELECT MAX(id) FROM"
    " companies_company)": {"No row points at another company’s row."},
}
HELD = {
    "No form, and no payment of the gateway, made two payments.",
    "The database finds itself undamaged.",
    "No row points at one that is not there.",
}
"""The database itself refuses what would break these, even with the guards off."""


@pytest.fixture
def book(ours, ada):
    """A book in which everything happened once."""
    change_company(ours, values={"tax_rate_millionths": 88_750}, by=ada)
    lead, other = a_lead(ours), a_job(a_customer(ours, "Acme"))
    lines = [Line("labour", 5_833, 3_250, is_taxed=True), Line("fuel", 777, is_taxed=True)]
    charges = log_charges(customer=lead.customer, job=lead, lines=lines, by=ada)
    counter_charge(a_charge(lead, 999), by=ada)
    first = an_invoice(charges)
    a_payment(lead, 4_000)
    return_payment(a_payment(lead, 5_000), fee_cents=35, by=ada)
    credit_invoice(first, amount_cents=1_000, reason="Late", by=ada)
    second = an_invoice([a_charge(other, 6_000), a_charge(other.customer, 500)])
    payment = a_payment(other.customer, 7_000)
    refund_payment(payment, amount_cents=100, by=ada)
    take_off(payment, invoice=second, by=ada)
    void_invoice(second, reason="Wrong", by=ada)
    give_credit(customer=other.customer, job=other, amount_cents=70, description="Lamp", by=ada)
    void_payment(a_payment(other, 8_000, method="cash"), reason="Typed twice", by=ada)
    draft_invoice(customer=other.customer, charges=[a_charge(other, 80)], by=ada)
    link_job(lead, to=other.customer, by=ada)
    return ours


THEIR_OWN = {rule.says for of in (of_storage, of_gateway, of_recurring) for rule in of.RULES}
"""Of floors above, whose own tests break them."""


@pytest.fixture
def without_guards(book):
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            tables = connection.introspection.table_names(cursor)
            for table in tables:
                if table.startswith("billing_"):
                    cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")


def broken(company=None):
    return {rule.says for rule in check.RULES if rule.broken_by(company and company.pk)[0]}


def checked(capsys, company=None):
    status = check.run(argparse.Namespace(company=company, gateway=False))
    return status, capsys.readouterr().out.splitlines()


def test_a_book_in_which_everything_happened_agrees(book, capsys):
    status, lines = checked(capsys)

    assert [line for line in lines if line.startswith("FIX")] == []
    assert (status, lines[-1]) == (0, "All agrees.")


def test_each_rule_notices_what_breaks_it(without_guards, theirs):
    off = {"The database guards what was posted and issued."}
    a_customer(theirs)
    assert broken() == off

    noticed = {}
    for forged in FORGERIES:
        with transaction.atomic():
            connection.cursor().execute(forged)
            noticed[forged] = broken() - off
            transaction.set_rollback(True)

    assert noticed == FORGERIES
    assert (
        set().union(off, *noticed.values())
        == {rule.says for rule in check.RULES} - HELD - THEIR_OWN
    )


def test_guards_that_are_off_are_named(without_guards, capsys):
    status, lines = checked(capsys)

    place = lines.index("FIX   The database guards what was posted and issued.")
    assert status == 1
    assert lines[place + 1].startswith(
        "      Not so: billing_allocation_delete, billing_allocation_update, billing_charge_delete"
    )
    assert lines[-1] == f"1 of {len(check.RULES)} rules are broken."


def test_one_company_is_checked_by_itself(theirs, without_guards, capsys):
    connection.cursor().execute("UPDATE companies_series SET last = 9 WHERE name = 'invoice'")

    off = {"The database guards what was posted and issued."}
    assert broken(theirs) == off
    assert broken() == off | {"Invoice numbers have no gaps."}
    assert checked(capsys, "Nobody") == (2, ["There is no company named Nobody."])
