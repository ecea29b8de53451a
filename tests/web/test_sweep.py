"""No address shows or changes another company’s row; a new address is swept by itself.

Both companies have one of everything, and a word of their own in every text of every row. Each
asks for the other’s rows by every address, by every question and by every field that takes a key.
"""

import itertools
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, path, resolve, reverse
from django.views.decorators.http import require_http_methods

from carter.customers.models import Customer
from carter.jobs.models import Job
from carter.urls import handler400, handler403, handler404, handler500
from carter.urls import urlpatterns as carters
from tests.builders import a_customer, a_lead, a_storage_job
from tests.web.addresses import addresses_of_ours, ids_in, pages_of, paths_of, rows_of
from tests.web.pages import Form, forms_on
from tests.web.world import fill, mark, models_of_companies

MARKER, OURS = "Zanzibar", "Timbuktu"
TELLS = re.compile(r"zanzibar", re.IGNORECASE)
SWEPT = [pattern for pattern in addresses_of_ours() if ids_in(pattern)]
READS = ("text/html", "text/csv", "text/plain")
KINDS = {
    "by": ("member_id",),
    "charges": ("charge_id",),
    "customer": ("customer_id",),
    "group": ("customer_id",),
    "ids": ("customer_id", "job_id"),
    "invoice": ("invoice_id",),
    "job": ("job_id",),
    "line": ("recurringline_id",),
    "location": ("location_id",),
    "locations": ("location_id",),
    "members": ("customer_id",),
    "method": ("method_id",),
    "move": ("job_id",),
    "owner": ("member_id",),
    "rows": ("phone_id", "job_id"),
    "tag": ("tag_id",),
    "undo": ("merge_id", "decision_id"),
    "use": ("customer_id",),
    "warehouse": ("warehouse_id",),
}
"""What fields and questions that take a key mean; of others a customer and a job are tried."""
HTMX = {"HX-Request": "true"}


@pytest.fixture
def world(ours, theirs, ada, stranger):
    """Both companies with one of everything, theirs to be kept from us."""
    for company, words, by in ((ours, OURS, ada), (theirs, MARKER, stranger)):
        fill(company, words, by=by)
        mark(company, words)
    return theirs


@pytest.fixture
def their_world(ours, theirs, stranger):
    """Theirs alone, which has what ours has not."""
    ours.has_storage = True
    ours.save()
    return fill(theirs, MARKER, by=stranger)


def asked(client: Client, method: str, address: str, **said) -> HttpResponse:
    """The answer, with what it did taken back."""
    with transaction.atomic():
        answer = getattr(client, method)(address, **said)
        answer.tells = tells(answer)
        transaction.set_rollback(True)
    return answer


def tells(answer: HttpResponse) -> bool:
    """Whether it shows a word of theirs."""
    if not answer.headers.get("Content-Type", "").startswith(READS):
        return False
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return bool(TELLS.search(content.decode()))


def strangers_paths(ours, theirs) -> Iterator[str]:
    """Every address that names a row, with several of theirs; and with one of theirs among ours."""
    for pattern in SWEPT:
        mixed = paths_of(pattern, ours, theirs) if len(ids_in(pattern)) > 1 else []
        own = set(paths_of(pattern, ours))
        yield from sorted({*paths_of(pattern, theirs, most=3), *mixed} - own)


def test_a_strangers_row_is_not_found(world, ours, ada, client_of):
    client = client_of(ada)
    ways = itertools.product(strangers_paths(ours, world), ("get", "post"), ({}, HTMX))
    answers = {
        (address, method, *headers): asked(client, method, address, headers=headers)
        for address, method, headers in ways
    }

    assert len(answers) >= 1_000
    assert len(SWEPT) >= 100
    assert {
        way: answer.status_code
        for way, answer in answers.items()
        if answer.status_code not in (404, 405) or answer.tells
    } == {}


def test_their_own_people_find_it(stranger, world, client_of):
    client = client_of(stranger)
    answers = {pattern.name: asked(client, "get", paths_of(pattern, world)[0]) for pattern in SWEPT}

    assert {
        name: answer.status_code
        for name, answer in answers.items()
        if answer.status_code not in (200, 302, 405) and name != "job_stage"
    } == {}
    assert sum(answer.tells for answer in answers.values()) > 50


# Questions and fields that take a key


def keys_for(name: str, company) -> list[int]:
    """Keys of theirs that a field or a question of this name could mean."""
    kinds = KINDS.get(name.rpartition("-")[2], ("customer_id", "job_id"))
    return [rows_of(company, kind, most=2)[-1] for kind in kinds]


def fields_of(client: Client, company) -> Iterator[tuple[Form, str]]:
    """Every form that is sent, with each of its fields that holds a key, once."""
    seen = set()
    for address in pages_of(company):
        answer = client.get(address)
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
            for form in forms_on(answer.content.decode(), address):
                for name in form.ids - {"page"}:
                    if form.method == "post" and (name_of(form.action), name) not in seen:
                        seen.add((name_of(form.action), name))
                        yield form, name


def name_of(address: str) -> str:
    try:
        return resolve(urlsplit(address).path).url_name or ""
    except Resolver404:
        return ""


def questions_of(company, theirs) -> Iterator[tuple[str, dict[str, int]]]:
    """Every page asked for with everything that takes a key; lists with each by itself, too."""
    everything = {name: keys_for(name, theirs)[0] for name in KINDS}
    for pattern in addresses_of_ours():
        address = paths_of(pattern, company)[0]
        yield address, everything
        for name in KINDS if not ids_in(pattern) else ():
            for key in keys_for(name, theirs):
                yield address, {name: key}


def snapshot(company) -> dict[str, list[tuple]]:
    """All rows of the company as they are."""
    return {
        model._meta.label: list(
            model._base_manager.filter(company=company).order_by("pk").values_list()
        )
        for model in models_of_companies()
    }


def test_no_question_reaches_a_strangers_row(world, ours, ada, client_of):
    client, before = client_of(ada), snapshot(world)
    answers = [
        (address, list(asking), asked(client, "get", address, data=asking))
        for address, asking in questions_of(ours, world)
    ]

    assert len(answers) > 500
    assert [
        (address, asking, answer.status_code)
        for address, asking, answer in answers
        if answer.status_code >= 500 or answer.tells
    ] == []
    assert snapshot(world) == before


def test_no_field_reaches_a_strangers_row(world, ours, ada, client_of):
    client, before, wrong, count = client_of(ada), snapshot(world), [], 0
    for form, name in list(fields_of(client, ours)):
        for key in keys_for(name, world):
            with transaction.atomic():
                answer = client.post(form.action, {**dict(form.fields), name: key})
                is_changed = answer.status_code < 400 and snapshot(world) != before
                if answer.status_code >= 500 or tells(answer) or is_changed:
                    wrong.append((form.action, name, answer.status_code))
                transaction.set_rollback(True)
            count += 1

    assert count > 60
    assert wrong == []


# Without the filter


@require_http_methods(["GET", "POST"])
def careless(request, customer_id: int) -> HttpResponse:
    """What no view may do: look for a row without starting from the company."""
    customer = Customer.across_companies.get(pk=customer_id)
    if request.method == "POST":
        Customer.across_companies.filter(pk=customer_id).update(lead_source="seen")
    return HttpResponse(customer.name)


urlpatterns = [path("careless/<int:customer_id>/", careless, name="careless"), *carters]
__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


@pytest.mark.urls(__name__)
def test_a_view_that_forgets_the_company_is_found(world, ours, ada, client_of):
    before = snapshot(world)
    address = reverse("careless", args=rows_of(world, "customer_id", most=2)[:1])
    answer = asked(client_of(ada), "get", address)
    client_of(ada).post(address)

    assert (answer.status_code, answer.tells) == (200, True)
    assert snapshot(world) != before


def test_a_lead_like_a_strangers_customer_is_no_repeat(ours, ada, their_world, client_of):
    lead = a_lead(ours, "Zanzi Smith", phone="3035550142", email="zanzibar@example.com", by=ada)

    answer = client_of(ada).get(lead.get_absolute_url())

    assert "Possible Repeat Customer" not in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("job_link", "customer"),
        ("job_decisions", "customer"),
        ("lead_new", "customer"),
        ("lead_new", "use"),
        ("storage_new", "customer"),
        ("storage_new", "use"),
    ],
)
def test_a_form_refuses_a_strangers_customer(name, field, ours, ada, their_world, client_of):
    lead = a_lead(ours, "Ann Lee", by=ada)
    victim = Customer.across_companies.filter(company=their_world).first()
    address = reverse(name, args=[] if name.endswith("_new") else [lead.pk])

    answer = client_of(ada).post(address, {field: victim.pk, "verdict": "not-the-same"})

    assert answer.status_code == 404
    assert lead.refreshed().customer.company == ours


def test_a_form_refuses_a_strangers_sales_owner(ours, ada, stranger, client_of):
    answer = client_of(ada).post(
        reverse("lead_new"),
        {
            "category": "residential",
            "flexibility": "exact",
            "name": "Ann Lee",
            "owner": stranger.pk,
        },
    )

    assert answer.status_code == 422
    assert not Job.across_companies.filter(company=ours).exists()


@pytest.mark.parametrize(("field", "rows"), [("move", "jobs"), ("location", "locations")])
def test_new_storage_refuses_a_strangers_move_and_location(
    field, rows, ada, their_world, client_of
):
    victim = getattr(their_world, rows).order_by("id").first()
    answer = client_of(ada).get(reverse("storage_new"), {field: victim.pk})

    assert answer.status_code == 404


def test_a_strangers_location_is_not_chosen(ours, ada, their_world, client_of):
    stored = a_storage_job(a_customer(ours), on=ours.today)
    victim = their_world.locations.first()
    typed = {"on": str(ours.today), "locations": [victim.pk]}

    answer = client_of(ada).post(reverse("storage_places", args=[stored.pk]), typed)

    assert (answer.status_code, stored.stays.exists()) == (422, False)


def test_a_strangers_move_is_not_linked(ours, ada, their_world, client_of):
    stored = a_storage_job(a_customer(ours), on=ours.today)
    victim = their_world.jobs.booked().order_by("-number").first()

    answer = client_of(ada).post(
        reverse("storage_moves", args=[stored.pk]), {"move": f"J-{victim.number}"}
    )

    assert (answer.status_code, stored.linked_moves.exists()) == (422, False)


def test_bulk_actions_leave_a_strangers_customers_alone(ada, their_world, client_of):
    victim = Customer.across_companies.filter(company=their_world).first()

    client_of(ada).post(reverse("customers_tag"), {"ids": [victim.pk], "tag": "VIP"})

    assert not victim.customer_tags.filter(tag__name="VIP").exists()
