"""Money goes where its job goes, and what belongs together is never parted."""

import pytest

from carter.billing.applying import apply_payment, take_off
from carter.billing.balances import Breakdown, balance_of, breakdown_of
from carter.billing.invoicing import draft_invoice, void_invoice
from carter.billing.models import MovedRow, Owed
from carter.billing.taking_back import refund_payment, return_payment
from carter.customers.following import move
from carter.customers.ties import CannotSeparate, Tied, refuse_to_part, torn_rows
from carter.jobs.linking import CannotLink, link_job, unlink_job
from tests.builders import a_charge, a_customer, a_lead, a_payment, an_invoice


@pytest.fixture
def lead(ours):
    return a_lead(ours, "Bob Smith")


@pytest.fixture
def known(ours):
    return a_customer(ours, "Robert Smith")


def assert_nothing_is_torn():
    for model in Tied.__subclasses__():
        assert not torn_rows(model).exists()


def test_a_job_takes_its_invoices_payments_and_what_was_applied_along(lead, known):
    own = lead.customer
    void_invoice(an_invoice([a_charge(lead, 70)]), reason="Wrong", by=None)
    invoice = an_invoice([a_charge(lead, 500)])
    payment = a_payment(lead, 600)

    link_job(lead, to=known, by=None)

    moved = Breakdown(570, 600, 0, 0, 70, 100)
    assert (breakdown_of(known), breakdown_of(own)) == (moved, Breakdown(0, 0, 0, 0, 0, 0))
    assert {row.customer for row in (invoice.refreshed(), *payment.parts.all())} == {known}
    assert_nothing_is_torn()

    unlink_job(lead, by=None)

    assert (breakdown_of(own), balance_of(known)) == (moved, 0)
    assert_nothing_is_torn()


@pytest.mark.parametrize("goes", ["charge", "invoice", "part"])
def test_whichever_end_goes_alone_it_is_refused(goes, lead, known):
    charge = a_charge(lead, 500)
    invoice = an_invoice([charge])
    part = a_payment(lead, 500).parts.get()
    refuse_to_part(lead, charge, invoice, part)

    row = {"charge": charge, "invoice": invoice, "part": part}[goes]
    move(row, to=known)

    with pytest.raises(CannotSeparate):
        refuse_to_part(row)


def test_a_payment_over_two_jobs_is_parted_when_one_of_them_goes(ours, lead, known):
    own, other = lead.customer, a_lead(ours, customer=lead.customer)
    for job, cents in ((lead, 500), (other, 300)):
        an_invoice([a_charge(job, cents)])
    payment = a_payment(own, 800)

    link_job(lead, to=known, by=None)

    assert [(part.customer, part.amount_cents) for part in payment.parts.order_by("id")] == [
        (known, 500),
        (own, 300),
    ]
    assert (balance_of(known), balance_of(own)) == (0, 0)

    returned = return_payment(payment, by=None)

    assert (returned.amount_cents, balance_of(known), balance_of(own)) == (-800, 500, 300)


def test_a_job_on_an_invoice_with_others_does_not_go_alone(ours, lead, known):
    other = a_lead(ours, customer=lead.customer)
    invoice = an_invoice([a_charge(lead, 500), a_charge(other, 300)])

    with pytest.raises(CannotLink, match="Invoice INV-1 gathers its charges with others"):
        link_job(lead, to=known, by=None)
    assert (balance_of(known), lead.refreshed().customer) == (0, lead.customer)
    void_invoice(invoice, reason="Bill each alone", by=None)
    link_job(lead, to=known, by=None)

    assert (balance_of(known), balance_of(lead.customer)) == (500, 300)
    assert_nothing_is_torn()


def test_a_job_on_a_draft_with_others_does_not_go_alone(ours, lead, known):
    other = a_lead(ours, customer=lead.customer)
    charges = [a_charge(lead, 500), a_charge(other, 300)]
    draft_invoice(customer=lead.customer, charges=charges, by=None)

    with pytest.raises(CannotLink, match="Discard the draft first"):
        link_job(lead, to=known, by=None)


def test_money_applied_from_another_job_goes_along(ours, lead, known):
    other = a_lead(ours, customer=lead.customer)
    payment = a_payment(other, 500)
    an_invoice([a_charge(lead, 500)])
    apply_payment(payment, customer=lead.customer, by=None)

    link_job(lead, to=known, by=None)

    assert (balance_of(known), balance_of(lead.customer)) == (0, 0)
    assert_nothing_is_torn()


def test_money_on_account_comes_along_with_the_last_job_and_goes_back(lead, known):
    own = lead.customer
    payment = a_payment(own, 500)
    refund_payment(payment, amount_cents=100, by=None)
    an_invoice([a_charge(own, 50)])
    apply_payment(payment, customer=own, by=None)

    link_job(lead, to=known, by=None)
    assert (balance_of(known), balance_of(own)) == (-350, 0)
    refund_payment(payment, amount_cents=10, by=None)
    unlink_job(lead, by=None)

    assert (balance_of(known), balance_of(own)) == (0, -340)
    assert_nothing_is_torn()


def test_a_link_is_not_undone_while_what_it_brought_pays_what_stays(lead, known):
    payment = a_payment(lead.customer, 500)
    link_job(lead, to=known, by=None)
    invoice = an_invoice([a_charge(known, 300)])
    apply_payment(payment, customer=known, by=None)

    with pytest.raises(CannotLink, match="Take it off that invoice first"):
        unlink_job(lead, by=None)
    take_off(payment, invoice=invoice, by=None)
    unlink_job(lead, by=None)

    assert (balance_of(lead.customer), balance_of(known)) == (-500, 300)
    assert_nothing_is_torn()


def test_the_database_writes_down_what_went_from_customer_to_customer(lead, known):
    own, charge = lead.customer, a_charge(lead, 500)

    link_job(lead, to=known, by=None)

    rows = MovedRow.across_companies.filter(table="billing_charge")
    assert [(row.row_id, row.customer_before, row.customer_after, row.company) for row in rows] == [
        (charge.pk, own.pk, known.pk, known.company)
    ]


def test_the_list_of_who_owes_follows_every_door(ours, lead, known):
    def owed():
        return dict(Owed.across_companies.values_list("customer", "balance_cents"))

    a_charge(lead, 500)
    assert owed() == {lead.customer_id: 500}
    link_job(lead, to=known, by=None)
    assert owed() == {known.pk: 500}
    a_payment(known, 500)
    assert owed() == {}
