"""Money on invoices: the oldest due first, taken off again, and never more than there is."""

import pytest

from carter.billing.applying import apply_payment, take_off
from carter.billing.balances import Breakdown, balance_of, breakdown_of, with_job_balances
from carter.billing.invoicing import void_invoice
from carter.billing.ledger import give_credit, record_payment
from carter.billing.models import Allocation, PaymentPart
from carter.billing.posting import CannotPost
from tests.builders import a_charge, a_customer, a_job, a_payment, an_invoice


@pytest.fixture
def bob(ours):
    return a_customer(ours)


@pytest.fixture
def jobs(bob):
    return [a_job(bob), a_job(bob)]


@pytest.fixture
def invoices(jobs, time_machine):
    """Of the second job, due first, and of the first."""
    time_machine.move_to("2026-03-02T18:00:00Z")
    older = an_invoice([a_charge(jobs[1], 500)], terms="on-receipt")
    return [older, an_invoice([a_charge(jobs[0], 700)], terms="net-30")]


def open_of(invoices):
    return [invoice.refreshed().open_cents for invoice in invoices]


def parts_of(payment):
    return [(part.job, part.amount_cents) for part in payment.parts.order_by("id")]


def balances_of(jobs):
    found = with_job_balances(jobs[0].company.jobs).order_by("id")
    return [job.balance_cents for job in found]


def test_a_payment_pays_the_oldest_due_first_and_belongs_to_their_jobs(bob, jobs, invoices):
    payment = a_payment(bob, 600)

    assert open_of(invoices) == [0, 600]
    assert parts_of(payment) == [(jobs[1], 500), (jobs[0], 100)]
    assert balances_of(jobs) == [600, 0]


def test_what_is_more_than_owed_is_kept_on_account(bob, jobs, invoices):
    payment = a_payment(bob, 2_000)

    assert parts_of(payment) == [(jobs[1], 500), (jobs[0], 700), (None, 800)]
    assert breakdown_of(bob) == Breakdown(1_200, 2_000, 0, 0, 0, 800)
    assert [part.unapplied_cents for part in PaymentPart.across_companies.unapplied()] == [800]


def test_a_payment_for_a_job_pays_that_job_s_invoices_only(bob, jobs, invoices):
    a_payment(jobs[0], 900)

    assert open_of(invoices) == [500, 0]
    assert balances_of(jobs) == [-200, 500]


def test_a_person_may_choose_what_is_paid(bob, jobs, invoices):
    a_payment(bob, 600, to={invoices[1]: 450})

    assert open_of(invoices) == [500, 250]
    assert breakdown_of(bob).unapplied_cents == 150


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ((501, 0), r"Only \$5.00 is still to be paid on Invoice INV-1"),
        ((-1, 0), "more than zero"),
        ((400, 400), "More is applied"),
    ],
)
def test_more_than_there_is_cannot_be_applied(chosen, words, bob, invoices):
    with pytest.raises(CannotPost, match=words):
        a_payment(bob, 600, to=dict(zip(invoices, chosen, strict=True)))

    assert not PaymentPart.across_companies.exists()


def test_nothing_is_paid_on_a_void_invoice(bob, jobs, invoices):
    void_invoice(invoices[0], reason="Wrong", by=None)

    with pytest.raises(CannotPost, match="INV-1 is void"):
        a_payment(bob, 600, to={invoices[0]: 100})


def test_nothing_is_paid_on_somebody_else_s_invoice(ours, invoices):
    with pytest.raises(CannotPost, match="went to another customer"):
        a_payment(a_customer(ours, "Ann"), 600, to={invoices[0]: 100})


def test_money_on_account_that_is_applied_becomes_money_of_the_invoice_s_job(bob, jobs, invoices):
    payment = a_payment(bob, 600, to={})
    assert balances_of(jobs) == [700, 500]

    apply_payment(payment, customer=bob, by=None)

    assert (open_of(invoices), balances_of(jobs), balance_of(bob)) == ([0, 600], [600, 0], 600)
    assert sum(cents for _, cents in parts_of(payment)) == payment.amount_cents
    with pytest.raises(CannotPost, match="nothing left"):
        apply_payment(payment, customer=bob, by=None)


def test_what_is_taken_off_an_invoice_can_be_applied_elsewhere(bob, jobs, invoices):
    payment = a_payment(bob, 500)

    take_off(payment, invoice=invoices[0], by=None)
    assert (open_of(invoices), breakdown_of(bob).unapplied_cents) == ([500, 700], 500)
    apply_payment(payment, customer=bob, to={invoices[1]: 300}, by=None)

    assert (open_of(invoices), balances_of(jobs)) == ([500, 400], [400, 300])
    with pytest.raises(CannotPost, match="Nothing of this payment"):
        take_off(payment, invoice=invoices[0], by=None)


def test_a_payment_over_an_invoice_of_several_jobs_is_shared_among_them(bob, jobs):
    invoice = an_invoice([a_charge(jobs[0], 500), a_charge(jobs[1], 700), a_charge(bob, 50)])

    first, second = a_payment(bob, 600), a_payment(bob, 650)

    assert parts_of(first) == [(jobs[0], 500), (jobs[1], 100)]
    assert parts_of(second) == [(jobs[1], 600), (None, 50)]
    assert (open_of([invoice]), balances_of(jobs)) == ([0], [0, 0])


def test_a_credit_is_applied_like_a_payment_and_is_no_money(bob, jobs, invoices):
    give_credit(customer=bob, job=jobs[1], amount_cents=200, description="Broken lamp", by=None)

    assert open_of(invoices) == [300, 700]
    assert breakdown_of(bob) == Breakdown(1_200, 0, 200, 1_000, 0, 0)
    with pytest.raises(CannotPost, match="Say what"):
        give_credit(customer=bob, job=None, amount_cents=200, description=" ", by=None)


def test_the_same_form_sent_again_has_no_second_effect(bob, invoices):
    payments = {a_payment(bob, 600, to={}, key="form-1") for _ in range(5)}
    (payment,) = payments
    applied = [
        apply_payment(payment, customer=bob, to={invoices[0]: 10}, key="form-2", by=None)
        for _ in range(5)
    ]

    assert len({tuple(rows) for rows in applied}) == 1
    assert (balance_of(bob), Allocation.across_companies.count()) == (600, 1)


def test_an_amount_is_whole_cents_more_than_zero_and_not_a_slip(bob):
    for cents, words in (
        (0, "more than zero"),
        (-5, "more than zero"),
        (1.5, "whole cents"),
        (True, "whole cents"),
        (10**10 + 1, r"at most \$100,000,000.00"),
    ):
        with pytest.raises(CannotPost, match=words):
            a_payment(bob, cents)


def test_a_gateway_s_payment_is_recorded_once(bob):
    record = {"customer": bob, "job": None, "method": "card", "amount_cents": 5, "by": None}
    first = record_payment(**record, key="try-1", gateway_reference="ch_1")

    assert record_payment(**record, key="try-1", gateway_reference="ch_1") == first
