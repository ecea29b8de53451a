"""A company in which there is one of everything an address can name, with words to look for."""

from contextlib import suppress
from datetime import date

from django.apps import apps
from django.db import DatabaseError, models, transaction

from carter.billing.invoicing import draft_invoice
from carter.companies.inviting import invite
from carter.companies.models import Company, Member, User
from carter.companies.rights import Role
from carter.companies.tenancy import CompanyOwned
from carter.customers.changing import add_detail, change_customer
from carter.customers.labelling import tag_customer
from carter.gateway.connecting import account_for
from carter.gateway.models import PaymentAttempt
from carter.jobs.linking import link_job
from carter.matching.decide import not_the_same, same_household
from carter.matching.keying import refresh_keys
from carter.matching.sharing import look_at_changes
from carter.merging.merge import merge_customers
from carter.merging.split import split_customer
from carter.outbox.posting import Enclosure
from carter.paperwork.links import make_link
from carter.recurring.models import RecurringInvoice
from tests.builders import (
    a_charge,
    a_customer,
    a_job,
    a_lead,
    a_member,
    a_payment,
    a_storage_job,
    a_zone,
    an_invoice,
    some_locations,
)
from tests.gateway.builders import gateway_rows
from tests.outbox.builders import a_letter
from tests.recurring.builders import everything_recurring
from tests.transfer.importing import a_dry_run, an_import

NAMES_OF_CARTERS = {
    *("about_kind", "code", "event_id", "field", "fingerprint", "form", "gateway_reference"),
    *("gateway_customer", "gateway_method"),
    *(
        "kind",
        "key",
        "leads_to",
        "media_type",
        "page",
        "password",
        "secret_key",
        "session",
        "sha256",
    ),
    *("signature", "source", "start", "subject_id", "table", "token", "value", "webhook_secret"),
    *("weights", "word", "time_zone", "country", "currency", "email"),
}
"""Columns that Carter itself fills and reads."""
A_FILE = "Record ID,First Name,Last Name,Email\n1,{0},Lee,ann@example.com\n2,,,\n3,Bob {0},,\n"


def fill(company: Company, words: str, *, by: Member) -> Company:
    """At least one row of everything an address can name, each with the words on it."""
    company.has_storage = True
    company.save()
    known = a_customer(
        company, f"{words} Smith", phone="(303) 555-0142", email="bob@example.com", street=words
    )
    people(known, words, by)
    booked = a_job(known, by=by, origin_city="Denver", lead_source=words, intake_notes=words)
    money(known, booked, words, by)
    lead = a_lead(company, f"{words} Smith", phone="3035550142", by=by)
    not_the_same(known, lead.customer, reason=words, by=by)
    change_customer(known, values={"bill_to": words}, was={"bill_to": ""}, by=by)
    twins = [a_customer(company, f"{words} Smith", phone="720 555 0188") for _ in range(3)]
    merge_customers(survivor=twins[0], duplicates=twins[1:], reason=words, by=by)
    split_customer(source=twins[0], rows=[twins[0].phones.first()], to=known, reason=words, by=by)
    link_job(lead, to=known, by=by)
    a_lead(company, f"{words} Lee", phone="719 555 0111", email="ann@example.com", by=by)
    for name in ("Ann", "Ted"):
        same_household(
            known, a_customer(company, f"{words} {name}", email="bob@example.com"), by=by
        )
    zone = a_zone(company, words[:30])
    places = some_locations(company, words[:30], "V-2", zone=zone)
    terms = {"volume": words[:90], "monthly_price_cents": 9_900}
    stored = a_storage_job(known, from_move=booked, on=company.today, locations=places[:1], **terms)
    everything_recurring(stored, words)
    a_storage_job(known, move_in_on=company.today, **terms)
    gateway_rows(company, words)
    refresh_keys(company)
    look_at_changes(company)
    files_and_letters(company, words, by)
    return company


def people(known, words, by) -> None:
    """Who works here and is invited, and what is known of the customer."""
    a_member(known.company, Role.SALES, name=f"Sam {words}")
    invite(company=known.company, email="zoe@example.org", role=Role.SALES, by=by)
    known.add_note(words, by=by)
    tag_customer(known, words[:40], by=by)
    add_detail(known, "phones", text="720 555 0177", label="work", by=by)
    add_detail(known, "contacts", name=words, role="partner", by=by)
    add_detail(known, "addresses", street=words, city="Denver", label="home", by=by)


def money(known, booked, words, by) -> None:
    """What is owed and paid, and the link to an invoice that somebody was about to pay."""
    company = known.company
    invoice = an_invoice([a_charge(booked, description=words)], notes=words)
    link = make_link(invoice, by=by)
    account_for(company)
    PaymentAttempt(
        company=company, invoice=link.invoice, amount_cents=100, on=company.today, words=words
    ).save()
    draft_invoice(customer=known, charges=[a_charge(known, description=words)], by=by)
    a_charge(booked, 4_200, description=words)
    a_payment(booked, 4_000, reference=words[:90])
    a_payment(known, 10_000, reference=words[:90], to={})


def files_and_letters(company, words, by) -> None:
    """Letters in the outbox, and imports in each state."""
    letter = {"subject": words, "text": words, "trouble": words}
    a_letter(company, enclosures=[Enclosure(words[:90], "text/plain", b"Hello")], **letter)
    a_letter(company, state="failed", **letter)
    an_import(company, A_FILE.format(words).encode(), name=f"{words[:40]}.csv", by=by)
    a_dry_run(company, A_FILE.format(f"x{words}").encode(), name="more.csv", by=by)


def models_of_companies() -> list[type[CompanyOwned]]:
    return [model for model in apps.get_models() if issubclass(model, CompanyOwned)]


def texts_of(model: type[models.Model]) -> list[models.Field]:
    """The columns of a model that hold what somebody wrote, and that may all be the same."""
    unique = {
        name
        for constraint in model._meta.constraints
        if isinstance(constraint, models.UniqueConstraint)
        for name in constraint.fields
    }
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not field.choices
        and not field.unique
        and field.name not in NAMES_OF_CARTERS | unique
    ]


def put_off(company: Company, day: date) -> None:
    """Let everything that may still change be planned for that day.

    Not what schedules count on from: a schedule on which nothing is to come is over.
    """
    for model in models_of_companies():
        if model is RecurringInvoice:
            continue
        for field in model._meta.concrete_fields:
            if type(field) is models.DateField:
                with suppress(DatabaseError), transaction.atomic():
                    model._base_manager.filter(company=company).update(**{field.name: day})


def mark(company: Company, words: str) -> set[str]:
    """Put the words into every text of every row of the company, as no form would let pass.

    Gives the columns that refused: what is posted stays as it was made.
    """
    refused = set()
    rows = [
        Company.objects.filter(pk=company.pk),
        User.objects.filter(pk__in=company.members.values("user")),
        *(model._base_manager.filter(company=company) for model in models_of_companies()),
    ]
    for some in rows:
        for field in texts_of(some.model):
            if (field.max_length or 1_000) < len(words):
                continue
            try:
                with transaction.atomic():
                    some.update(**{field.name: words})
            except DatabaseError:
                refused.add(f"{some.model._meta.model_name}.{field.name}")
    return refused
