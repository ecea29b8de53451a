"""Money that goes back: each a row of its own, and what it had paid is owed again."""

from datetime import timedelta

import pytest

from carter.billing.applying import take_off
from carter.billing.balances import balance_of, breakdown_of
from carter.billing.crediting import credit_invoice
from carter.billing.ledger import give_credit
from carter.billing.models import Charge, Payment
from carter.billing.posting import CannotPost
from carter.billing.taking_back import refund_payment, return_payment, void_payment
from carter.companies.rights import NotAllowed, Role
from tests.builders import a_charge, a_customer, a_job, a_member, a_payment, an_invoice


@pytest.fixture
def job(ours):
    return a_job(a_customer(ours))


@pytest.fixture
def invoice(job):
    return an_invoice([a_charge(job, 500)])


def test_a_bounced_check_is_owed_again_with_its_fee(job, invoice):
    payment = a_payment(job, 600)
    assert invoice.open_cents == 0

    returned = return_payment(payment, fee_cents=35, by=None)

    assert (returned.amount_cents, returned.of, returned.kind) == (-600, payment, "returned")
    assert (invoice.refreshed().is_open, invoice.refreshed().open_cents) == (True, 500)
    assert (balance_of(job.customer), breakdown_of(job.customer).unapplied_cents) == (535, 0)
    fee = Charge.across_companies.get(kind="returned")
    assert (fee.job, fee.amount_cents) == (job, 35)
    with pytest.raises(CannotPost, match="Nothing is left"):
        return_payment(payment, by=None)


def test_a_bounced_check_over_two_jobs_is_owed_again_for_both(job, invoice):
    other = a_job(job.customer)
    second = an_invoice([a_charge(other, 300)])
    payment = a_payment(job.customer, 800)

    return_payment(payment, fee_cents=35, by=None)

    assert [row.refreshed().open_cents for row in (invoice, second)] == [500, 300]
    assert Charge.across_companies.get(kind="returned").job is None


def test_a_refund_gives_back_what_is_not_applied(job, invoice):
    payment = a_payment(job, 600)

    with pytest.raises(CannotPost, match=r"Only \$1.00 of it"):
        refund_payment(payment, amount_cents=101, by=None)
    refund_payment(payment, amount_cents=60, by=None)
    take_off(payment, invoice=invoice, by=None)
    refund_payment(payment, amount_cents=540, method="cash", reference="Till 2", by=None)

    assert (balance_of(job.customer), invoice.refreshed().open_cents) == (500, 500)
    back = Payment.across_companies.filter(of=payment).order_by("id")
    assert [(row.method, row.amount_cents) for row in back] == [("check", -60), ("cash", -540)]


def test_a_payment_logged_by_mistake_is_void_as_if_it_had_never_been(job, invoice):
    yesterday = job.company.today - timedelta(days=1)
    payment = a_payment(job, 600, on=yesterday)

    void = void_payment(payment, reason="Typed twice", by=None)

    assert (void.on, balance_of(job.customer), invoice.refreshed().open_cents) == (
        yesterday,
        500,
        500,
    )
    with pytest.raises(CannotPost, match="Nothing is left"):
        void_payment(payment, reason="Typed twice", by=None)
    with pytest.raises(CannotPost, match="takes a payment back"):
        void_payment(void, reason="Was right", by=None)


def test_what_the_gateway_took_is_refunded_and_not_voided(job):
    payment = a_payment(job, 600, gateway_reference="ch_1")

    with pytest.raises(CannotPost, match="through the gateway"):
        void_payment(payment, reason="Wrong", by=None)


def test_a_credit_is_taken_back(job, invoice):
    credit = give_credit(
        customer=job.customer, job=job, amount_cents=200, description="Lamp", by=None
    )

    back = void_payment(credit, reason="The lamp is fine", by=None)

    assert (back.kind, invoice.refreshed().open_cents) == ("credit-void", 500)
    assert breakdown_of(job.customer).credited_cents == 0
    with pytest.raises(CannotPost, match="Only a payment"):
        return_payment(credit, by=None)


def test_a_returned_payment_is_returned_once_however_often_the_form_is_sent(job):
    payment = a_payment(job, 600)

    rows = {return_payment(payment, fee_cents=35, key="form-1", by=None) for _ in range(5)}

    assert (len(rows), balance_of(job.customer)) == (1, 35)


def test_a_refund_is_given_once_however_often_the_form_is_sent(job):
    payment = a_payment(job, 600)

    rows = {refund_payment(payment, amount_cents=100, key="form-1", by=None) for _ in range(5)}

    assert (len(rows), balance_of(job.customer)) == (1, -500)


def test_a_credit_note_lowers_an_open_invoice(job, invoice):
    note = credit_invoice(invoice, amount_cents=200, reason="Late start", by=None)

    assert (note.code, note.amount_cents, invoice.refreshed().open_cents) == ("CN-1", 200, 300)
    assert note.document["total_cents"] == -200
    assert balance_of(job.customer) == 300
    with pytest.raises(CannotPost, match=r"At most \$3.00"):
        credit_invoice(invoice, amount_cents=301, reason="Late start", by=None)


def test_a_credit_note_over_a_paid_invoice_is_a_credit_that_can_be_refunded(job, invoice):
    a_payment(job, 500)

    note = credit_invoice(invoice, charges=[invoice.lines.get().charge], reason="Sorry", by=None)
    assert breakdown_of(job.customer).unapplied_cents == 500
    refund_payment(note, amount_cents=500, method="check", by=None)

    assert (balance_of(job.customer), breakdown_of(job.customer).unapplied_cents) == (0, 0)
    assert (breakdown_of(job.customer).paid_cents, breakdown_of(job.customer).credited_cents) == (
        0,
        500,
    )


def test_a_credit_note_over_several_jobs_is_shared_as_they_were_billed(job):
    other = a_job(job.customer)
    invoice = an_invoice([a_charge(job, 200), a_charge(other, 100)])

    note = credit_invoice(invoice, amount_cents=100, reason="Late", by=None)

    assert [(part.job, part.amount_cents) for part in note.parts.order_by("id")] == [
        (job, 67),
        (other, 33),
    ]


def test_a_voided_credit_note_leaves_its_number_and_can_be_given_again(job, invoice):
    void_payment(
        credit_invoice(invoice, amount_cents=500, reason="Late", by=None), reason="No", by=None
    )

    assert invoice.refreshed().open_cents == 500
    assert credit_invoice(invoice, amount_cents=500, reason="Late", by=None).code == "CN-2"


def test_who_takes_payments_may_not_give_money_back(ours, job, invoice):
    payment, sam = a_payment(job.customer, 600, to={}), a_member(ours, Role.SALES)
    deeds = [
        lambda: refund_payment(payment, amount_cents=5, by=sam),
        lambda: return_payment(payment, by=sam),
        lambda: void_payment(payment, reason="Twice", by=sam),
        lambda: give_credit(
            customer=job.customer, job=job, amount_cents=5, description="Lamp", by=sam
        ),
        lambda: credit_invoice(invoice, amount_cents=5, reason="Late", by=sam),
    ]

    for deed in deeds:
        with pytest.raises(NotAllowed, match="may not refund, credit or void"):
            deed()
    assert balance_of(job.customer) == -100
