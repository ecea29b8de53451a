"""Two people at once: on PostgreSQL, where they really are at once."""

import random
from contextlib import suppress
from functools import partial

import pytest

from carter.billing.balances import balance_of
from carter.billing.ledger import CannotPost, counter_charge, log_charge
from carter.customers.changing import add_detail
from carter.customers.following import followers, holder_of
from carter.customers.labelling import tag_customer
from carter.jobs.linking import CannotLink, link_job, offered_details, unlink_job
from carter.jobs.models import Job, JobLink
from carter.matching.decide import not_the_same
from tests.builders import a_customer, a_lead
from tests.racing import at_once

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

WORKERS = 4


def test_numbers_have_no_gaps_whoever_takes_leads_at_once(ours):
    a_lead(ours)

    raised = at_once(*[lambda: [a_lead(ours) for _ in range(10)]] * WORKERS)

    numbers = sorted(ours.jobs.values_list("number", flat=True))
    assert (raised, numbers) == ([], list(range(1, 10 * WORKERS + 2)))


def test_the_first_leads_of_a_company_may_be_taken_at_once(ours):
    raised = at_once(*[lambda: a_lead(ours)] * WORKERS)

    assert raised == []
    assert sorted(ours.jobs.values_list("number", flat=True)) == list(range(1, WORKERS + 1))


@pytest.mark.parametrize("_", range(10))
def test_of_two_who_link_one_job_to_two_customers_both_are_in_order(_, ours):
    lead = a_lead(ours)
    one, other = a_customer(ours, "One"), a_customer(ours, "Other")

    raised = at_once(
        lambda: link_job(lead, to=one, by=None), lambda: link_job(lead, to=other, by=None)
    )

    assert raised == []
    last = JobLink.across_companies.filter(job=lead).first()
    assert lead.refreshed().customer == last.to_customer
    assert_that_every_row_is_with_its_holder()


@pytest.mark.parametrize("_", range(10))
def test_linking_and_unlinking_at_once_never_lose_the_job(_, ours):
    lead, known = a_lead(ours), a_customer(ours, "Known")
    link_job(lead, to=known, by=None)

    raised = at_once(lambda: unlink_job(lead, by=None), lambda: unlink_job(lead, by=None))

    assert [type(reason) for reason in raised] == [CannotLink]
    assert Job.across_companies.get().customer == lead.customer
    assert_that_every_row_is_with_its_holder()


@pytest.mark.parametrize("_", range(5))
def test_three_who_link_three_jobs_of_one_customer_do_not_wait_for_each_other_for_ever(_, ours):
    own = a_lead(ours).customer
    jobs = [own.jobs.get(), a_lead(ours, customer=own), a_lead(ours, customer=own)]
    others = [a_customer(ours, name) for name in ("One", "Two", "Three")]

    raised = at_once(
        *[partial(link_job, job, to=to, by=None) for job, to in zip(jobs, others, strict=True)]
    )

    assert raised == []
    assert not own.refreshed().is_current
    assert_that_every_row_is_with_its_holder()


@pytest.mark.parametrize("seed", range(3))
def test_people_who_link_on_and_unlink_at_once_leave_everything_in_order(seed, ours):
    leads = [a_lead(ours, f"Lead {n}", phone=f"303 555 010{n}") for n in range(4)]
    others = [a_customer(ours, f"Customer {n}") for n in range(2)]
    others += [lead.customer for lead in leads]

    def work(chance):
        for _ in range(8):
            job, to = chance.choice(leads).refreshed(), chance.choice(others).refreshed()
            with suppress(CannotLink):
                if chance.random() < 0.6:
                    link_job(job, to=to, bringing=offered_details(job, to=to), by=None)
                else:
                    unlink_job(job, by=None)

    assert at_once(*[partial(work, random.Random(seed * 10 + n)) for n in range(4)]) == []
    assert_that_every_row_is_with_its_holder()
    for lead in leads:
        assert lead.refreshed().customer.is_current


@pytest.mark.parametrize("_", range(5))
def test_charges_and_notes_made_while_the_job_is_linked_go_along(_, ours):
    lead, known = a_lead(ours), a_customer(ours, "Known")

    def charge():
        for _ in range(5):
            log_charge(customer=lead.customer, job=lead, kind="labour", amount_cents=5, by=None)

    def note():
        for _ in range(5):
            lead.add_note("Piano.", by=None)

    assert at_once(charge, note, lambda: link_job(lead, to=known, by=None)) == []
    assert (balance_of(known), balance_of(lead.customer)) == (25, 0)
    assert lead.refreshed().notes.count() == 5
    assert_that_every_row_is_with_its_holder()


def test_what_several_people_write_of_one_customer_at_once_is_in_order(ours):
    known, other = a_customer(ours, "Known"), a_customer(ours, "Other")
    charge = log_charge(customer=known, job=None, kind="labour", amount_cents=5, by=None)

    tagged = at_once(*[lambda: tag_customer(known, "VIP", by=None)] * WORKERS)
    added = at_once(*[lambda: add_detail(known, "phones", text="1", by=None)] * WORKERS)
    decided = at_once(*[lambda: not_the_same(known, other, by=None)] * WORKERS)
    countered = at_once(*[lambda: counter_charge(charge, by=None)] * WORKERS)

    assert (tagged, added, decided) == ([], [], [])
    assert [type(reason) for reason in countered] == [CannotPost] * (WORKERS - 1)
    assert (known.customer_tags.count(), known.phones.filter(is_primary=True).count()) == (1, 1)
    assert ours.match_decisions.standing().count() == 1
    assert balance_of(known) == 0


def assert_that_every_row_is_with_its_holder():
    for model in followers():
        for row in model._base_manager.select_related("born_to"):
            assert row.customer == holder_of(row.born_to)
