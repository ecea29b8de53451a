"""Two people at once, on PostgreSQL: nothing is lost and nobody is shown a deadlock."""

import random
from contextlib import suppress
from functools import partial

import pytest

from carter.billing.balances import balance_of
from carter.billing.ledger import log_charge, record_payment
from carter.customers.changing import ChangedMeanwhile, add_detail, change_customer
from carter.customers.following import followers, holder_of
from carter.jobs.linking import CannotLink, link_job, unlink_job
from carter.merging.merge import merge_customers
from carter.merging.models import Merge, MergedRecord
from carter.merging.planning import CannotMerge
from carter.merging.split import CannotSplit, split_customer
from carter.merging.split_undo import undo_split
from carter.merging.undo import CannotUndo, undo_merge
from tests.builders import a_customer, a_job, a_lead
from tests.racing import at_once

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

ROUNDS = range(50)


def merge(survivor, *duplicates):
    return merge_customers(survivor=survivor, duplicates=duplicates, by=None)


def names(raised):
    return sorted(type(reason).__name__ for reason in raised)


def assert_that_every_row_is_with_its_holder(company):
    for model in followers():
        for row in model._base_manager.filter(company=company).select_related("born_to"):
            assert row.customer == holder_of(row.born_to)


def test_of_two_who_merge_overlapping_customers_one_is_refused(ours):
    for _ in ROUNDS:
        a, b, c = (a_customer(ours, name) for name in "ABC")
        jobs = [a_job(customer) for customer in (a, b, c)]

        raised = at_once(partial(merge, a, b), partial(merge, b, c))

        assert names(raised) in ([], ["CannotMerge"])
        done = MergedRecord.across_companies.filter(duplicate__in=[b, c]).count()
        assert done == 2 - len(raised)
        assert [job.refreshed().customer.is_current for job in jobs] == [True] * 3
    assert_that_every_row_is_with_its_holder(ours)


def test_of_two_who_merge_each_into_the_other_one_is_refused(ours):
    for _ in ROUNDS:
        a, b = a_customer(ours, "A"), a_customer(ours, "B")

        raised = at_once(partial(merge, a, b), partial(merge, b, a))

        assert names(raised) == ["CannotMerge"]
    assert_that_every_row_is_with_its_holder(ours)


def test_a_payment_made_while_its_customer_is_merged_goes_along(ours):
    for _ in ROUNDS:
        a, b = a_customer(ours, "A"), a_customer(ours, "B")
        job = a_job(b)
        log_charge(customer=b, job=job, kind="labour", amount_cents=1_000, by=None)
        pay = partial(record_payment, customer=b, method="cash", amount_cents=300, by=None)

        raised = at_once(partial(merge, a, b), partial(pay, job=job), partial(pay, job=None))

        assert raised == []
        assert (balance_of(a), balance_of(b)) == (400, 0)
    assert_that_every_row_is_with_its_holder(ours)


def test_a_job_linked_while_its_customers_are_merged_is_with_who_is_current(ours):
    for _ in ROUNDS:
        lead, known, third = a_lead(ours), a_customer(ours, "Known"), a_customer(ours, "Third")

        raised = at_once(partial(link_job, lead, to=known, by=None), partial(merge, third, known))

        assert names(raised) in ([], ["CannotLink"])
        assert lead.refreshed().customer.is_current
    assert_that_every_row_is_with_its_holder(ours)


def test_an_edit_made_while_the_customer_is_merged_is_not_lost(ours):
    for _ in ROUNDS:
        a, b = a_customer(ours, "A"), a_customer(ours, "B")
        change = {"values": {"lead_source": "Yelp"}, "was": {"lead_source": ""}, "by": None}

        raised = at_once(
            partial(merge, a, b),
            partial(change_customer, b, **change),
            partial(add_detail, b, "phones", text="303 555 0142", by=None),
        )

        assert raised == []
        assert (a.refreshed().lead_source, a.phones.count()) == ("Yelp", 1)


def test_one_merge_is_undone_once_by_two(ours):
    for _ in ROUNDS:
        done = merge(a_customer(ours, "A"), a_customer(ours, "B"))

        raised = at_once(partial(undo_merge, done, by=None), partial(undo_merge, done, by=None))

        assert names(raised) == ["AlreadyUndone"]


@pytest.mark.parametrize("seed", range(3))
def test_whatever_several_people_do_at_once_everything_is_in_order(seed, ours):
    leads = [a_lead(ours, f"Lead {n}", phone=f"303 555 010{n}") for n in range(4)]
    people = [a_customer(ours, f"Customer {n}") for n in range(3)]
    people += [lead.customer for lead in leads]

    def work(chance):
        for _ in range(12):
            one, other = (each.refreshed() for each in chance.sample(people, 2))
            job = chance.choice(leads).refreshed()
            standing = list(Merge.across_companies.filter(company=ours, undone_at=None))
            splits = list(ours.splits.filter(undone_at=None))
            refused = (CannotMerge, CannotUndo, CannotSplit, CannotLink, ChangedMeanwhile)
            with suppress(*refused):
                match chance.randrange(6):
                    case 0 | 1:
                        merge(one, other)
                    case 2 if standing:
                        undo_merge(chance.choice(standing), by=None)
                    case 3:
                        link_job(job, to=other, by=None)
                    case 4:
                        unlink_job(job, by=None)
                    case _ if splits:
                        undo_split(chance.choice(splits), by=None)
                    case _:
                        split_customer(source=job.customer, rows=[job], to=other, by=None)

    assert at_once(*[partial(work, random.Random(seed * 10 + n)) for n in range(4)]) == []
    assert_that_every_row_is_with_its_holder(ours)
    assert all(lead.refreshed().customer.is_current for lead in leads)
