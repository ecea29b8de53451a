"""Pages of a list go on from a row: none is missed or shown twice, none is read for nothing."""

import re
from html import unescape

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from carter.customers.models import Customer
from carter.jobs.models import LATEST_FIRST, SOONEST_FIRST, Job
from carter.jobs.moves import with_moves
from carter.web.lists import page_of
from carter.web.paging import places_in
from carter.web.views.customers import ORDERS
from tests.builders import a_customer, a_job

EVERY_ORDER = [("id",), ("-name", "id"), SOONEST_FIRST, LATEST_FIRST, ("-created_at", "-id")]


class Asked:
    """A request, as far as a list looks at it."""

    def __init__(self, **questions):
        self.GET = {name: str(value) for name, value in questions.items()}


def walked(rows, size, *, back=False):
    """Everything on the pages of a list, one after the other, and how many pages there were."""
    pages = [page_of(rows, Asked(), size)]
    while pages[-1].next:
        pages.append(page_of(rows, Asked(page=pages[-1].next, after=pages[-1].ends), size))
    if back:
        pages = pages[-1:]
        while pages[-1].previous:
            asked = Asked(page=pages[-1].previous, before=pages[-1].starts)
            pages.append(page_of(rows, asked, size))
        pages.reverse()
    return [row.pk for page in pages for row in page.rows]


@pytest.fixture
def moves(ours, ada):
    """Jobs with and without a day, many on the same."""
    customer = a_customer(ours, "Ann Lee")
    days = ["2026-05-01", None, "2026-05-03", "2026-05-01", None, "2026-05-02", "2026-05-01"]
    return [a_job(customer, by=ada, move_on=day) for day in days]


@pytest.mark.parametrize("order", EVERY_ORDER)
@pytest.mark.parametrize("size", [1, 2, 3, 7, 8])
def test_pages_have_every_row_once_in_both_directions(order, size, ours, moves):
    rows = ours.jobs.order_by(*order)
    in_order = list(rows.values_list("pk", flat=True))

    assert walked(rows, size) == in_order
    assert walked(rows, size, back=True) == in_order


@pytest.mark.parametrize("sort", ORDERS)
def test_customers_have_every_page_in_every_order(sort, ours, ada, client_of):
    for name in ("Ann", "Bob", "Ann", "Cid", "Ann"):
        customer = a_customer(ours, name)
        if name != "Bob":
            a_job(customer, by=ada, move_on="2026-05-01" if name == "Ann" else None)
    desk = client_of(ada)
    listed = desk.get(f"/customers/?sort={sort}").context["page"].rows
    rows = ours.customers.filter(pk__in=[row.pk for row in listed])

    assert walked(with_moves(rows).order_by(*ORDERS[sort]), 2) == [row.pk for row in listed]


def test_a_row_that_came_meanwhile_shifts_no_page(ours):
    for name in ("Bob", "Cid", "Dan", "Eve"):
        a_customer(ours, name)
    rows = ours.customers.order_by("sort_name", "id")
    first = page_of(rows, Asked(), 2)

    a_customer(ours, "Ann")

    second = page_of(rows, Asked(page=2, after=first.ends), 2)
    assert [row.name for row in second.rows] == ["Dan", "Eve"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(place=some.text(max_size=80) | some.just('["x"]') | some.just("[null, null]"))
def test_what_is_no_place_makes_no_trouble(place, ours, moves):
    rows = ours.jobs.order_by("-move_on", "id")

    page = page_of(rows, Asked(after=place), 3)

    assert len(page.rows) in (0, 3)


@pytest.mark.parametrize(
    ("model", "order", "index"),
    [
        (Customer, ("sort_name", "id"), "customer_by_name"),
        (Job, LATEST_FIRST, "job_latest"),
    ],
)
def test_the_next_page_is_read_by_index_from_where_the_last_ended(model, order, index, ours, ada):
    for name in ("Ann", "Bob", "Cid"):
        a_job(a_customer(ours, name), by=ada, move_on="2026-05-01")
    rows = model.across_companies.filter(company=ours).order_by(*order)
    places = places_in(rows)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
            cursor.execute("SET LOCAL enable_incremental_sort = off")
    beyond = places.beyond(places.of(places.rows[0]), is_back=False)
    plan = beyond[:51].explain()

    assert (index in plan, "B-TREE" in plan.upper()) == (True, False), plan


def test_the_pager_leads_on_from_the_last_row_and_back_to_the_first_page(ours, ada, client_of):
    for number in range(120):
        a_customer(ours, f"Ann {number:03}")
    desk, address, seen = client_of(ada), "/customers/?category=residential", []
    while address:
        answer = desk.get(address)
        seen.append(answer.context["page"].rows[0].name)
        following = re.search(r'rel="next" href="([^"]*)"', answer.content.decode())
        address = following and f"/customers/{unescape(following[1])}"

    assert seen == ["Ann 000", "Ann 050", "Ann 100"]
    back = re.search(r'rel="prev" href="([^"]*)"', answer.content.decode())
    answer = desk.get(f"/customers/{unescape(back[1])}")
    assert answer.context["page"].rows[0].name == "Ann 050"
    assert 'rel="prev" href="?category=residential"' in answer.content.decode()
