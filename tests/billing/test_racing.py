"""Several clerks at the same moment. On PostgreSQL they really are at once; SQLite has one write.

CARTER_TEST_RACES sets how many invoices are contested: 100 by default, 2,000 in a long run; twice
as many forms are sent five times, and five times as many numbers are taken.
"""

import os
from functools import partial

import pytest
from django.db import transaction

from carter.billing import ledger
from carter.billing.applying import apply_payment
from carter.billing.balances import balance_of
from carter.billing.invoicing import draft_invoice, issue_invoice, void_invoice
from carter.billing.models import Allocation, Invoice, Payment
from carter.billing.posting import CannotPost
from carter.billing.taking_back import refund_payment, void_payment
from carter.commands import check
from carter.companies.numbering import take_number
from carter.jobs.linking import CannotLink, link_job
from tests.builders import a_charge, a_customer, a_job, a_lead, a_payment, an_invoice
from tests.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)
on_postgresql = pytest.mark.postgresql

RACES = int(os.environ.get("CARTER_TEST_RACES", "100"))
WORKERS = 4
TURNS = -(-5 * RACES // WORKERS)


def assert_that_all_agrees():
    broken = {rule.says: rule.broken_by()[1] for rule in check.RULES}
    assert {says: shown for says, shown in broken.items() if shown} == {}


def pay_contested(bob, races):
    """Four clerks each pay one invoice in full, with the same unapplied money and their own."""
    paid_twice = 0
    for _ in range(races):
        invoice = an_invoice([a_charge(bob, 500)])
        at_once(*[partial(a_payment, bob, 500, to={invoice: 500})] * WORKERS)
        paid_twice += sum(row.amount_cents for row in invoice.allocations.all()) != 500
    return paid_twice


def test_a_contested_invoice_is_paid_once(ours):
    bob = a_customer(ours)

    assert pay_contested(bob, RACES) == 0
    assert Payment.across_companies.count() == RACES
    assert_that_all_agrees()


@on_postgresql
def test_without_the_lock_a_contested_invoice_would_be_paid_twice(ours, monkeypatch):
    def unlocked(customer, job):
        return customer, job

    monkeypatch.setattr(ledger, "who_has", unlocked)

    assert pay_contested(a_customer(ours), 10) > 0


@on_postgresql
def test_money_is_applied_once_whoever_applies_it(ours):
    bob = a_customer(ours)
    for _ in range(RACES // 4):
        payment, other = a_payment(bob, 500, to={}), an_invoice([a_charge(a_job(bob), 400)])
        at_once(
            *[partial(apply_payment, payment, customer=bob, to={other: 400}, by=None)] * 2,
            partial(void_invoice, other, reason="Wrong", by=None),
            partial(refund_payment, payment, amount_cents=500, by=None),
        )
    assert_that_all_agrees()


@on_postgresql
def test_the_same_form_sent_five_times_at_once_has_one_effect(ours):
    bob = a_customer(ours)
    charge = a_charge(bob, 5)
    for form in range(2 * RACES):
        post = a_charge if form % 2 else a_payment
        assert at_once(*[partial(post, bob, 500, key=f"form {form}")] * 5) == []
    raised = at_once(*[lambda: draft_invoice(customer=bob, charges=[charge], key="1", by=None)] * 5)

    assert (raised, Invoice.across_companies.count(), balance_of(bob)) == ([], 1, 5)
    assert bob.charges.count() == RACES + 1


@on_postgresql
def test_without_its_key_the_same_form_would_have_five_effects(ours):
    bob = a_customer(ours)

    assert at_once(*[partial(a_charge, bob, 500)] * 5) == []

    assert (bob.charges.count(), balance_of(bob)) == (5, 2_500)


@on_postgresql
def test_invoice_numbers_have_no_gaps_whoever_issues_and_whatever_fails(ours):
    customers = [a_customer(ours, name) for name in ("Ann", "Bob", "Cy", "Di")]

    def issue(customer):
        for turn in range(TURNS):
            draft = draft_invoice(customer=customer, charges=[a_charge(customer, 5)], by=None)
            with transaction.atomic():
                issue_invoice(draft, by=None)
                transaction.set_rollback(turn % 3 == 0)

    raised = at_once(*[lambda customer=customer: issue(customer) for customer in customers])

    numbers = list(ours.invoices.issued().order_by("number").values_list("number", flat=True))
    kept = WORKERS * (TURNS - len(range(0, TURNS, 3)))
    assert (raised, numbers) == ([], list(range(1, kept + 1)))


@on_postgresql
def test_numbers_taken_outside_of_the_transaction_would_have_gaps(ours):
    numbers = []
    for turn in range(6):
        number = take_number(ours, "invoice")
        if turn % 3:
            numbers.append(number)

    assert numbers != list(range(1, len(numbers) + 1))


@on_postgresql
def test_a_job_that_is_linked_while_it_is_paid_takes_all_of_it_along(ours):
    known = a_customer(ours, "Known")
    for _ in range(RACES // 20):
        lead = a_lead(ours)
        own, invoice = lead.customer, an_invoice([a_charge(lead, 500)])
        raised = at_once(
            lambda lead=lead: a_payment(lead, 200),
            lambda own=own: a_payment(own, 300),
            lambda invoice=invoice: void_invoice(invoice, reason="Wrong", by=None),
            lambda lead=lead: link_job(lead, to=known, by=None),
        )
        assert {type(reason) for reason in raised} <= {CannotPost, CannotLink}
    assert_that_all_agrees()


@on_postgresql
def test_a_payment_is_voided_once(ours):
    bob = a_customer(ours)
    for _ in range(RACES // 20):
        payment = a_payment(bob, 500)
        raised = at_once(*[partial(void_payment, payment, reason="Twice", by=None)] * WORKERS)
        assert [type(reason) for reason in raised] == [CannotPost] * (WORKERS - 1)

    assert balance_of(bob) == 0
    assert not Allocation.across_companies.exists()
