"""Whatever the office does with leads and links, nothing is lost and every link can be undone."""

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from carter.billing.ledger import log_charge, record_payment
from carter.billing.models import Entry, Payment
from carter.customers.changing import add_detail, change_customer
from carter.customers.following import followers, holder_of
from carter.customers.models import Customer, Detail
from carter.jobs import linking
from carter.jobs.linking import CannotLink, link_job, offered_details, standing_link, unlink_job
from carter.jobs.models import Job
from carter.jobs.moving import change_intake, repeat_job
from tests.builders import a_company, a_customer, a_lead

NAMES = st.sampled_from(["Bob Smith", "Robert Smith", "Ann Lee", "O’Hara", "王伟"])


class Office(RuleBasedStateMachine):
    """People take leads, link, unlink, edit, charge and take payments in any order."""

    customers = Bundle("customers")
    jobs = Bundle("jobs")

    def __init__(self) -> None:
        super().__init__()
        self.undone_at_the_end = transaction.atomic()
        self.undone_at_the_end.__enter__()
        self.company = a_company()
        self.made_for = {}

    def teardown(self) -> None:
        try:
            self.check_that_unlinking_everything_equals_never_having_linked()
        finally:
            transaction.set_rollback(True)
            self.undone_at_the_end.__exit__(None, None, None)

    @rule(target=customers, name=NAMES)
    def add_customer(self, name):
        return a_customer(self.company, name, phone="303 555 0142").pk

    @rule(target=jobs, name=NAMES)
    def take_lead(self, name):
        return a_lead(self.company, name, phone="720 555 0199", email="x@example.com").pk

    @rule(target=jobs, job=jobs)
    def repeat(self, job):
        return repeat_job(Job.across_companies.get(pk=job), by=None).pk

    @rule(job=jobs, customer=customers, bring=st.booleans())
    def link(self, job, customer, bring):
        row = Job.across_companies.get(pk=job)
        to = Customer.across_companies.get(pk=customer)
        bringing = offered_details(row, to=to) if bring else []
        try:
            link_job(row, to=to, bringing=bringing, by=None)
        except CannotLink:
            assert row.customer == to

    @rule(job=jobs)
    def unlink(self, job):
        row = Job.across_companies.get(pk=job)
        linked = standing_link(row) is not None
        try:
            unlink_job(row, by=None)
        except CannotLink:
            assert not linked

    @rule(job=jobs, cents=st.integers(1, 10**9))
    def charge(self, job, cents):
        row = Job.across_companies.get(pk=job)
        log_charge(customer=row.customer, job=row, kind="labour", amount_cents=cents, by=None)

    @rule(job=jobs, cents=st.integers(1, 10**9))
    def pay_on_account(self, job, cents):
        holder = Job.across_companies.get(pk=job).customer
        record_payment(customer=holder, job=None, method="cash", amount_cents=cents, by=None)

    @rule(job=jobs, name=NAMES)
    def edit(self, job, name):
        row = Job.across_companies.get(pk=job)
        change_intake(row, values={"name": name}, was={"name": row.name}, by=None)
        row.add_note("Called back.", by=None)
        holder = row.customer
        change_customer(holder, values={"name": name}, was={"name": holder.name}, by=None)
        add_detail(holder, "phones", text="(303) 555-0177", label="work", by=None)

    @invariant()
    def every_row_is_with_the_holder_of_its_record(self):
        for model in followers():
            for row in model._base_manager.select_related("born_to"):
                assert row.customer == holder_of(row.born_to), row
                if row.carrier is not None:
                    assert row.born_to == row.carrier.born_to, row

    @invariant()
    def every_job_has_a_current_customer(self):
        for job in Job.across_companies.all():
            assert job.customer.is_current, job

    @invariant()
    def a_link_never_changes_what_is_owed_in_all(self):
        entries = Entry.across_companies.all()
        owed = sum(entry.amount_cents for entry in entries)
        charged = sum(e.charge.amount_cents for e in entries if e.charge)
        assert owed == charged - sum(e.payment.amount_cents for e in entries if e.payment)

    @invariant()
    def remember_for_whom_rows_were_made(self):
        for row, record in self.for_whom_rows_are().items():
            self.made_for.setdefault(row, record)

    def check_that_unlinking_everything_equals_never_having_linked(self):
        for job in Job.across_companies.all():
            while standing_link(job):
                unlink_job(job, by=None)
        assert self.for_whom_rows_are() == self.made_for
        assert not self.company.customers.exclude(head=None).exists()

    def for_whom_rows_are(self):
        """By row, the record it was made for; only of rows that hang on no job."""
        return {
            (model._meta.label, row.pk): row.born_to_id
            for model in followers()
            if issubclass(model, (Detail, Job, Payment))
            for row in model._base_manager.all()
            if row.carrier is None
        }


WORKDAYS = settings(max_examples=25, stateful_step_count=15, deadline=None)


@pytest.mark.django_db
def test_whatever_the_office_does_nothing_is_lost():
    run_state_machine_as_test(Office, settings=WORKDAYS)


@pytest.mark.django_db
def test_the_office_would_notice_what_an_unlink_leaves_behind(monkeypatch):
    monkeypatch.setattr(linking, "_rows_named", lambda named: [])

    office = Office()
    customer = office.add_customer("Robert Smith")
    job = office.take_lead("Bob Smith")
    office.remember_for_whom_rows_were_made()
    office.link(job, customer, bring=True)

    with pytest.raises(AssertionError):
        office.teardown()
