"""Whatever the office does with leads and links, nothing is lost and every link can be undone."""

import random

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from carter.billing.balances import balance_of
from carter.billing.ledger import CannotPost, counter_charge, log_charge, record_payment
from carter.billing.models import Charge, Entry, PaymentPart
from carter.customers.changing import (
    add_detail,
    change_customer,
    make_current,
    make_former,
    make_primary,
)
from carter.customers.following import followers, holder_of
from carter.customers.models import Customer, Detail, Email, Note, Phone
from carter.jobs import linking
from carter.jobs.linking import CannotLink, link_job, offered_details, standing_link, unlink_job
from carter.jobs.models import Job
from carter.jobs.moving import change_intake, repeat_job
from tests.builders import a_company, a_customer, a_lead

PHONES = st.sampled_from(["303 555 0142", "720 555 0199", "720 555 0188", ""])
EMAILS = st.sampled_from(["x@example.com", "y@example.com"])
NAMES = st.sampled_from(["Bob Smith", "Robert Smith", "Ann Lee", "O’Hara", "王伟"])


class Office(RuleBasedStateMachine):
    """People take leads, link, unlink, edit, charge and take payments in any order.

    `made_for` remembers, by row, for which record it was made; `chosen`, by record and kind, the
    details that somebody made the main one there while they were that record's own.
    """

    customers = Bundle("customers")
    jobs = Bundle("jobs")

    def __init__(self) -> None:
        super().__init__()
        self.undone_at_the_end = transaction.atomic()
        self.undone_at_the_end.__enter__()
        self.company = a_company()
        self.made_for, self.chosen = {}, {}

    def teardown(self) -> None:
        try:
            self.check_that_unlinking_everything_equals_never_having_linked()
        finally:
            transaction.set_rollback(True)
            self.undone_at_the_end.__exit__(None, None, None)

    @rule(target=customers, name=NAMES)
    def add_customer(self, name):
        return a_customer(self.company, name, phone="303 555 0142").pk

    @rule(target=jobs, name=NAMES, phone=PHONES, email=EMAILS)
    def take_lead(self, name, phone, email):
        return a_lead(self.company, name, phone=phone, email=email).pk

    @rule(target=jobs, job=jobs)
    def repeat(self, job):
        return repeat_job(Job.across_companies.get(pk=job), by=None).pk

    @rule(job=jobs, customer=customers, bring=st.booleans())
    def link(self, job, customer, bring):
        self.link_to(job, Customer.across_companies.get(pk=customer), bring)

    @rule(job=jobs, other=jobs, bring=st.booleans())
    def link_to_the_customer_of_another_lead(self, job, other, bring):
        self.link_to(job, Job.across_companies.get(pk=other).customer, bring)

    def link_to(self, job, to, bring):
        row = Job.across_companies.get(pk=job)
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
    def charge_on_account(self, job, cents):
        holder = Job.across_companies.get(pk=job).customer
        log_charge(customer=holder, job=None, kind="other", amount_cents=cents, by=None)

    @precondition(lambda self: Charge.across_companies.exists())
    @rule(data=st.data())
    def counter(self, data):
        charge = data.draw(st.sampled_from(list(Charge.across_companies.order_by("id"))))
        again = charge.counters is not None or hasattr(charge, "countered_by")
        try:
            counter_charge(charge, by=None)
        except CannotPost:
            assert again

    @precondition(lambda self: Phone.across_companies.exists())
    @rule(data=st.data(), standing=st.sampled_from([make_primary, make_former, make_current]))
    def change_the_standing(self, data, standing):
        rows = [*Phone.across_companies.order_by("id"), *Email.across_companies.order_by("id")]
        row = data.draw(st.sampled_from(rows))
        if standing is not make_primary:
            standing(row, by=None)
        elif not row.is_former:
            make_primary(row, by=None)
            if row.customer_id == self.made_for[row._meta.label, row.pk]:
                self.chosen.setdefault((row.customer_id, row.noun), []).append(row.pk)

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
        assert owed == charged - sum(e.part.amount_cents for e in entries if e.part)

    @invariant()
    def remember_for_whom_rows_were_made(self):
        for row in rows_of_the_book():
            if named(row) not in self.made_for:
                root = row
                while root.carrier is not None:
                    root = root.carrier
                self.made_for[named(row)] = self.made_for.get(named(root), root.born_to_id)

    @invariant()
    def only_a_lead_s_customer_that_holds_nothing_is_retired(self):
        for customer in self.company.customers.filter(origin=Customer.Origin.LEAD):
            holds = any(
                model._base_manager.filter(born_to=customer).exists()
                for model in (Job, Note, Charge, PaymentPart)
            )
            assert customer.is_current == holds, customer

    @invariant()
    def one_detail_of_a_kind_is_the_main_one(self):
        for customer in self.company.customers.all():
            for details in (customer.phones, customer.emails):
                mains = [row.former_at for row in details.all() if row.is_primary]
                assert mains == [None] * details.filter(former_at=None).exists(), customer

    def check_that_unlinking_everything_equals_never_having_linked(self):
        jobs = list(Job.across_companies.all())
        random.Random(len(self.made_for)).shuffle(jobs)
        while linked := [job for job in jobs if standing_link(job)]:
            for job in linked:
                unlink_job(job, by=None)
        assert {named(row): row.born_to_id for row in rows_of_the_book()} == self.made_for
        assert not self.company.customers.exclude(head=None).exists()
        self.check_the_main_ones()
        self.check_the_balances()

    def check_the_main_ones(self):
        for customer in self.company.customers.all():
            for details in (customer.phones, customer.emails):
                used = list(
                    details.filter(former_at=None).order_by("id").values_list("pk", flat=True)
                )
                choices = self.chosen.get((customer.pk, details.model.noun), [])
                still = [pk for pk in reversed(choices) if pk in used]
                mains = [row.pk for row in details.all() if row.is_primary]
                assert mains == (still or used)[:1], customer

    def check_the_balances(self):
        owed = dict.fromkeys(self.company.customers.values_list("pk", flat=True), 0)
        for (label, pk), record in self.made_for.items():
            if label == "billing.Entry":
                owed[record] += Entry.across_companies.get(pk=pk).amount_cents
        assert {
            customer.pk: balance_of(customer) for customer in self.company.customers.all()
        } == owed


def rows_of_the_book():
    """Jobs, details and money: jobs first, and charges before what counters them."""
    kinds = [Job, *Detail.__subclasses__(), Charge, PaymentPart, Entry]
    for model in kinds:
        yield from model._base_manager.order_by("id")


def named(row):
    return row._meta.label, row.pk


WORKDAYS = settings(max_examples=10, stateful_step_count=15, deadline=None)


@pytest.mark.django_db
def test_whatever_the_office_does_nothing_is_lost():
    run_state_machine_as_test(Office, settings=WORKDAYS)


@pytest.mark.django_db
def test_the_office_would_notice_what_an_unlink_leaves_behind(monkeypatch):
    monkeypatch.setattr(linking, "rows_named", lambda named: {})

    office = Office()
    customer = office.add_customer("Robert Smith")
    job = office.take_lead("Bob Smith", "720 555 0199", "x@example.com")
    office.remember_for_whom_rows_were_made()
    office.link(job, customer, bring=True)

    with pytest.raises(AssertionError):
        office.teardown()
