"""The evidence in a preview is true of what a person sees."""

import pytest

from carter.customers.changing import add_detail, change_customer
from carter.jobs.linking import link_job
from carter.merging.advising import advise
from carter.merging.merge import merge_customers
from carter.merging.planning import plan_merge
from tests.builders import a_customer, a_lead

EARLIER = "same name, as one of them was called before"


@pytest.fixture
def ann(ours):
    return a_customer(ours, "Ann Lee", phone="303 555 0142")


@pytest.fixture
def maria(ours):
    return a_customer(ours, "Maria Garcia", phone="303 555 0142")


def evidence(survivor, duplicate):
    likeness = advise(plan_merge(survivor.refreshed(), [duplicate.refreshed()])).likenesses[0]
    return [each.words for each in likeness.found.now.evidence]


def test_a_name_both_have_now_is_the_same_name(ours, ann):
    assert "same name" in evidence(ann, a_customer(ours, "Ann Lee"))


def test_the_name_of_a_lead_that_was_linked_is_one_from_before(ours, ann, maria):
    link_job(a_lead(ours, "Ann Lee"), to=maria, by=None)

    assert EARLIER in evidence(ann, maria)


def test_the_name_of_somebody_merged_before_is_one_from_before(ours, ann, maria):
    merge_customers(survivor=maria, duplicates=[a_customer(ours, "Ann Lee")], by=None)

    said = evidence(ann, maria)

    assert EARLIER in said
    assert "same name" not in said


def test_a_former_name_is_one_from_before(ours, ann):
    other = a_customer(ours, "Ann Lee")
    change_customer(other, values={"name": "Zoe Park"}, was={"name": "Ann Lee"}, by=None)

    assert EARLIER in evidence(ann, other)


def test_a_contact_s_name_is_one_a_person_sees(ours, ann):
    firm = a_customer(ours, "Acme LLC", kind="company", phone="303 555 0142")
    add_detail(firm, "contacts", name="Ann Lee", by=None)
    person = a_customer(ours, "Zoe Park", phone="303 555 0142")
    add_detail(person, "contacts", name="Ann Lee", by=None)

    assert not [words for words in evidence(person, firm) if EARLIER in words]
