"""A lead comes in, by name, phone or email, for somebody new or somebody known."""

import pytest

from carter.jobs.intake import NothingToCallBack, take_lead
from carter.matching.keying import refresh_keys
from tests.builders import a_customer, a_lead


@pytest.mark.parametrize(
    "intake", [{"name": "Ann"}, {"phone": "303 555 0142"}, {"email": "a@b.co"}]
)
def test_one_of_name_phone_and_email_is_enough(intake, ours, ada):
    job = take_lead(company=ours, intake=intake, by=ada)

    assert job.customer.name == next(iter(intake.values()))


def test_an_empty_lead_is_refused(ours, ada):
    with pytest.raises(NothingToCallBack, match="one of the three is enough"):
        take_lead(company=ours, intake={"move_size": "office"}, by=ada)


def test_a_lead_makes_a_customer_of_what_was_said(ours, ada):
    job = a_lead(ours, "Ann Lee", phone="303 555 0142", email="ann@example.com", by=ada)

    made = job.customer
    assert (made.name, str(made.phones.get()), str(made.emails.get())) == (
        "Ann Lee",
        "303 555 0142",
        "ann@example.com",
    )


def test_a_commercial_lead_makes_a_company_with_its_caller_as_contact(ours, ada):
    job = a_lead(ours, "Ann Lee", company_name="Acme LLC", category="commercial", by=ada)

    assert (job.customer.name, job.customer.kind) == ("Acme LLC", "company")
    assert [contact.name for contact in job.customer.contacts.all()] == ["Ann Lee"]


def test_a_lead_of_a_chosen_customer_makes_no_other(ours, ada):
    known = a_customer(ours)

    job = a_lead(ours, customer=known, by=ada)

    assert job.customer == known
    assert ours.customers.count() == 1


def test_who_calls_first_is_known_at_once(ours, ada, django_assert_num_queries):
    job = a_lead(ours, "Ann Lee", phone="303 555 0142", by=ada)

    assert ("phone", "3035550142") in job.customer.keys.values_list("kind", "value")
    with django_assert_num_queries(1):
        assert refresh_keys(ours) == 0


def test_the_third_who_has_a_phone_has_it_listed_once_that_is_committed(
    ours, ada, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        for name in ("Ann Lee", "Bob Ruiz", "Zoe Quill"):
            a_lead(ours, name, phone="303 555 0142", by=ada)
        assert not ours.shared_identifiers.exists()

    assert [str(row.value) for row in ours.shared_identifiers.all()] == ["3035550142"]


def test_numbers_of_jobs_have_no_gaps(ours, ada):
    first = a_lead(ours, by=ada)
    with pytest.raises(NothingToCallBack):
        take_lead(company=ours, intake={}, by=ada)
    second = a_lead(ours, by=ada)

    assert (first.code, second.code) == ("J-1", "J-2")


def test_each_company_counts_for_itself(ours, theirs, ada):
    a_lead(ours, by=ada)

    assert a_lead(theirs).number == 1


def test_a_couple_makes_a_household(ours, ada):
    assert a_lead(ours, "Mary & John O’Brien", by=ada).customer.kind == "household"
