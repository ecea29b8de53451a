"""The evidence in a preview is true of what a person sees."""

import pytest
from django.utils import timezone

from carter.customers.changing import add_detail, change_customer
from carter.gateway.models import StoredMethod
from carter.gateway.switches import auto_pay_is_on_for, stop_auto_pay
from carter.jobs.linking import link_job
from carter.merging.advising import advise
from carter.merging.merge import merge_customers
from carter.merging.planning import plan_merge
from tests.builders import a_customer, a_lead
from tests.recurring.builders import a_schedule, at, storage

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


def on_auto_pay(customer):
    """The customer has goods in storage, which are paid from a card of theirs."""
    card = StoredMethod(customer=customer, kind="card", consent="Yes.", ready_at=timezone.now())
    card.save()
    with at("2026-01-01"):
        a_schedule(storage(customer.company, customer=customer), auto_pay=True, method=card)


def warnings(survivor, duplicate):
    return advise(plan_merge(survivor.refreshed(), [duplicate.refreshed()])).warnings


@pytest.mark.parametrize(("one", "other"), [("Aaron", "Nguyen"), ("Zoe", "Morrison")])
def test_half_a_name_in_common_without_a_phone_or_email_is_warned_of(ours, one, other):
    two = [a_customer(ours, "Aaron Morrison"), a_customer(ours, f"{one} {other}")]
    said = f"(C-1) and {one} {other} (C-2) have different names, and share no phone or email."

    assert warnings(*two)[:1] == ([f"Aaron Morrison {said}"])


def test_short_forms_of_one_name_are_no_different_names(ours):
    assert warnings(a_customer(ours, "Bob Smith"), a_customer(ours, "Robert Smith")) == []


def test_two_who_both_have_auto_pay_are_named(ann, maria):
    on_auto_pay(ann)
    assert not [said for said in warnings(ann, maria) if "auto-pay" in said]

    on_auto_pay(maria)

    assert warnings(ann, maria)[-1] == (
        "Ann Lee (C-1) and Maria Garcia (C-2) have auto-pay."
        " Each storage job goes on being paid from its own card."
    )


def test_auto_pay_that_one_of_them_turned_off_is_off_for_both(ann, maria):
    stop_auto_pay(maria, by=None)

    said = "Maria Garcia (C-2) has auto-pay turned off. It is off for all of them then."
    assert warnings(ann, maria)[-1] == said
    merge_customers(survivor=ann, duplicates=[maria], by=None)
    assert not auto_pay_is_on_for(ann.refreshed())
