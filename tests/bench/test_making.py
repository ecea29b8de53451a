"""A made book is a real one: it agrees with itself, and is the same every time."""

from datetime import date

import pytest
from django.db import connection

from carter.bench.book import Plan, invoices_up_to, is_lead, rows_of
from carter.bench.making import NotEmpty, make_book, settle
from carter.commands.check import RULES
from carter.companies.models import Company
from carter.customers.models import Customer
from carter.jobs.models import Job
from carter.jobs.repeats import repeats_of
from carter.matching.keying import refresh_keys
from carter.matching.models import Key
from carter.search.finding import search
from carter.search.hits import CustomerHit
from carter.search.indexing import refresh_words
from carter.search.models import Word
from tests.builders import a_company

PLAN = Plan(customers=620, seed=7, today=date(2026, 11, 20), busy=(20, 40))


@pytest.fixture
def made(db):
    return make_book(PLAN).company


def test_customers_have_two_jobs_each_on_average_and_two_have_many():
    plan = Plan(10_000, 7, date(2026, 11, 20))
    counts = [len(plan.jobs_of(customer)) for customer in range(1, plan.customers + 1)]

    assert counts[-2:] == [500, 5_000]
    assert sum(counts[:-2]) / len(counts[:-2]) == pytest.approx(2, abs=0.01)
    assert [job for customer in range(1, 10_001) for job in plan.jobs_of(customer)] == list(
        range(1, plan.jobs + 1)
    )


def test_the_same_rows_are_made_whoever_else_is():
    alone = rows_of(PLAN, range(77, 78))
    together = rows_of(PLAN, range(70, 80))

    assert alone[Customer] == [row for row in together[Customer] if row[0] == 77]
    assert set(alone[Word]) <= set(together[Word])


def test_invoices_are_numbered_in_the_order_of_the_jobs_that_are_carried_out():
    assert [invoices_up_to(job) for job in range(1, 9)] == [1, 2, 3, 3, 4, 5, 6, 6]


def test_a_made_book_breaks_no_rule_and_is_found_like_any_other(made):
    broken = {rule.says: rule.broken_by(made.pk)[1] for rule in RULES}
    assert {says: found for says, found in broken.items() if found} == {}
    assert made.customers.count() == PLAN.customers

    someone = made.customers.get(number=77)
    hits = [hit for group in search(made, someone.name, limit=9).groups for hit in group.hits]
    assert someone.pk in {hit.pk for hit in hits if isinstance(hit, CustomerHit)}


def test_keys_and_words_are_those_that_carter_makes_itself(made):
    some = made.customers.filter(number__lte=40)
    jobs = made.jobs.filter(number__lte=40)

    def stored():
        keys = Key.across_companies.filter(customer__in=some).values_list(
            "kind", "value", "customer"
        )
        words = Word.across_companies.filter(company=made).values_list(
            "subject", "subject_id", "word"
        )
        return set(keys), {word for word in words if word[1] <= 40}

    as_made = stored()
    some.update(keys_due=True, words_due=True)
    jobs.update(words_due=True)
    refresh_keys(made)
    refresh_words(made)

    assert stored() == as_made


def test_some_are_in_the_book_twice_and_found_again(made):
    leads = Job.across_companies.filter(company=made, stage__in=("new", "contacted"))[:200]

    assert sum(bool(repeats_of(lead)) for lead in leads) >= 10
    assert all(is_lead(lead.number) for lead in leads)


def test_a_database_with_a_book_is_left_alone(db):
    a_company("Ada’s Movers")

    with pytest.raises(NotEmpty):
        make_book(PLAN)

    assert Company.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_postgresql_cleans_up_before_it_is_measured_and_sqlite_has_nothing_to(
    django_assert_num_queries,
):
    wanted = ["VACUUM (ANALYZE)", "CHECKPOINT"] if connection.vendor == "postgresql" else []

    with django_assert_num_queries(len(wanted)) as asked:
        settle()

    assert [query["sql"] for query in asked] == wanted
