import pytest
from django.core.exceptions import ValidationError

from carter.companies.models import Company
from tests.builders import a_company, a_customer, a_job, a_lead, a_member


def test_a_company_opens_with_its_owner(ours, ada):
    assert [(member.company, member.role) for member in ours.members.all()] == [(ours, "owner")]
    assert str(ada) == "Ada Owner"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "  "},
        {"name": "x" * 201},
        {"owner": "@"},
        {"owner": "x" * 201},
        {"time_zone": "Denver"},
        {"currency": "DM"},
    ],
)
def test_what_no_company_can_have_is_refused_and_nothing_is_opened(wrong):
    with pytest.raises(ValidationError):
        a_company(**wrong)

    assert not Company.objects.exists()


def test_the_builders_build(ours, ada):
    sam = a_member(ours)
    bob = a_customer(ours, "Bob Smith", phone="303-555-0142", email="bob@acme.com", by=sam)
    a_lead(ours, "Mary Jones", phone="303-555-0143", by=ada)
    a_job(bob, by=sam)

    assert [customer.name for customer in ours.customers.order_by("number")] == [
        "Bob Smith",
        "Mary Jones",
    ]
    assert [job.stage for job in ours.jobs.order_by("number")] == ["new", "booked"]
