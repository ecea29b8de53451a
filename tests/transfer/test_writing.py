"""What an import writes in bulk is what the deeds write one by one."""

from datetime import date

import pytest
from django.forms import model_to_dict

from carter.billing.ledger import log_charge
from carter.billing.models import Charge, Entry
from carter.customers.adding import NewCustomer, add_customer
from carter.customers.models import Address, Contact, Customer, Email, Event, Note, Phone
from carter.jobs.intake import take_lead
from carter.jobs.models import Job
from tests.transfer.importing import a_csv, an_import

MODELS = (Customer, Phone, Email, Address, Contact, Note, Job, Charge, Entry)
OWN = {"id", "company", "customer", "born_to", "by", "charge", "at", "created_at", "about_id"}


def written(company) -> dict[str, list[dict[str, object]]]:
    """Every column of every row but keys and moments, in the order they were written."""
    rows = {
        model.__name__: [
            {name: value for name, value in model_to_dict(row).items() if name not in OWN}
            | {name: getattr(row, name) for name in ("key", "sort_name") if hasattr(row, name)}
            for row in model.across_companies.filter(company=company).order_by("id")
        ]
        for model in MODELS
    }
    events = Event.across_companies.filter(company=company).order_by("about_kind")
    return rows | {"Event": [(event.about_kind, event.what) for event in events]}


@pytest.fixture
def owner_of(client_of):
    return lambda company: company.members.get()


def test_a_contact_is_written_as_add_customer_and_log_charge_do(ours, theirs, owner_of):
    header = ("Customer", "Company", "Email", "Phone", "Fax", "Street", "City", "State", "ZIP",
              "Opening Balance", "Opening Balance Date", "Notes")  # fmt: skip
    row = ("Jane Doe", "Acme, L.L.C.", "Jane@Acme.example", "+1 (303) 555-0142 ext 4",
           "720.555.0177", "12 North Oak Street Apt 4", "Denver", "CO", "80202",
           "1,240.50", "03/04/2026", "Piano.")  # fmt: skip
    an_import(ours, a_csv(header, row), by=owner_of(ours))

    jane = add_customer(
        company=theirs,
        new=NewCustomer(
            name="Acme, L.L.C.",
            kind="company",
            category="commercial",
            phones=(("+1 (303) 555-0142 ext 4", "mobile"), ("720.555.0177", "fax")),
            emails=(("Jane@Acme.example", "work"),),
            addresses=(("12 North Oak Street Apt 4", "Denver", "CO", "80202"),),
            contacts=(("Jane Doe", "primary"),),
            origin="import",
        ),
        by=owner_of(theirs),
    )
    jane.add_note("Piano.", by=owner_of(theirs))
    log_charge(
        customer=jane,
        job=None,
        kind="other",
        amount_cents=124_050,
        description="Opening balance from QuickBooks",
        on=date(2026, 3, 4),
        by=owner_of(theirs),
    )

    assert compared(written(ours)) == compared(written(theirs))


def test_a_lead_is_written_as_take_lead_does(ours, theirs, owner_of):
    header = ("FullName", "PhoneNumber", "Email", "MoveDate", "MoveSize", "ServiceType",
              "ReferralSource", "Notes", "OriginStreet", "OriginCity", "OriginState",
              "OriginZip", "DestinationCity")  # fmt: skip
    row = ("Marie Thomas", "510-989-7924", "marie@example.com", "20261111", "Studio", "Packing",
           "Yelp", "Piano.", "5 Oak St", "Oakland", "CA", "94667", "Reno")  # fmt: skip
    an_import(ours, a_csv(header, row), by=owner_of(ours))

    take_lead(
        company=theirs,
        intake={
            "name": "Marie Thomas",
            "phone": "510-989-7924",
            "email": "marie@example.com",
            "move_on": "2026-11-11",
            "move_size": "studio",
            "services": ["packing"],
            "lead_source": "Yelp",
            "intake_notes": "Piano.",
            "origin_street": "5 Oak St",
            "origin_city": "Oakland",
            "origin_state": "CA",
            "origin_postcode": "94667",
            "destination_city": "Reno",
        },
        by=owner_of(theirs),
    )

    assert compared(written(ours)) == compared(written(theirs))


def compared(rows):
    """Without the marks that the end of an import clears, and without its file's name."""
    for each in (*rows["Customer"], *rows["Job"]):
        each.pop("keys_due", None)
        each.pop("words_due", None)
    rows["Event"] = sorted(
        (kind, what.removesuffix(" from people.csv")) for kind, what in rows["Event"]
    )
    return rows
