"""A prepared question is written once and answers what it would if it were written each time."""

import gc
import threading
import weakref
from datetime import timedelta

import pytest
from django.db import connections
from django.db.models import Count, DateTimeField
from django.utils import timezone

from carter.among import among, many
from carter.customers.models import Customer, Phone
from carter.prepared import Given, Prepared
from tests.builders import a_customer
from tests.racing import at_once


@pytest.fixture
def people(ours):
    return [a_customer(ours, name, phone=f"303 555 01{name[0]}") for name in ("1 Ann", "2 Bob")]


def test_it_is_written_once_and_answers_for_what_is_given_each_time(people):
    written = []

    def of_customer():
        written.append("once")
        return Phone.across_companies.filter(customer=Given("customer")).select_related("customer")

    phones = Prepared(of_customer)

    assert [[row.customer for row in phones(customer=each.pk)] for each in people] == [
        [each] for each in people
    ]
    assert (phones(customer=0), written) == ([], ["once"])


def test_what_comes_along_is_at_hand(people, django_assert_num_queries):
    phones = Prepared(
        lambda: Phone.across_companies.filter(customer=Given("who")).select_related("customer")
    )

    with django_assert_num_queries(1):
        assert [row.customer.name for row in phones(who=people[1].pk)] == ["2 Bob"]


def test_a_moment_is_given_as_the_database_writes_it(people):
    since = Prepared(
        lambda: Customer.across_companies.filter(created_at__gt=Given("at", DateTimeField()))
    )

    now = timezone.now()
    assert len(since(at=now - timedelta(hours=1))) == 2
    assert since(at=now + timedelta(hours=1)) == []


def test_several_are_asked_for_and_counted(people):
    counts = Prepared(
        lambda: (
            Customer.across_companies.filter(pk__among=Given("keys"))
            .annotate(count=Count("phones"))
            .values_list("pk", "count")
            .order_by("pk")
        )
    )

    assert counts(keys=many(each.pk for each in people)) == [(each.pk, 1) for each in people]


def test_a_value_that_is_not_given_is_missed(people):
    with pytest.raises(KeyError):
        Prepared(lambda: Customer.across_companies.filter(pk=Given("key")))(other=1)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_those_who_ask_at_the_same_moment_get_their_own_answers(people):
    one = Prepared(lambda: Customer.across_companies.filter(pk=Given("key")))
    wrong = []

    def ask(each):
        for _ in range(200):
            wrong.extend(found.pk for found in one(key=each.pk) if found.pk != each.pk)

    assert at_once(*[lambda each=each: ask(each) for each in people * 2]) == []
    assert wrong == []


@pytest.mark.django_db
def test_no_question_keeps_a_connection_open_that_nobody_has_any_more(people):
    question = Prepared(lambda: Customer.across_companies.filter(pk=Given("key")))
    seen = []

    def ask():
        connections["default"].ensure_connection()
        question(key=people[0].pk)
        seen.append(weakref.ref(connections["default"]))
        connections["default"].close()

    for _ in range(2):  # The first is the one for which it was written.
        asking = threading.Thread(target=ask)
        asking.start()
        asking.join()
    gc.collect()

    assert seen[1]() is None


@pytest.mark.parametrize("count", [0, 1, 2, 50])
def test_any_of_many_are_found_by_a_question_with_one_place(ours, count, django_assert_num_queries):
    people = [a_customer(ours, f"Ann {number}") for number in range(count)]
    a_customer(ours, "Somebody Else")
    found = Customer.across_companies.filter(pk__among=many(each.pk for each in people))

    assert str(found.query).count(" = ANY(") + str(found.query).count("json_each(") == 1
    assert set(found) == set(people)


def test_texts_are_given_like_numbers_whatever_is_in_them(ours):
    names = ["O'Neil", 'a "b" \\ c', "%s {x}", "王小明"]
    for name in names:
        a_customer(ours, name)
    with connections["default"].cursor() as cursor:
        cursor.execute(f"SELECT name FROM customers_customer WHERE {among('name')}", [many(names)])
        found = {name for (name,) in cursor.fetchall()}

    assert found == set(names)
