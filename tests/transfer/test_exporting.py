"""Customers and jobs as files: complete, harmless, and importable again."""

import csv
import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from carter.billing.ledger import log_charge
from carter.companies.rights import NotAllowed, Role
from carter.customers.adding import NewCustomer, add_customer
from carter.customers.changing import add_detail, make_former
from carter.customers.labelling import tag_customer
from carter.transfer.exporting.customers import customers_table
from carter.transfer.exporting.files import csv_pieces, write_xlsx
from carter.transfer.exporting.jobs import jobs_table
from carter.transfer.exporting.tables import Table
from carter.transfer.naming import book_of
from tests.builders import a_company, a_customer, a_job, a_lead, a_member
from tests.transfer.importing import an_import, undone

NASTY = "=cmd|' /C calc'!A0"


def as_csv(table: Table) -> bytes:
    return b"".join(csv_pieces(table))


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def first_of(path: Path) -> dict[str, object]:
    names, row, *_ = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    return dict(zip(names, row, strict=True))


@pytest.fixture
def acme(ours, ada):
    """A company with two of everything, and text that a spreadsheet would run."""
    customer = add_customer(
        company=ours,
        new=NewCustomer(
            name=NASTY,
            kind="company",
            category="commercial",
            phones=(("+1 303 555 0142 / 720 555 0177", "work"), ("@home", "home")),
            emails=(("Jane@Acme.example", "work"), ("bills@acme.example", "billing")),
            addresses=(("-5 Oak St", "Reno", "NV", "89501"), ("9 Elm | Suite 4", "", "", "")),
            contacts=(("Jane: Doe", "primary"), ("Bob", "billing")),
            lead_source="Yelp",
            bill_to="Acme\n=1+1",
        ),
        by=ada,
    )
    tag_customer(customer, "VIP, really", by=ada)
    tag_customer(customer, "Acme", by=ada)
    log_charge(customer=customer, job=None, kind="discount", amount_cents=-1_250, by=ada)
    return customer


def test_a_customer_is_exported_with_everything_known(ours, ada, acme):
    (row,) = rows_of(as_csv(customers_table(ours, by=ada)))

    assert {name: text for name, text in row.items() if text} == {
        "customer_id": "C-1",
        "name": "Jane: Doe",
        "company_name": f"'{NASTY}",
        "category": "commercial",
        "phone": "'+1 303 555 0142 / 720 555 0177",
        "phone_label": "Work",
        "other_phones": "Home: @home",
        "email": "Jane@Acme.example",
        "email_label": "Work",
        "other_emails": "Billing: bills@acme.example",
        "address": "'-5 Oak St, Reno, NV 89501",
        "kind": "company",
        "contacts": "Primary: Jane: Doe\nBilling: Bob",
        "street": "'-5 Oak St",
        "city": "Reno",
        "state": "NV",
        "postcode": "89501",
        "address_label": "Home",
        "other_addresses": "Home: 9 Elm | Suite 4 |  |  | ",
        "tags": "Acme\nVIP, really",
        "lead_source": "Yelp",
        "bill_to": "Acme\n'=1+1",
        "since": row["since"],
        "jobs": "0",
        "carter_book": book_of(ours),
        "balance": "-12.50",
    }


def test_our_own_export_imported_again_changes_nothing(ours, ada, acme, tmp_path):
    write_xlsx(customers_table(ours, by=ada), tmp_path / "customers.xlsx")

    for content in (
        as_csv(customers_table(ours, by=ada)),
        (tmp_path / "customers.xlsx").read_bytes(),
    ):
        batch = an_import(ours, content, by=ada)
        assert (batch.shape, batch.counts) == ("carter", {"skipped": 1})


def test_our_export_carries_the_customers_into_another_book(ours, theirs, ada, acme):
    exported = as_csv(customers_table(ours, by=ada))

    an_import(theirs, exported)

    (here,), (there,) = rows_of(exported), rows_of(as_csv(customers_table(theirs, by=None)))
    for row in (here, there):
        del row["carter_book"], row["balance"]
    assert there == here


def test_a_row_added_to_our_export_is_a_new_customer(ours, ada, acme):
    content = as_csv(customers_table(ours, by=ada)) + b",Ann Lee,,residential,303 555 0199\r\n"

    batch = an_import(ours, content, by=ada)

    assert batch.counts == {"skipped": 1, "created": 1}
    assert ours.customers.get(name="Ann Lee").phones.get().text == "303 555 0199"


def test_a_phone_added_in_our_export_is_added_to_its_customer(ours, ada):
    bob = a_customer(ours, "Bob Smith", email="bob@example.com")
    content = as_csv(customers_table(ours, by=ada)).replace(b",,bob@", b",303 555 0142,bob@")

    batch = an_import(ours, content, by=ada)

    assert batch.counts == {"attached": 1}
    assert bob.phones.get().text == "303 555 0142"


TEXTS = st.text(alphabet="ab =+-@'\",;|:é１\n", min_size=1, max_size=12).map(str.strip).filter(bool)


@settings(max_examples=20, deadline=None)
@given(name=TEXTS.map(lambda text: " ".join(text.split())), bill_to=TEXTS)
@pytest.mark.django_db
def test_whatever_a_name_holds_it_comes_back_the_same(name, bill_to):
    ours, theirs = a_company(), a_company()
    a_customer(ours, name, bill_to=bill_to)

    again = an_import(ours, as_csv(customers_table(ours, by=None)))
    an_import(theirs, as_csv(customers_table(ours, by=None)))

    assert again.counts == {"skipped": 1}
    assert theirs.customers.values_list("name", "bill_to").get() == (name, bill_to)


def test_former_details_and_withdrawn_or_merged_customers_are_left_out(ours, ada, merged):
    bob = a_customer(ours, "Bob Smith", phone="303 555 0142")
    add_detail(bob, "phones", text="720 555 0177", by=ada)
    make_former(bob.phones.get(text="303 555 0142"), by=ada)
    merged(a_customer(ours, "Robert Smith"), bob)
    batch = an_import(ours, b"customer_id,name,company_name,category\n1,Ann,,\n", by=ada)
    undone(batch, by=ada)

    rows = rows_of(as_csv(customers_table(ours, by=ada)))

    assert [(row["name"], row["phone"], row["other_phones"]) for row in rows] == [
        ("Bob Smith", "720 555 0177", "")
    ]


def test_jobs_are_exported_with_what_was_said_and_owed(ours, ada):
    job = a_job(
        a_customer(ours, "Bob Smith"), by=ada, move_on=date(2026, 5, 1), move_size="studio",
        services=["moving", "packing"], estimate_cents=120_000, intake_notes="=1+1",
    )  # fmt: skip
    log_charge(customer=job.customer, job=job, kind="labour", amount_cents=99_000, by=ada)

    (row,) = rows_of(as_csv(jobs_table(ours, by=ada)))

    assert {name: text for name, text in row.items() if text} == {
        "job_id": "J-1",
        "stage": "Booked",
        "category": "residential",
        "customer_id": "C-1",
        "customer": "Bob Smith",
        "name": "Bob Smith",
        "move_on": "2026-05-01",
        "flexibility": "Exact day",
        "move_size": "Studio",
        "intake_notes": "'=1+1",
        "services": "Moving, Packing",
        "created": row["created"],
        "booked": row["booked"],
        "estimate": "1200.00",
        "charged": "990.00",
        "balance": "990.00",
    }


def test_amounts_days_and_text_keep_their_kind_in_xlsx(ours, ada, acme, tmp_path):
    a_lead(ours, "Bob", by=ada, move_on=date(2026, 5, 1), estimate_cents=120_050)
    write_xlsx(customers_table(ours, by=ada), tmp_path / "customers.xlsx")
    write_xlsx(jobs_table(ours, by=ada), tmp_path / "jobs.xlsx")

    customer, job = (first_of(tmp_path / name) for name in ("customers.xlsx", "jobs.xlsx"))

    assert (customer["company_name"], customer["balance"]) == (f"'{NASTY}", -12.5)
    assert (job["move_on"], job["estimate"]) == (date(2026, 5, 1), 1200.5)


def test_only_the_ticked_are_exported(ours, ada):
    bob, ann = a_customer(ours, "Bob"), a_customer(ours, "Ann")
    lead = a_lead(ours, "Ann", customer=ann)
    a_lead(ours, "Bob", customer=bob)

    assert [row[0] for row in customers_table(ours, ids=[ann.pk], by=ada).rows] == ["C-2"]
    assert [row[0] for row in jobs_table(ours, ids=[lead.pk], by=ada).rows] == ["J-1"]


def test_another_companys_rows_are_never_exported(ours, ada, stranger):
    theirs = a_lead(stranger.company, "Stella", by=stranger)

    assert list(customers_table(ours, ids=[theirs.customer_id], by=ada).rows) == []
    assert list(jobs_table(ours, ids=[theirs.pk], by=ada).rows) == []


def test_who_may_not_export_does_not(ours):
    sam = a_member(ours, Role.SALES)

    with pytest.raises(NotAllowed):
        customers_table(ours, by=sam)
    with pytest.raises(NotAllowed):
        jobs_table(ours, by=sam)


def test_a_long_list_is_read_in_pieces(ours, ada, monkeypatch, django_assert_num_queries):
    for number in range(7):
        a_customer(ours, f"Bob {number}")
    monkeypatch.setattr("carter.transfer.exporting.customers.AT_ONCE", 3)

    with django_assert_num_queries(3 * 7 + 1):
        rows = list(customers_table(ours, by=None).rows)

    assert [row[0] for row in rows] == [f"C-{number}" for number in range(1, 8)]
    assert {row[-1] for row in rows} == {Decimal("0.00")}
