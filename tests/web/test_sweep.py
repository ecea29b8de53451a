"""No address shows or changes another company's row; a new address is swept by itself."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from carter.companies.inviting import invite
from carter.companies.rights import Role
from carter.customers.changing import change_customer
from carter.customers.models import Customer
from carter.jobs.linking import link_job
from carter.jobs.models import Job
from carter.matching.decide import not_the_same
from carter.matching.keying import refresh_keys
from carter.merging.merge import merge_customers
from carter.merging.split import split_customer
from carter.outbox.posting import Enclosure
from carter.transfer.batches import receive_file
from tests.builders import (
    a_charge,
    a_customer,
    a_job,
    a_lead,
    a_payment,
    a_storage_job,
    a_zone,
    an_invoice,
    some_locations,
)
from tests.gateway.builders import gateway_rows
from tests.outbox.builders import a_letter
from tests.recurring.builders import everything_recurring

MARKER = "Zanzibar"
NOUNS = {
    "detail": "phone",
    "decision": "matchdecision",
    "import": "importbatch",
    "identifier": "sharedidentifier",
    "write": "fieldwrite",
    "storage_job": "storagejob",
    "linked_move": "linkedmove",
    "method": "storedmethod",
    "gateway_event": "gatewayevent",
    "recurring_invoice": "recurringinvoice",
    "price_change": "pricechange",
    "late_fee": "latefee",
    "tick_run": "tickrun",
}


def addresses_that_name_a_row() -> Iterator[URLPattern]:
    def walk(patterns) -> Iterator[URLPattern]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns)
            elif pattern.callback.__module__.startswith("carter.") and any(
                name.endswith("_id") for name in pattern.pattern.converters
            ):
                yield pattern

    return walk(get_resolver().url_patterns)


SWEPT = sorted(addresses_that_name_a_row(), key=lambda pattern: pattern.name)


@pytest.fixture
def their_world(ours, theirs, stranger):
    """At least one row of everything an address can name, each with a word to look for."""
    for company in (ours, theirs):
        company.has_storage = True
        company.save()
    known = a_customer(
        theirs, f"{MARKER} Smith", phone="(303) 555-0142", email="zanzibar@example.com"
    )
    booked = a_job(known, by=stranger)
    an_invoice([a_charge(booked)], notes=MARKER)
    a_payment(booked, 4_000, reference=MARKER)
    a_payment(known, 10_000, reference=MARKER)
    lead = a_lead(theirs, f"{MARKER} Smith", phone="3035550142", by=stranger)
    not_the_same(known, lead.customer, by=stranger)
    change_customer(known, values={"bill_to": MARKER}, was={"bill_to": ""}, by=stranger)
    twins = [a_customer(theirs, f"{MARKER} Smith", phone="720 555 0188") for _ in range(2)]
    merge_customers(survivor=twins[0], duplicates=twins[1:], by=stranger)
    split_customer(source=twins[0], rows=[twins[0].phones.first()], to=known, by=stranger)
    link_job(lead, to=known, by=stranger)
    for name in ("Ann", "Ted"):
        a_customer(theirs, f"{MARKER} {name}", email="zanzibar@example.com")
    zone = a_zone(theirs, MARKER)
    places = some_locations(theirs, MARKER, zone=zone)
    stored = a_storage_job(
        known, from_move=booked, on=theirs.today, locations=places, volume=MARKER
    )
    everything_recurring(stored, MARKER)
    gateway_rows(theirs, MARKER)
    refresh_keys(theirs)
    invite(company=theirs, email="zanzibar@example.org", role=Role.SALES, by=stranger)
    a_letter(theirs, subject=MARKER, enclosures=[Enclosure(MARKER, "text/plain", b"Zanzibar")])
    receive_file(company=theirs, name="zanzibar.csv", pieces=[b"Name\nZanzibar\n"], by=stranger)
    return theirs


def a_row_of(company, argument: str) -> int:
    noun = argument.removesuffix("_id")
    models = {model._meta.model_name: model for model in apps.get_models()}
    row = models[NOUNS.get(noun, noun)]._base_manager.filter(company=company).first()
    assert row is not None, f"their_world has no {noun}: add one, so that it is swept"
    return row.pk


def address_of(pattern: URLPattern, company) -> str:
    arguments = {
        name: a_row_of(company, name) if name.endswith("_id") else "phones"
        for name in pattern.pattern.converters
    }
    return reverse(pattern.name, kwargs=arguments)


# One world serves all addresses: to make it takes longer than to ask for them all.
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_strangers_row_is_not_found(method, ada, their_world, client_of):
    ask = getattr(client_of(ada), method)
    answers = {pattern.name: ask(address_of(pattern, their_world)) for pattern in SWEPT}

    assert len(answers) >= 100
    assert {
        name: answer.status_code
        for name, answer in answers.items()
        if answer.status_code not in (404, 405) or MARKER in answer.content.decode()
    } == {}


def test_their_own_people_find_it(stranger, their_world, client_of):
    ask = client_of(stranger).get
    answers = {pattern.name: ask(address_of(pattern, their_world)) for pattern in SWEPT}

    assert {
        name: answer.status_code
        for name, answer in answers.items()
        if answer.status_code not in (200, 302, 405)
    } == {}


LISTS = (
    "/leads/",
    "/leads/?view=board",
    "/leads/suggestions/?name=Zanzibar+Smith&phone=3035550142&email=zanzibar@example.com",
    "/jobs/",
    "/jobs/?view=board",
    "/customers/",
    "/customers/?duplicates=yes",
    "/customers/?balance=owes",
    "/billing/",
    "/billing/?status=all",
    "/billing/aging/",
    "/billing/unapplied/",
    "/billing/payments/",
    "/billing/failed/",
    "/duplicates/",
    "/duplicates/decided/",
    "/duplicates/recommended/",
    "/duplicates/shared/",
    "/storage/",
    "/storage/warehouses/",
    "/billing/recurring/",
    "/billing/recurring/runs/",
    "/search/?q=zanzibar",
    "/search/?q=3035550142",
)


def test_no_list_shows_a_strangers_rows(ada, their_world, client_of):
    ask = client_of(ada).get
    answers = {address: ask(address) for address in LISTS}

    assert {
        address: answer.status_code
        for address, answer in answers.items()
        if answer.status_code != 200 or "Zanzibar S" in answer.content.decode()
    } == {}


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

    assert not victim.customer_tags.exists()
