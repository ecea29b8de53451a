"""What is owed is always the sum of what was posted, and what was posted stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from carter.billing.balances import balance_of, with_balances, with_job_balances
from carter.billing.ledger import CannotPost, counter_charge, log_charge, record_payment
from carter.billing.models import Charge, Entry, LedgerIsAppendOnly
from tests.builders import a_company, a_customer, a_job


@pytest.fixture
def job(ours, ada):
    return a_job(a_customer(ours), by=ada)


def test_the_balance_is_charges_less_payments(job, ada):
    log_charge(customer=job.customer, job=job, kind="labour", amount_cents=125_050, by=ada)
    record_payment(customer=job.customer, job=job, method="card", amount_cents=50_000, by=ada)

    assert balance_of(job.customer) == 75_050


def test_a_posted_charge_cannot_be_changed_or_deleted(job, ada):
    charge = log_charge(customer=job.customer, job=job, kind="fuel", amount_cents=900, by=ada)

    with pytest.raises(LedgerIsAppendOnly):
        charge.save()
    with pytest.raises(LedgerIsAppendOnly):
        charge.delete()


def test_a_wrong_charge_is_countered_once_on_its_own_day(job, ada):
    charge = log_charge(customer=job.customer, job=job, kind="fuel", amount_cents=900, by=ada)

    mirror = counter_charge(charge, by=ada)

    assert (balance_of(job.customer), mirror.on) == (0, charge.on)
    with pytest.raises(CannotPost, match="already taken back"):
        counter_charge(charge, by=ada)


@pytest.mark.parametrize("cents", [0, -1])
def test_a_payment_is_more_than_zero(cents, job, ada):
    with pytest.raises(CannotPost):
        record_payment(customer=job.customer, job=job, method="cash", amount_cents=cents, by=ada)


def test_lists_show_the_same_balance(job, ada):
    log_charge(customer=job.customer, job=job, kind="labour", amount_cents=125_050, by=ada)

    assert with_balances(job.company.customers).get(pk=job.customer_id).balance_cents == 125_050
    shown = with_job_balances(job.company.jobs).get()
    assert (shown.balance_cents, shown.charged_cents) == (125_050, 125_050)


class TestSums(TestCase):
    @given(st.lists(st.tuples(st.booleans(), st.integers(1, 10**12)), max_size=12))
    def test_every_entry_mirrors_one_document_and_they_add_up(self, postings):
        customer = a_customer(a_company())
        for is_charge, cents in postings:
            if is_charge:
                log_charge(customer=customer, job=None, kind="other", amount_cents=cents, by=None)
            else:
                record_payment(
                    customer=customer, job=None, method="cash", amount_cents=cents, by=None
                )

        signed = [cents if is_charge else -cents for is_charge, cents in postings]
        assert balance_of(customer) == sum(signed)
        assert Entry.across_companies.count() == len(postings)
        assert Charge.across_companies.count() == sum(is_charge for is_charge, _ in postings)
