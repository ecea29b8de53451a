"""Whatever the office does, the words are those of the rows as they are."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from carter.customers import changing
from carter.customers.models import Customer
from carter.jobs.linking import CannotLink, link_job, offered_details, unlink_job
from carter.jobs.models import Job
from carter.jobs.moving import CannotMove, change_intake, move_to_stage, repeat_job
from carter.search.indexing import refresh_words
from carter.search.models import Word
from tests.builders import a_company, a_customer, a_lead

TEXTS = st.sampled_from(["Bob Smith", "303 555 0142", "ann@acme.com", "9 Elm Street", "王伟", ""])
STAGES = st.sampled_from(["contacted", "booked", "lost", "cancelled", "completed-open", "new"])
DETAILS = st.sampled_from(
    [("phones", "text"), ("emails", "text"), ("addresses", "street"), ("contacts", "name")]
)


def words_of(company):
    return set(
        Word.across_companies.filter(company=company).values_list("subject", "subject_id", "word")
    )


class Office(RuleBasedStateMachine):
    """People add, change, link and move in any order; somebody searches now and then."""

    customers = Bundle("customers")
    jobs = Bundle("jobs")

    def __init__(self) -> None:
        super().__init__()
        self.undone_at_the_end = transaction.atomic()
        self.undone_at_the_end.__enter__()
        self.company = a_company()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undone_at_the_end.__exit__(None, None, None)

    @rule(target=customers, name=TEXTS, phone=TEXTS)
    def add_customer(self, name, phone):
        return a_customer(self.company, name, phone=phone).pk

    @rule(customer=customers, name=TEXTS)
    def rename(self, customer, name):
        row = Customer.across_companies.get(pk=customer)
        changing.change_customer(row, values={"name": name}, was={"name": row.name}, by=None)

    @rule(customer=customers, kind=DETAILS, text=TEXTS)
    def add_detail(self, customer, kind, text):
        row = Customer.across_companies.get(pk=customer)
        changing.add_detail(row, kind[0], by=None, **{kind[1]: text})

    @rule(customer=customers, kind=DETAILS, text=TEXTS)
    def change_detail(self, customer, kind, text):
        detail = getattr(Customer.across_companies.get(pk=customer), kind[0]).first()
        if detail is not None:
            was = {kind[1]: getattr(detail, kind[1])}
            changing.change_detail(detail, values={kind[1]: text}, was=was, by=None)

    @rule(customer=customers)
    def make_former(self, customer):
        phone = Customer.across_companies.get(pk=customer).phones.first()
        if phone is not None:
            changing.make_former(phone, by=None)

    @rule(target=jobs, name=TEXTS, street=TEXTS)
    def take_lead(self, name, street):
        phone = "720 555 0199"
        return a_lead(self.company, name, phone=phone, origin_street=street).pk

    @rule(target=jobs, job=jobs)
    def repeat(self, job):
        return repeat_job(Job.across_companies.get(pk=job), by=None).pk

    @rule(job=jobs, stage=STAGES)
    def move(self, job, stage):
        row = Job.across_companies.get(pk=job)
        try:
            move_to_stage(row, stage, reason="Asked to", by=None)
        except CannotMove:
            assert stage not in row.next_stages

    @rule(job=jobs, text=TEXTS)
    def change_intake(self, job, text):
        row = Job.across_companies.get(pk=job)
        was = {"destination_street": row.destination_street}
        change_intake(row, values={"destination_street": text}, was=was, by=None)

    @rule(job=jobs, customer=customers)
    def link(self, job, customer):
        row = Job.across_companies.get(pk=job)
        to = Customer.across_companies.get(pk=customer)
        try:
            link_job(row, to=to, bringing=offered_details(row, to=to), by=None)
        except CannotLink:
            assert row.customer == to

    @rule(job=jobs)
    def unlink(self, job):
        row = Job.across_companies.get(pk=job)
        if row.links.filter(undone_at=None).exists():
            unlink_job(row, by=None)

    @rule()
    def search(self):
        refresh_words(self.company)

    @invariant()
    def words_are_current_once_refreshed(self):
        with transaction.atomic():
            refresh_words(self.company)
            kept = words_of(self.company)
            Word.across_companies.filter(company=self.company).delete()
            self.company.customers.update(words_due=True)
            self.company.jobs.update(words_due=True)
            refresh_words(self.company)
            assert kept == words_of(self.company)
            transaction.set_rollback(True)


@pytest.mark.django_db
def test_words_are_current_after_any_change():
    run_state_machine_as_test(
        Office, settings=settings(max_examples=20, stateful_step_count=15, deadline=None)
    )


def test_one_query_when_nothing_is_due(ours):
    a_lead(ours, "Ann Lee")
    assert refresh_words(ours) == 2

    with CaptureQueriesContext(connection) as queries:
        assert refresh_words(ours) == 0
    assert len(queries) == 1


def test_the_words_of_three_rows_take_as_many_queries_as_those_of_one(ours):
    def queries(rows):
        for _ in range(rows):
            a_lead(ours, name="Bob Ruiz", phone="303 555 0142", origin_street="12 Elm St")
        with CaptureQueriesContext(connection) as asked:
            refresh_words(ours)
        return len(asked)

    assert queries(1) == queries(3)


def test_what_is_due_is_taken_once(ours):
    a_lead(ours, "Ann Lee")
    with CaptureQueriesContext(connection) as asked:
        refresh_words(ours, at_most=200)

    taken = [query["sql"] for query in asked if "words_due" in query["sql"].partition("LIMIT")[0]]
    assert len([sql for sql in taken if "LIMIT 200" in sql]) == 2


def test_work_is_done_in_batches_and_may_be_bounded(ours, theirs, monkeypatch):
    monkeypatch.setattr("carter.search.indexing.BATCH", 2)
    for company in (ours, theirs):
        for _ in range(5):
            a_lead(company, "Ann Lee")

    assert refresh_words(ours, at_most=3) == 4
    assert refresh_words(ours) == 6
    assert refresh_words(ours) == 0
    assert words_of(theirs) == set()


def test_only_what_differs_is_written(ours):
    customer = a_customer(ours, "Ann Lee", phone="303 555 0142")
    refresh_words(ours)
    customer.mark_changed()

    with CaptureQueriesContext(connection) as queries:
        refresh_words(ours)
    writes = [query["sql"].split()[0] for query in queries if "search_word" in query["sql"]]
    assert writes == ["SELECT"]
