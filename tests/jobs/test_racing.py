"""Two people at once: on PostgreSQL, where they really are at once."""

import pytest

from carter.customers.following import followers, holder_of
from carter.jobs.linking import CannotLink, link_job, unlink_job
from carter.jobs.models import Job, JobLink
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


def assert_that_every_row_is_with_its_holder():
    for model in followers():
        for row in model._base_manager.select_related("born_to"):
            assert row.customer == holder_of(row.born_to)
