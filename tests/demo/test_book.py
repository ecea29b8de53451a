"""The demo's book is believable: everything in it could have been written by the deeds."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils import timezone

from carter.billing.balances import balance_of
from carter.billing.models import Charge, Entry, PaymentPart
from carter.commands import demo
from carter.companies.models import Company, User
from carter.companies.rights import Role
from carter.customers.following import followers, holder_of
from carter.customers.models import Customer, Email, Event, Note, Phone
from carter.demo.book import make_book
from carter.demo.people import OWNER, PASSWORD, STAFF, address_of
from carter.demo.stories import stories
from carter.demo.tour import first_steps, welcome
from carter.jobs.intake import take_lead
from carter.jobs.models import Job, JobLink, Stage, stages
from carter.jobs.moving import move_to_stage
from carter.jobs.repeats import repeats_of_leads
from carter.matching.verdicts import Verdict
from carter.recurring.checking import RULES
from carter.search.finding import search

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 21, 30, tzinfo=UTC)
TODAY = NOW.date()
FAMILIES = {"Walter Jennings Jr.", "Tunde Adeyemi", "Amir Haddad"}


@pytest.fixture(scope="module")
def book(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_book(NOW)
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def repeats(book):
    """The open leads that may be somebody the office knows, by who calls."""
    leads = list(book.jobs.leads().open().select_related("customer", "company"))
    found = repeats_of_leads(book, leads)
    return {lead.caller: found[lead.pk] for lead in leads if found[lead.pk]}


def test_it_is_the_size_of_a_small_company(book):
    assert 380 <= book.customers.count() <= 420
    assert 700 <= book.jobs.count() <= 820
    assert {member.role for member in book.members.all()} == set(Role.values)
    assert set(book.jobs.values_list("stage", flat=True)) == set(Stage) - {Stage.IMPORT_UNDONE}


def test_everybody_signs_in_with_the_one_password(book, client):
    users = User.objects.filter(email__in=[address_of(name) for name, _ in (OWNER, *STAFF)])

    assert [user.check_password(PASSWORD) for user in users] == [True] * 7
    client.post(reverse("account_login"), {"login": address_of(OWNER[0]), "password": PASSWORD})
    assert client.get("/customers/").status_code == 200


def test_the_second_start_leaves_it_alone(book, capsys):
    jobs = book.jobs.count()

    assert demo.prepared().startswith("Carter is at http")
    assert capsys.readouterr().out == ""
    assert (Company.objects.get(), book.jobs.count()) == (book, jobs)


def test_it_is_the_same_every_time(book):
    for people in (User.objects.all(), EmailAddress.objects.all()):
        people.update(email=Concat(Value("former."), "email"))

    assert everything_in(make_book(NOW)) == everything_in(book)


def everything_in(company):
    entries = Entry.across_companies.filter(company=company)
    events = Event.across_companies.filter(company=company)
    return (
        list(company.customers.order_by("number").values_list("number", "name", "created_at")),
        list(company.jobs.order_by("number").values_list("number", "stage", "phone", "move_on")),
        list(entries.order_by("id").values_list("amount_cents", "on")),
        list(events.order_by("at", "what").values_list("at", "what")),
    )


def test_every_caller_who_may_be_known_is_noticed(repeats):
    told = {story.caller.name: story.customer.name for story in stories() if story.caller}
    people = told.keys() - {"CASCADE DENTAL GROUP"} | {"Tomas Beck"}

    assert {caller for caller, found in repeats.items() if caller in people} == people
    assert {
        caller: repeats[caller][0].customer.name for caller in told.keys() & repeats.keys()
    } == {caller: told[caller] for caller in told.keys() & repeats.keys()}


def test_families_and_roommates_are_one_household_at_most(repeats):
    verdicts = {caller: {match.verdict for match in repeats[caller]} for caller in FAMILIES}

    assert verdicts == {caller: {Verdict.HOUSEHOLD} for caller in FAMILIES}


def test_nobody_else_is_taken_for_somebody_else(repeats):
    told = {story.caller.name for story in stories() if story.caller} | {"Tomas Beck"}
    others = {
        caller: {match.verdict for match in found}
        for caller, found in repeats.items()
        if caller not in told
    }

    assert [caller for caller, verdicts in others.items() if verdicts != {Verdict.HOUSEHOLD}] == []


def test_every_job_went_through_the_stages_one_by_one(book):
    for job in book.jobs.moves():
        stage = Stage.NEW
        moves = job.events.filter(what="moved the stage").order_by("at", "id")
        for before, after in moves.values_list("changes__stage__0", "changes__stage__1"):
            assert (before, after) == (stage.label, after)
            stage = next(one for one in stages.NEXT[stage] if one.label == after)
        assert stage == job.stage
        assert bool(job.archive_reason) == (job.stage in stages.NEEDS_REASON)
        assert (job.booked_at is not None) == (job.stage in stages.JOB)


def test_history_is_in_the_words_of_the_deeds(book):
    with transaction.atomic():
        lead = take_lead(company=book, intake={"name": "Somebody New"}, by=None)
        move_to_stage(lead, Stage.BOOKED, by=None)
        said = set(lead.customer.events.values_list("what", flat=True))
        transaction.set_rollback(True)

    written = set(book.jobs.first().customer.events.values_list("what", flat=True))
    assert said <= written


def test_nothing_happened_in_the_future_or_before_the_customer_came(book):
    for model in (Event, Note):
        assert not model.across_companies.filter(company=book, at__gt=NOW).exists()
    for event in Event.across_companies.filter(company=book).select_related("customer"):
        if event.born_to_id == event.customer_id and not event.about_id:
            assert event.at >= event.customer.created_at
    assert not book.jobs.filter(created_at__gt=NOW).exists()
    assert not Entry.across_companies.filter(company=book, on__gt=TODAY).exists()


def test_every_row_is_with_the_holder_of_its_record(book):
    for model in followers():
        for row in model._base_manager.filter(company=book).select_related("born_to"):
            assert row.customer_id == holder_of(row.born_to).pk


def test_the_ledger_mirrors_what_was_charged_and_paid(book):
    charges = Charge.across_companies.filter(company=book)
    parts = PaymentPart.across_companies.filter(company=book)
    entries = Entry.across_companies.filter(company=book)
    by_charge = {entry.charge_id: entry.amount_cents for entry in entries if entry.charge_id}
    by_part = {entry.part_id: -entry.amount_cents for entry in entries if entry.part_id}

    assert by_charge == {charge.pk: charge.amount_cents for charge in charges}
    assert by_part == {part.pk: part.payment.amount_cents for part in parts}
    assert {charge.job.stage for charge in charges} == {*stages.COMPLETED, *stages.STORED}
    for job in book.jobs.filter(stage=Stage.COMPLETED_CLOSED):
        assert sum(entry.amount_cents for entry in job.entries.all()) == 0


def test_some_customers_owe_money(book):
    owing = [customer for customer in book.customers.all() if balance_of(customer) > 0]

    assert 15 <= len(owing) <= 60


def test_phones_and_mailboxes_are_nobodys(book):
    keys = Phone.across_companies.filter(company=book).values_list("key", flat=True)
    mailboxes = Email.across_companies.filter(company=book).values_list("key", flat=True)

    assert [key for key in keys if key[3:6] != "555" or len(key) != 10] == []
    for mailbox in mailboxes:
        user, _, domain = mailbox.partition("@")
        reserved = domain.endswith(".example") or domain.rpartition(".")[0] == "example"
        assert reserved or (domain == "gmail.com" and len(user) > 30)


def test_some_leads_were_linked_to_who_called(book):
    links = JobLink.across_companies.filter(company=book)

    assert links.count() == 5
    assert all(link.from_customer.head == link.to_customer for link in links)
    assert all(link.at <= NOW for link in links)


def test_one_customer_is_not_served(book):
    assert list(book.customers.filter(do_not_service=True).values_list("name", flat=True)) == [
        "Gary Stroud"
    ]


def test_names_of_many_kinds_are_in_the_book(book):
    for said in ("王小明", "김민수", "петров", "محمد", "wolfeschlegel", "mary obrien"):
        assert search(book, said).groups[0].label == "Customers"


def test_the_tour_names_what_is_there(book):
    steps = list(first_steps(book))

    assert len(steps) == 3
    for lead in book.jobs.filter(name__in=["Bob Hollis", "Walter Jennings Jr."]):
        assert any(lead.code in step for step in steps)
    assert {hit.name for hit in search(book, "kath bra").groups[0].hits} == {"Katherine Brandt"}
    assert {hit.name for hit in search(book, "4127").groups[0].hits} >= {
        "Katherine Brandt",
        "Katie Lindqvist",
    }
    assert PASSWORD in welcome(book, "http://localhost:8000")


def test_it_is_made_for_today(book):
    assert (
        Customer.across_companies.filter(company=book, created_at__gt=timezone.now()).count() == 0
    )
    assert Job.across_companies.filter(company=book, stage=Stage.IN_PROGRESS).exists()


def test_the_warehouse_is_invoiced_month_after_month(book):
    schedules = book.recurring_invoices.all()
    stored = book.storage_jobs.filter(job__stage__in=stages.STORED)

    assert {each.storage_job for each in schedules.running()} == set(stored)
    assert not schedules.due(TODAY - timedelta(days=2)).exists()
    assert [rule.says for rule in RULES if rule.broken_by()[0]] == []
    assert 1 <= book.invoices.filter(period__isnull=False).overdue(TODAY).count() <= 20
