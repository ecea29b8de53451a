"""A PostgreSQL book whose keys have the company in them, as an engine that divides it needs."""

import argparse
from io import BytesIO

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from carter.billing.balances import balance_of
from carter.commands import check, distribute
from carter.distributing import COMPANY, foreign_keys, owned_tables, statements, unique_keys
from carter.jobs.linking import link_job, unlink_job
from carter.jobs.models import Job
from carter.jobs.repeats import repeats_of
from carter.matching.comparing import compare_due
from carter.matching.duplicates import groups_left
from carter.merging.merge import merge_customers
from carter.merging.undo import undo_merge
from carter.search.finding import search
from carter.transfer.exporting.quickbooks.files import write_zip
from tests.builders import (
    a_charge,
    a_customer,
    a_job,
    a_lead,
    a_payment,
    an_invoice,
)

SCREENS = (
    "leads",
    "jobs",
    "customers",
    "duplicates",
    "shared_identifiers",
    "billing",
    "billing_aging",
    "billing_payments",
    "billing_unapplied",
)
pytestmark = [pytest.mark.postgresql, pytest.mark.django_db]


@pytest.fixture
def book(ours, theirs):
    """Two companies that did something of everything before the book was made divisible."""
    for company in (ours, theirs):
        job = a_job(a_customer(company, "Bob Smith", phone="303-555-0142"))
        an_invoice([a_charge(job, 30_000)])
        a_payment(job, 12_000)


@pytest.fixture
def divided(book):
    checked_now()
    with connection.cursor() as cursor:
        for statement in statements(with_citus=False):
            cursor.execute(statement)


def checked_now():
    """Let the database check what it would only at the end."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def without_company():
    return [
        (key.table, key.name)
        for key in (*unique_keys(), *foreign_keys())
        if COMPANY not in key.columns
    ]


def point_at_another_companys_customer(ours, theirs):
    with transaction.atomic():
        Job.across_companies.filter(company=ours).update(
            born_to=theirs.customers.get(), customer=theirs.customers.get()
        )
        checked_now()


def test_every_key_of_a_companys_table_has_the_company_in_it(divided):
    assert without_company() == []
    assert {key.table for key in unique_keys()} == set(owned_tables())
    assert list(statements(with_citus=False)) == []


def test_as_django_makes_them_many_have_not(book):
    """The control."""
    assert ("jobs_job", "jobs_job_pkey") in without_company()


def test_the_database_refuses_a_row_that_points_at_another_companys(divided, ours, theirs):
    with pytest.raises(IntegrityError, match="violates foreign key constraint"):
        point_at_another_companys_customer(ours, theirs)


def test_as_django_makes_the_keys_it_takes_such_a_row(book, ours, theirs):
    """The control."""
    point_at_another_companys_customer(ours, theirs)


def test_an_office_works_on_it_as_before(divided, ours, ada, client_of, capsys):
    known = ours.customers.get()
    lead = a_lead(ours, "Robert Smith", phone="303 555 0142", by=ada)
    (match,) = repeats_of(lead)
    assert match.customer == known
    link_job(lead, to=known, by=ada)
    unlink_job(lead.refreshed(), by=ada)
    an_invoice([a_charge(a_job(known, by=ada), 25_000)])
    a_payment(known, 43_000)
    assert balance_of(known) == 0
    a_charge(known, 7_000)

    compare_due(ours)
    assert sum(groups_left(ours).values()) == 1
    duplicate = lead.refreshed().customer
    merge = merge_customers(survivor=known, duplicates=[duplicate], by=ada)
    found = search(ours, "robert smith").groups
    assert [hit.name for hit in found[0].hits] == ["Bob Smith"]
    undo_merge(merge, by=ada)
    assert lead.refreshed().customer == duplicate

    with BytesIO() as file:
        write_zip(ours, file, days=(None, None), by=ada)
    for name in SCREENS:
        assert client_of(ada).get(reverse(name)).status_code == 200

    checked_now()
    assert check.run(argparse.Namespace(company=None, gateway=False)) == 0, capsys.readouterr().out


def test_the_calls_to_citus_name_each_companys_table_once(book, capsys):
    assert distribute.run(argparse.Namespace(keys_only=False)) == 0

    printed = capsys.readouterr().out
    for table in owned_tables():
        assert printed.count(f"create_distributed_table('{table}', 'company_id'") == 1
    for table in ("companies_user", "companies_company"):
        assert printed.count(f"create_reference_table('{table}')") == 1
