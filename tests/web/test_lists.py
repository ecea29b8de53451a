"""Lists and pages ask the database as often for three rows as for one."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from carter.billing.ledger import log_charge, record_payment
from carter.customers.labelling import tag_customer
from carter.customers.models import Customer
from carter.jobs.models import LATEST_FIRST, SOONEST_FIRST
from carter.matching.decide import same_household
from carter.matching.keying import refresh_keys
from carter.statistics import gather_statistics
from carter.storage.changing import link_move
from tests.builders import (
    a_company,
    a_customer,
    a_job,
    a_lead,
    a_storage_job,
    a_zone,
    some_locations,
    the_owner,
)

pytestmark = pytest.mark.django_db


def fill(company, member, rows: int) -> None:
    """So many customers with leads, jobs, money, notes and tags, all like somebody else.

    The first of them has so many storage jobs in two locations each, from two moves.
    """
    company.has_storage = True
    company.save()
    aisle = a_zone(company)
    first = a_customer(company, "Bob Smith", phone="(303) 555-0142", email="bob@example.com")
    for row in range(rows):
        for name in ("Lou", "Max", "Zoe"):
            a_customer(company, f"{name} Quill", email=f"quills{row}@comcast.net")
        customer = a_customer(
            company, "Ann Lee", phone="720 555 0177", street="88 Erb St", by=member
        )
        tag_customer(customer, "VIP", by=member)
        same_household(first, customer, by=member)
        for holder in (customer, first):
            job = a_job(holder, by=member, move_on="2026-05-01", origin_city="Denver")
            log_charge(customer=holder, job=job, kind="labour", amount_cents=9_900, by=member)
            record_payment(customer=holder, job=job, method="cash", amount_cents=900, by=member)
            job.add_note("Piano.", by=member)
            holder.add_note("Prefers texts.", by=member)
        a_lead(company, "Bob Smith", phone="3035550142", by=member, owner=member)
        places = some_locations(company, f"V-{row}", f"W-{row}", zone=aisle)
        stored = a_storage_job(first, on=company.today, locations=places, by=member)
        log_charge(customer=first, job=stored.job, kind="storage", amount_cents=900, by=member)
    for move in company.jobs.booked().filter(customer=first):
        link_move(company.storage_jobs.order_by("pk")[0], move=move, by=member)
    a_customer(company, "Anne Lee", phone="720 555 0177", street="88 Erb St")
    refresh_keys(company)


def queries_of(client, address) -> int:
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def the_pages(company) -> dict[str, str]:
    customer = company.customers.order_by("id").first()
    job = company.jobs.order_by("id").first()
    lead = company.jobs.leads().order_by("id").first()
    stored = company.storage_jobs.order_by("pk").first()
    vault = company.locations.order_by("pk").first()
    return {
        "leads": reverse("leads"),
        "leads board": reverse("leads") + "?view=board",
        "jobs": reverse("jobs"),
        "jobs board": reverse("jobs") + "?view=board",
        "customers": reverse("customers"),
        "customer": reverse("customer", args=[customer.pk]),
        "customer's household": reverse("household", args=[customer.pk]) + "?q=ann",
        "customer edited": reverse("customer", args=[customer.pk]) + "?edit=1",
        "customer's jobs": reverse("customer_jobs", args=[customer.pk]),
        "customer's board": reverse("customer_jobs", args=[customer.pk]) + "?view=board",
        "customer's history": reverse("customer_history", args=[customer.pk]),
        "lead": reverse("job", args=[lead.pk]),
        "lead's candidates": reverse("job_candidates", args=[lead.pk]),
        "job": reverse("job", args=[job.pk]),
        "job's notes": reverse("job_notes", args=[job.pk]),
        "job's history": reverse("job_history", args=[job.pk]),
        "shared": reverse("shared_identifiers"),
        "shared phone": company.shared_identifiers.order_by("id")[0].get_absolute_url(),
        "new lead": reverse("lead_new"),
        "duplicates": reverse("duplicates"),
        "decided": reverse("duplicates_decided"),
        "suggestions": reverse("lead_suggestions") + "?name=bob&phone=3035550142",
        "storage": reverse("storage"),
        "customer's storage": reverse("customer_storage", args=[customer.pk]),
        "storage job": stored.get_absolute_url(),
        "new storage": reverse("storage_new") + f"?move={job.pk}",
        "moving in": reverse("storage_move_in", args=[stored.pk]),
        "locations": reverse("storage_places", args=[stored.pk]),
        "warehouses": reverse("warehouses"),
        "plan": reverse("warehouse", args=[vault.zone.warehouse_id]),
        "warehouse set up": reverse("warehouse_edit", args=[vault.zone.warehouse_id]),
        "zone": reverse("zone", args=[vault.zone_id]),
        "location": reverse("location", args=[vault.pk]),
    }


QUERIES = {
    "leads": 8,
    "leads board": 4,
    "jobs": 4,
    "jobs board": 4,
    "customers": 6,
    "customer": 17,
    "customer edited": 17,
    "customer's household": 11,
    "customer's jobs": 11,
    "customer's board": 11,
    "customer's history": 11,
    "lead": 10,
    "lead's candidates": 15,
    "job": 9,
    "job's notes": 6,
    "job's history": 6,
    "shared": 8,
    "shared phone": 5,
    "duplicates": 18,
    "decided": 4,
    "new lead": 3,
    "suggestions": 12,
    "storage": 5,
    "customer's storage": 12,
    "storage job": 15,
    "new storage": 4,
    "moving in": 5,
    "locations": 10,
    "warehouses": 5,
    "plan": 6,
    "warehouse set up": 7,
    "zone": 5,
    "location": 5,
}


@pytest.fixture(scope="module")
def counted(django_db_setup, django_db_blocker, client_of):
    """The queries of each page, with one row and with three."""
    with django_db_blocker.unblock(), transaction.atomic():
        ours, theirs = a_company(), a_company("Strange Movers")
        fill(ours, the_owner(ours), 1)
        fill(theirs, the_owner(theirs), 3)
        one, three = client_of(the_owner(ours)), client_of(the_owner(theirs))
        with_three = the_pages(theirs)
        counts = {
            name: (queries_of(one, address), queries_of(three, with_three[name]))
            for name, address in the_pages(ours).items()
        }
        transaction.set_rollback(True)
    return counts


def test_pages_ask_as_often_for_three_rows_as_for_one(counted):
    assert {name: one for name, (one, _) in counted.items()} == {
        name: three for name, (_, three) in counted.items()
    }


def test_every_page_asks_fewer_than_twenty_times(counted):
    assert {name: count for name, (count, _) in counted.items() if count >= 20} == {}


def test_pages_ask_exactly_so_often(counted):
    assert {name: count for name, (count, _) in counted.items()} == QUERIES


def test_jobs_without_a_day_come_last_whichever_way_the_list_is_turned(ours, ada, client_of):
    customer = a_customer(ours, "Ann Lee")
    for day in ("2026-05-01", None, "2026-05-03"):
        a_job(customer, by=ada, move_on=day)
    never = a_customer(ours, "Never Moved")
    desk = client_of(ada)

    def days(address):
        rows = desk.get(address).context["page"].rows
        return [job.move_on and job.move_on.day for job in rows]

    assert days("/jobs/?sort=-move") == [3, 1, None]
    assert days("/jobs/?sort=move") == [1, 3, None]
    assert days(reverse("customer_jobs", args=[customer.pk])) == [3, 1, None]
    board = desk.get("/jobs/?view=board").context["board"]
    assert [job.move_on and job.move_on.day for job in board[0].cards] == [1, 3, None]
    for turned in ("move", "-move"):
        rows = desk.get(f"/customers/?sort={turned}").context["page"].rows
        assert [row.pk for row in rows] == [customer.pk, never.pk]


@pytest.mark.parametrize("order", [SOONEST_FIRST, LATEST_FIRST])
def test_jobs_are_read_in_the_order_of_an_index(order, ours):
    jobs = ours.jobs.filter(stage="booked") if order == SOONEST_FIRST else ours.jobs.booked().open()
    index = "job_by_stage_and_day" if order == SOONEST_FIRST else "job_latest"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Of tables that are empty, what it chooses says what was in them before.
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
            cursor.execute("SET LOCAL enable_incremental_sort = off")
    plan = jobs.order_by(*order)[:51].explain()

    sorting = [word for word in ("SORT", "B-TREE") if word in plan.upper()]
    assert (index in plan, sorting) == (True, []), plan


def test_customers_are_read_in_the_order_of_an_index_after_some_were_merged(ours):
    """Of the few that were merged a database may learn that an index finds few by it."""
    rows = [Customer(company=ours, number=n, name=f"Ann Lee {n}") for n in range(400)]
    made = Customer.across_companies.bulk_create(rows)
    for survivor, duplicate in zip(made[:100], made[100:200], strict=True):
        duplicate.merged_into = duplicate.head = survivor
    Customer.across_companies.bulk_update(made[100:200], ["merged_into", "head"])
    gather_statistics()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
            cursor.execute("SET LOCAL enable_incremental_sort = off")
    plan = ours.customers.current().order_by("sort_name", "id")[:51].explain()

    assert ("customer_by_name" in plan, "B-TREE" in plan) == (True, False), plan
