"""Importing a file: who is created, who is added to, what is left alone, and why."""

import zipfile
from datetime import date

import pytest
import xlsxwriter

from carter.billing.balances import balance_of
from carter.companies.rights import NotAllowed, Role
from carter.customers.changing import make_former
from carter.customers.models import Customer
from carter.jobs.linking import link_job
from carter.matching.models import Key
from carter.transfer.batches import CannotImport, choose_columns, receive_file, start_import
from carter.transfer.models import ImportBatch
from tests.builders import a_customer, a_member
from tests.transfer.importing import (
    a_csv,
    a_dry_run,
    an_import,
    mapped,
    the_sample,
)

HUBSPOT = ("Record ID", "First Name", "Last Name", "Email", "Phone Number")
QUICKBOOKS = ("Customer", "Company", "Phone", "Opening Balance", "Opening Balance Date", "Notes")
LEADS = ("FullName", "PhoneNumber", "Email", "MoveDate", "MoveSize", "OriginStreet", "OriginCity")
PLAIN = ("customer_id", "name", "company_name", "category", "phone", "email", "address")


def outcomes(batch) -> list[tuple[int, str, str]]:
    return list(batch.rows.values_list("line", "outcome", "reason"))


@pytest.fixture
def bobs_row():
    return a_csv(HUBSPOT, ("51000", "Bob", "Smith", "bob@example.com", "(303) 555-0142"))


def test_a_dry_run_says_what_would_happen_and_writes_nothing(ours, ada, bobs_row):
    batch = a_dry_run(ours, bobs_row, by=ada)

    assert (batch.state, batch.shape, batch.counts) == ("checked", "hubspot", {"created": 1})
    assert outcomes(batch) == [(2, "created", "")]
    assert not ours.customers.exists()


def test_a_created_customer_has_everything_and_a_signed_history(ours, ada, bobs_row):
    an_import(ours, bobs_row, name="hub.csv", by=ada)

    bob = ours.customers.get()
    assert (bob.name, bob.number, bob.origin, bob.sort_name) == (
        "Bob Smith",
        1,
        Customer.Origin.IMPORT,
        "bob smith",
    )
    assert [(each.text, each.key, each.is_primary) for each in bob.phones.all()] == [
        ("(303) 555-0142", "3035550142", True)
    ]
    assert [(each.text, each.key) for each in bob.emails.all()] == [("bob@example.com",) * 2]
    assert [(each.source, each.value) for each in bob.external_ids.all()] == [("hubspot", "51000")]
    assert [(event.what, event.by) for event in bob.events.all()] == [
        ("added the customer from hub.csv", ada)
    ]


def test_an_import_is_found_at_once(ours, bobs_row):
    an_import(ours, bobs_row)

    bob = ours.customers.get()
    assert (bob.keys_due, bob.words_due) == (False, False)
    assert Key.across_companies.filter(customer=bob, kind="phone", value="3035550142").exists()


def test_the_same_file_again_changes_nothing(ours, bobs_row):
    an_import(ours, bobs_row)

    again = an_import(ours, bobs_row)

    assert again.counts == {"skipped": 1}
    assert outcomes(again) == [(2, "skipped", "Bob Smith (C-1) has all of this already.")]
    assert ours.customers.get().events.count() == 1


def test_a_known_id_adds_what_is_new_and_keeps_the_name(ours, ada, bobs_row):
    an_import(ours, bobs_row, by=ada)
    row = ("51000", "Robert", "Smith", "bob@example.com", "720 555 0177")

    batch = an_import(ours, a_csv(HUBSPOT, row), name="newer.csv", by=ada)

    bob = ours.customers.get()
    assert outcomes(batch) == [
        (2, "attached", "Bob Smith (C-1) gets the phone 720 555 0177. The name stays Bob Smith.")
    ]
    assert [(each.text, each.is_primary) for each in bob.phones.all()] == [
        ("(303) 555-0142", True),
        ("720 555 0177", False),
    ]
    assert [(event.what, event.changes) for event in bob.events.all()[:1]] == [
        ("added to the customer from newer.csv", {"added": ["", "the phone 720 555 0177"]})
    ]


def test_nobody_is_ever_joined_by_likeness(ours, bobs_row):
    a_customer(ours, "Bob Smith", phone="3035550142", email="bob@example.com")

    batch = an_import(ours, bobs_row)

    assert batch.counts == {"created": 1}
    assert ours.customers.count() == 2


def test_a_row_imported_before_stays_as_people_have_put_it_right(ours, ada, bobs_row):
    an_import(ours, bobs_row)
    phone = ours.customers.get().phones.get()
    phone.text = "303 555 0143"
    phone.save()
    make_former(phone, by=ada)

    again = an_import(ours, bobs_row)

    assert again.counts == {"skipped": 1}
    assert [each.text for each in ours.customers.get().phones.all()] == ["303 555 0143"]


def test_an_id_of_another_list_does_not_lead_to_somebody_else(ours):
    an_import(ours, a_csv(PLAIN, ("1", "Bob Smith", "", "residential", "303 555 0142", "", "")))

    batch = an_import(
        ours, a_csv(PLAIN, ("1", "Ann Lee", "", "residential", "720 555 0177", "", ""))
    )

    assert outcomes(batch) == [
        (
            2,
            "refused",
            (
                "“1” is Bob Smith (C-1) here, and neither name, phone nor email agrees. "
                "If this is another list, give it a name of its own."
            ),
        )
    ]


def test_another_list_with_a_name_of_its_own_counts_its_own_ids(ours):
    an_import(ours, a_csv(PLAIN, ("1", "Bob Smith", "", "residential", "303 555 0142", "", "")))
    other = a_dry_run(ours, a_csv(PLAIN, ("1", "Ann Lee", "", "residential", "", "", "")))

    batch = mapped(other, source="the other branch")

    assert batch.counts == {"created": 1}


def test_the_same_id_twice_in_a_file(ours):
    bob = ("51000", "Bob", "Smith", "bob@example.com", "")
    other = ("51000", "Bob", "Smith", "bob@example.org", "")

    batch = an_import(ours, a_csv(HUBSPOT, bob, bob, other))

    assert outcomes(batch) == [
        (2, "created", ""),
        (3, "skipped", "The same as row 2."),
        (4, "refused", "“51000” is row 2 already, which says something else."),
    ]


def test_every_row_is_reported(ours):
    content = a_csv(HUBSPOT, ("51000", "Bob", "Smith", "", ""), ("", "", "", "", ""), ()) + (
        b'51001,,,,\n51002,Ann,Lee,,,,extra\n51003,"Carl,,,\n'
    )

    batch = an_import(ours, content)

    assert outcomes(batch) == [
        (2, "created", ""),
        (3, "skipped", "The row is empty."),
        (4, "skipped", "The row is empty."),
        (5, "refused", "The row names nobody: it has no name, no phone and no email."),
        (
            6,
            "refused",
            (
                "The row has more cells than the 5 column names. "
                "Is a text with a comma missing its quotation marks?"
            ),
        ),
        (7, "refused", "A quotation mark opens in this row and is never closed."),
    ]


def test_an_opening_balance_is_a_charge_of_its_day(ours, ada):
    row = ("Sandra Walter", "", "513-332-0463", "312.40", "06/08/2026", "Prefers text")

    an_import(ours, a_csv(QUICKBOOKS, row), by=ada)

    sandra = ours.customers.get()
    charge, entry = sandra.charges.get(), sandra.entries.get()
    assert (charge.kind, charge.description, charge.amount_cents, charge.on, charge.by) == (
        "other",
        "Opening balance from QuickBooks",
        31_240,
        date(2026, 6, 8),
        ada,
    )
    assert (entry.charge, entry.amount_cents, entry.on) == (charge, 31_240, date(2026, 6, 8))
    assert balance_of(sandra) == 31_240
    assert [(note.text, note.by) for note in sandra.notes.all()] == [("Prefers text", ada)]


def test_an_opening_balance_is_posted_once_whatever_a_later_export_says(ours):
    row = ["Sandra Walter", "", "513-332-0463", "312.40", "06/08/2026", ""]
    an_import(ours, a_csv(QUICKBOOKS, row))
    row[3] = "400.00"

    batch = an_import(ours, a_csv(QUICKBOOKS, row))

    assert outcomes(batch) == [
        (
            2,
            "skipped",
            (
                "Sandra Walter (C-1) has all of this already. "
                "Its opening balance was imported before and stays as it was."
            ),
        )
    ]
    assert balance_of(ours.customers.get()) == 31_240


def test_a_lead_comes_with_a_customer_of_its_own(ours, ada):
    row = ("Marie Thomas", "510-989-7924", "", "20261111", "Studio", "3381 Green Blvd", "Oakland")

    batch = an_import(ours, a_csv(LEADS, row), name="leads.csv", by=ada)

    lead, customer = ours.jobs.get(), ours.customers.get()
    assert (lead.customer, lead.number, lead.stage, lead.move_on) == (
        customer,
        1,
        "new",
        date(2026, 11, 11),
    )
    assert (customer.name, customer.origin) == ("Marie Thomas", "lead")
    assert [event.what for event in lead.events.all()] == ["took the lead from leads.csv"]
    assert [(row.customer, row.job) for row in batch.rows.all()] == [(customer, lead)]


def test_a_lead_imported_before_is_skipped_even_when_linked_since(ours, ada):
    content = a_csv(LEADS, ("Marie Thomas", "510-989-7924", "", "20261111", "Studio", "", ""))
    an_import(ours, content, by=ada)
    known = a_customer(ours, "Marie Thomas", phone="5109897924")
    link_job(ours.jobs.get(), to=known, by=ada)

    again = an_import(ours, content, by=ada)

    assert again.counts == {"skipped": 1}
    assert ours.jobs.count() == 1


def test_a_merged_customers_id_leads_to_the_survivor(ours, bobs_row, merged):
    an_import(ours, bobs_row)
    survivor = a_customer(ours, "Robert Smith")
    merged(ours.customers.get(name="Bob Smith"), survivor)
    row = ("51000", "Bob", "Smith", "", "720 555 0177")

    an_import(ours, a_csv(HUBSPOT, row))

    assert [phone.text for phone in survivor.phones.order_by("id")] == [
        "(303) 555-0142",
        "720 555 0177",
    ]


def test_another_companys_customers_are_nobody(ours, theirs, bobs_row):
    an_import(theirs, bobs_row)

    assert an_import(ours, bobs_row).counts == {"created": 1}


def test_the_three_samples_lose_nothing(ours, ada):
    batches = [
        an_import(ours, the_sample(name), name=name, by=ada)
        for name in ("hubspot-contacts.csv", "quickbooks-customers.csv", "smartmoving-leads.csv")
    ]

    assert [batch.counts for batch in batches] == [
        {"created": 540},
        {"created": 360},
        {"created": 900},
    ]
    assert (ours.customers.count(), ours.jobs.count()) == (1800, 900)


def test_an_unknown_file_waits_until_somebody_says_what_its_columns_hold(ours, ada):
    content = a_csv(("Wer", "Handy"), ("Bob Smith", "303-555-0142"))
    batch = a_dry_run(ours, content, by=ada)
    assert (batch.state, batch.mapping) == ("mapping", ["note", "mobile"])

    batch = mapped(batch, ["name", "mobile"], by=ada)

    assert (batch.state, batch.counts) == ("checked", {"created": 1})


def test_what_somebody_said_of_the_columns_is_remembered(ours, ada):
    content = a_csv(("Wer", "Handy"), ("Bob Smith", "303-555-0142"))
    mapped(a_dry_run(ours, content, by=ada), ["name", "work-phone"], source="handies", by=ada)

    batch = a_dry_run(ours, a_csv(("wer", "handy"), ("Ann Lee", "720 555 0177")), by=ada)

    assert (batch.state, batch.mapping, batch.source) == (
        "checked",
        ["name", "work-phone"],
        "handies",
    )


@pytest.mark.parametrize(
    ("mapping", "reason"),
    [
        (
            ["note", "street"],
            (
                "Say which column holds a name, a phone or an email: without one of them there is "
                "nobody to import."
            ),
        ),
        (["name", "name"], "Two columns are chosen for “Full name”."),
        (["name"], "The file has other columns than those that were chosen for."),
    ],
)
def test_a_choice_of_columns_that_makes_no_sense_is_refused(ours, mapping, reason):
    batch = a_dry_run(ours, a_csv(("a", "b"), ("Bob", "Smith")))

    with pytest.raises(CannotImport) as refused:
        choose_columns(batch, holds="customers", mapping=mapping, source="x", by=None)

    assert str(refused.value) == reason


def test_a_file_that_is_no_table_ends_with_a_sentence(ours):
    batch = a_dry_run(ours, b"%PDF-1.7", name="list.pdf")

    assert (batch.state, batch.trouble) == (
        "unreadable",
        "This is a PDF, not a table. Save it as CSV or XLSX first.",
    )


def test_nothing_is_imported_before_it_was_tried_out(ours, bobs_row):
    batch = receive_file(company=ours, name="hub.csv", pieces=[bobs_row], by=None)

    with pytest.raises(CannotImport, match=r"^hub.csv is reading the file\.$"):
        start_import(batch, by=None)


def test_nothing_is_imported_twice_by_a_second_click(ours, bobs_row):
    batch = an_import(ours, bobs_row)

    with pytest.raises(CannotImport, match=r"^people.csv is imported\.$"):
        start_import(batch, by=None)


def test_only_who_may_import_does(ours, bobs_row):
    sam = a_member(ours, Role.SALES)

    with pytest.raises(NotAllowed):
        receive_file(company=ours, name="hub.csv", pieces=[bobs_row], by=sam)

    assert not ImportBatch.across_companies.exists()


def a_workbook(path, *rows) -> bytes:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Contacts")
        for line, row in enumerate(rows):
            sheet.write_row(line, 0, row)
    return path.read_bytes()


def test_a_workbook_is_imported_like_a_csv(ours, tmp_path):
    row = (51000, "Bob", "Smith", "bob@example.com", 3035550142)

    batch = an_import(ours, a_workbook(tmp_path / "hub.xlsx", HUBSPOT, row), name="hub.xlsx")

    bob = ours.customers.get()
    assert (batch.shape, batch.form, batch.counts) == (
        "hubspot",
        "XLSX, sheet “Contacts”",
        {"created": 1},
    )
    assert (bob.external_ids.get().value, bob.phones.get().key) == ("51000", "3035550142")


def test_the_same_list_as_csv_after_a_workbook_is_known(ours, bobs_row, tmp_path):
    row = (51000, "Bob", "Smith", "bob@example.com", "(303) 555-0142")
    an_import(ours, a_workbook(tmp_path / "hub.xlsx", HUBSPOT, row))

    assert an_import(ours, bobs_row).counts == {"skipped": 1}


def test_a_bomb_is_a_sentence_and_nothing_else(ours, tmp_path):
    a_workbook(tmp_path / "hub.xlsx", HUBSPOT)
    with zipfile.ZipFile(tmp_path / "hub.xlsx", "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/bomb.bin", b"\0" * (20 * 2**20))

    batch = a_dry_run(ours, (tmp_path / "hub.xlsx").read_bytes())

    assert (batch.state, batch.trouble) == (
        "unreadable",
        (
            "This workbook unpacks to far more than a customer list can hold. "
            "It was not opened. Save the sheet as CSV and choose that."
        ),
    )
    assert not batch.rows.exists()
