"""What was billed or paid together since a merge stays together until a person has parted it."""

import pytest

from carter.billing.applying import apply_payment, take_off
from carter.billing.invoicing import discard_draft, draft_invoice, void_invoice
from carter.customers.following import followers
from carter.merging.giving import kinds_given
from carter.merging.merge import merge_customers
from carter.merging.undo import CannotUndo, undo_merge
from carter.merging.undo_planning import moment_of
from tests.builders import a_charge, a_customer, a_job, a_payment, an_invoice
from tests.merging.office import HELD, of_every_kind


@pytest.fixture
def bob(ours):
    return a_customer(ours, "Bob Smith")


@pytest.fixture
def rob(ours):
    return a_customer(ours, "Robert Smith")


@pytest.fixture
def jobs(bob, rob):
    return [a_job(bob), a_job(rob)]


@pytest.fixture
def merge(bob, rob, jobs):
    return merge_customers(survivor=bob, duplicates=[rob], by=None)


def charged(jobs):
    return [a_charge(job.refreshed()) for job in jobs]


def where_all_is(company):
    return sorted(of_every_kind(HELD, followers(), company))


def test_an_invoice_over_charges_of_both_is_named_and_nothing_is_undone(ours, rob, jobs, merge):
    an_invoice(charged(jobs))
    before = where_all_is(ours)

    with pytest.raises(CannotUndo) as refusal:
        undo_merge(merge, by=None)

    assert str(refusal.value) == (
        "Invoice INV-1 gathers its charges with others. Void that invoice first; then bill each by"
        " itself."
    )
    assert where_all_is(ours) == before
    assert (merge.refreshed().stands, rob.refreshed().is_current) == (True, False)


def test_once_the_joint_invoice_is_void_the_merge_is_undone(rob, jobs, merge):
    invoice = an_invoice(charged(jobs))
    void_invoice(invoice, reason="Two people.", by=None)

    undo_merge(merge, by=None)

    assert [charge.customer for charge in rob.company.charges.order_by("pk")] == [
        merge.survivor,
        rob,
    ]


def test_a_draft_over_charges_of_both_is_discarded_first(bob, rob, jobs, merge):
    draft = draft_invoice(customer=bob.refreshed(), charges=charged(jobs), by=None)
    with pytest.raises(CannotUndo, match="A draft invoice gathers its charges with others"):
        undo_merge(merge, by=None)

    discard_draft(draft, by=None)

    undo_merge(merge, by=None)
    assert rob.refreshed().is_current


def test_an_invoice_of_one_alone_goes_where_its_job_goes(rob, jobs, merge):
    invoice = an_invoice(charged(jobs[1:]))

    undo_merge(merge, by=None)

    assert invoice.refreshed().customer == rob


def test_money_of_one_applied_to_an_invoice_of_the_other_is_taken_off_first(bob, rob):
    payment, invoice = a_payment(rob), an_invoice([a_charge(bob)])
    merge = merge_customers(survivor=bob, duplicates=[rob], by=None)
    apply_payment(payment, customer=bob.refreshed(), to={invoice: 10_000}, by=None)

    with pytest.raises(CannotUndo) as refusal:
        undo_merge(merge, by=None)

    assert str(refusal.value) == (
        "A payment or credit was applied to Invoice INV-1, and only one of the two would go"
        " elsewhere. Take it off that invoice first."
    )
    take_off(payment, invoice=invoice, by=None)
    undo_merge(merge, by=None)
    assert [part.customer for part in payment.parts.all()] == [rob]


@pytest.mark.parametrize("kind", kinds_given(), ids=lambda kind: kind.__name__)
def test_of_every_kind_that_can_be_handed_over_it_is_known_when_it_was_made(kind):
    assert moment_of(kind) in {"created_at", "at", "agreed_at"}
