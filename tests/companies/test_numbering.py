import pytest
from django.db import transaction

from carter.companies.models import Company
from carter.companies.numbering import take_number, take_numbers
from tests.builders import a_customer


class Trouble(Exception):
    pass


def test_numbers_follow_each_other(ours):
    assert [take_number(ours, "job") for _ in range(3)] == [1, 2, 3]


def test_series_and_companies_count_apart(ours, theirs):
    take_number(ours, "job")

    assert [take_number(ours, "customer"), take_number(theirs, "job")] == [1, 1]


def test_many_numbers_are_taken_at_once(ours):
    assert list(take_numbers(ours, "job", 3)) == [1, 2, 3]
    assert list(take_numbers(ours, "job", 2)) == [4, 5]


def test_a_number_is_given_back_when_its_deed_fails(ours):
    take_number(ours, "job")
    for _ in range(3):
        with pytest.raises(Trouble):
            take_number_and_fail(ours)

    assert take_number(ours, "job") == 2


def test_customers_have_numbers_without_gaps(ours):
    assert [a_customer(ours).number for _ in range(3)] == [1, 2, 3]
    assert a_customer(ours).code == "C-4"


@transaction.atomic
def take_number_and_fail(company: Company) -> None:
    take_number(company, "job")
    raise Trouble
