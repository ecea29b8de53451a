"""What is owed is always the sum of what was posted, and what was posted stays."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from carter.billing.balances import balance_of, with_balances, with_job_balances
from carter.billing.ledger import CannotPost, counter_charge, log_charge, record_payment
from carter.billing.models import Charge, Entry, LedgerIsAppendOnly, Payment, PaymentPart
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
    @given(st.lists(st.tuples(st.booleans(), st.integers(1, 10**10)), max_size=12))
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


@pytest.mark.parametrize("kind", [Charge, Payment, PaymentPart, Entry])
@pytest.mark.parametrize("deed", ["change", "delete"])
def test_the_database_itself_keeps_what_was_posted(kind, deed, job):
    log_charge(customer=job.customer, job=job, kind="fuel", amount_cents=900, by=None)
    record_payment(customer=job.customer, job=job, method="cash", amount_cents=100, by=None)
    table = kind._meta.db_table
    sql = {"change": f"UPDATE {table} SET amount_cents = 1", "delete": f"DELETE FROM {table}"}

    with pytest.raises(IntegrityError, match="what was posted stays"), transaction.atomic():
        connection.cursor().execute(sql[deed])

    assert balance_of(job.customer) == 800


def test_history_says_that_money_was_posted_and_not_how_much(job, ada):
    charge = log_charge(customer=job.customer, job=job, kind="fuel", amount_cents=900, by=ada)
    record_payment(customer=job.customer, job=job, method="cash", amount_cents=100, by=ada)
    counter_charge(charge, by=ada)

    said = [(event.what, event.changes, event.by) for event in job.events.all()[:3]]
    assert said == [
        ("took a charge back", {}, ada),
        ("recorded a payment", {}, ada),
        ("logged a charge", {}, ada),
    ]


@pytest.mark.django_db(transaction=True)
def test_a_test_database_with_money_in_it_can_be_emptied_and_keeps_its_guards():
    customer = a_customer(a_company())
    log_charge(customer=customer, job=None, kind="fuel", amount_cents=900, by=None)

    call_command("flush", interactive=False, verbosity=0)

    assert not Charge.across_companies.exists()
    customer = a_customer(a_company())
    log_charge(customer=customer, job=None, kind="fuel", amount_cents=900, by=None)
    with pytest.raises(IntegrityError, match="what was posted stays"):
        Entry.across_companies.all().delete()
