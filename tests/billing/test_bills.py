"""Invoicing many jobs at once makes exactly what invoicing them one by one makes."""

import pytest
from django.db import transaction

from carter.billing.balances import balance_of
from carter.billing.bills import Bill, bill_jobs
from carter.billing.checking import RULES
from carter.billing.invoicing import draft_invoice, issue_invoice
from carter.billing.ledger import log_charges
from carter.billing.lines import Line
from carter.billing.models import Charge, Invoice
from carter.billing.posting import CannotPost
from carter.customers.locking import lock_rows
from carter.jobs.models import Job
from tests.builders import a_customer, a_job, a_payment

LINES = (
    Line("storage", 8_533, 2_000, "Two vaults", is_taxed=True),
    Line("handling", 1_999, description="Monthly check", is_taxed=True),
    Line("discount", -500, description="Loyal"),
)
SAID = ("terms", "purchase_order", "notes", "bill_to", "issued_on", "due_on", "total_cents")


def some_jobs(company, count=3):
    names = ("Bob Smith", "Mary Jones", "Ann Lee")
    return [
        a_job(a_customer(company, name, street=f"{place} Main St" if place % 2 else ""))
        for place, name in enumerate(names[:count])
    ]


def one_by_one(company, jobs):
    return [
        issue_invoice(
            draft_invoice(
                customer=job.customer,
                charges=log_charges(customer=job.customer, job=job, lines=LINES, by=None),
                purchase_order="PO 7",
                by=None,
            ),
            by=None,
        )
        for job in jobs
    ]


def at_once(company, jobs, lines=LINES):
    with transaction.atomic():
        locked = lock_rows(Job, [job.pk for job in jobs])
        bills = [
            Bill(
                job=locked[job.pk],
                lines=lines,
                on=company.today,
                due_on=company.today,
                terms=company.payment_terms,
                purchase_order="PO 7",
            )
            for job in jobs
        ]
        return bill_jobs(company, bills, by=None)


def said(invoice):
    invoice = invoice.refreshed()
    document = {
        key: value
        for key, value in invoice.document.items()
        if key not in ("number", "customer", "jobs", "lines", "bill_to")
    }
    lines = [
        {key: value for key, value in line.items() if key != "job"}
        for line in invoice.document["lines"]
    ]
    return [getattr(invoice, name) for name in SAID if name != "bill_to"], document, lines


def test_many_at_once_are_invoiced_like_one_by_one(ours):
    ours.tax_rate_millionths = 88_100
    ours.save()

    before = [said(invoice) for invoice in one_by_one(ours, some_jobs(ours))]
    after = [said(invoice) for invoice in at_once(ours, some_jobs(ours))]

    assert after == before


def test_the_book_agrees_afterwards(ours):
    jobs = some_jobs(ours)
    a_payment(jobs[0], 5_000)
    a_payment(jobs[1], 50_000)

    invoices = at_once(ours, jobs)

    assert [rule.says for rule in RULES if rule.broken_by()[0]] == []
    assert [invoice.number for invoice in invoices] == [1, 2, 3]
    assert [invoice.refreshed().open_cents for invoice in invoices] == [13_565, 0, 18_565]
    assert [invoice.refreshed().is_open for invoice in invoices] == [True, False, True]
    assert [balance_of(job.customer) for job in jobs] == [13_565, -31_435, 18_565]
    assert jobs[0].events.first().what == "issued Invoice INV-1"


def test_each_is_addressed_like_an_invoice_made_by_hand(ours):
    jobs = some_jobs(ours)

    by_hand = [invoice.bill_to for invoice in one_by_one(ours, jobs)]

    assert [invoice.bill_to for invoice in at_once(ours, jobs)] == by_hand


def test_when_one_cannot_be_billed_none_is(ours):
    jobs = some_jobs(ours)
    ours.books_closed_through = ours.today
    ours.save()

    with pytest.raises(CannotPost):
        at_once(ours, jobs)

    assert (Invoice.across_companies.count(), Charge.across_companies.count()) == (0, 0)


@pytest.mark.parametrize("count", [1, 3])
def test_as_many_questions_for_three_as_for_one(ours, count, django_assert_num_queries):
    jobs = some_jobs(ours, count)
    at_once(ours, jobs)

    with django_assert_num_queries(20):
        at_once(ours, jobs)
