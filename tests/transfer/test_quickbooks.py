"""Files for QuickBooks Online: complete, of one name a customer, harmless."""

import csv
import io
from datetime import date

import pytest

from carter.billing.crediting import credit_invoice
from carter.billing.invoicing import void_invoice
from carter.billing.ledger import give_credit
from carter.billing.taking_back import refund_payment, return_payment, void_payment
from carter.companies.rights import NotAllowed, Role
from carter.customers.adding import NewCustomer, add_customer
from carter.jobs.linking import link_job
from carter.transfer.exporting.files import csv_pieces
from carter.transfer.exporting.quickbooks.files import quickbooks_tables, write_folder
from carter.transfer.exporting.quickbooks.names import names_of
from tests.builders import (
    a_charge,
    a_customer,
    a_job,
    a_lead,
    a_member,
    a_payment,
    an_invoice,
)

ALWAYS = (None, None)


def files_of(company, days=ALWAYS) -> dict[str, list[dict[str, str]]]:
    """Each file's rows, as a program reads them."""
    found = {}
    for name, table in quickbooks_tables(company, days=days, by=None):
        text = b"".join(csv_pieces(table)).decode("utf-8-sig")
        found[name] = list(csv.DictReader(io.StringIO(text, newline="")))
    return found


def test_a_customer_comes_with_how_they_are_reached(ours):
    add_customer(
        company=ours,
        new=NewCustomer(
            name="Ann Lee",
            phones=[("(303) 555-0142", "mobile")],
            emails=[("ann@example.com", "home")],
            addresses=[("1 Elm St", "Denver", "CO", "80205")],
        ),
        by=None,
    )

    [row] = files_of(ours)["customers-1.csv"]

    assert row == {
        "Name": "Ann Lee",
        "Company": "",
        "Email": "ann@example.com",
        "Phone": "(303) 555-0142",
        "Mobile": "",
        "Street": "1 Elm St",
        "City": "Denver",
        "State": "CO",
        "ZIP": "80205",
        "Customer ID": "C-1",
    }


@pytest.mark.parametrize(
    ("names", "in_quickbooks"),
    [
        (["Ann Lee", "ann lee", "Ann  Lee"], ["Ann Lee", "ann lee (C-2)", "Ann Lee (C-3)"]),
        (['Acme: "North"\tInc', ":"], ["Acme North Inc", "C-2"]),
        (["x" * 150, "x" * 150], ["x" * 100, "x" * 94 + " (C-2)"]),
        (["=1+1"], ["=1+1"]),
    ],
)
def test_every_record_has_a_name_that_quickbooks_takes_once(ours, names, in_quickbooks):
    for name in names:
        a_customer(ours, name)

    found = list(names_of(ours).values())

    assert found == in_quickbooks
    assert all(len(name) <= 100 for name in found)


def test_an_invoice_comes_line_by_line_as_it_was_issued(ours):
    ours.tax_rate_millionths = 88_100
    ours.save()
    job = a_job(a_customer(ours, "Ann Lee"))
    charges = [
        a_charge(job, 122_850, on=date(2026, 3, 1), description="3 movers"),
        a_charge(job, -5_000, kind="discount", on=date(2026, 3, 1)),
    ]
    an_invoice(charges, on=date(2026, 3, 2), terms="net-30", notes="Thanks", purchase_order="77")

    rows = files_of(ours)["invoices-1.csv"]

    assert rows[0] == {
        "*InvoiceNo": "INV-1",
        "*Customer": "Ann Lee",
        "*InvoiceDate": "03/02/2026",
        "*DueDate": "04/01/2026",
        "Terms": "Net 30",
        "Memo": "PO 77 Thanks",
        "Item(Product/Service)": "Labour",
        "ItemDescription": "J-1 3 movers",
        "ItemQuantity": "1.000",
        "ItemRate": "1228.50",
        "*ItemAmount": "1228.50",
        "Taxable": "N",
        "TaxRate": "",
        "Service Date": "03/01/2026",
    }
    assert (rows[1]["*InvoiceNo"], rows[1]["*ItemAmount"]) == ("INV-1", "-50.00")


def test_void_invoices_and_other_days_are_left_out(ours):
    job = a_job(a_customer(ours, "Ann Lee"))
    for day in (1, 2, 3):
        an_invoice([a_charge(job, on=date(2026, 3, day))], on=date(2026, 3, day))
    void_invoice(ours.invoices.get(number=2), reason="Wrong", by=None)

    assert [row["*InvoiceNo"] for row in files_of(ours)["invoices-1.csv"]] == ["INV-1", "INV-3"]
    later = files_of(ours, (date(2026, 3, 2), None))
    assert [row["*InvoiceNo"] for row in later["invoices-1.csv"]] == ["INV-3"]
    assert "invoices-1.csv" not in files_of(ours, (None, date(2026, 2, 28)))


def test_credits_come_without_what_was_taken_back(ours):
    customer = a_customer(ours, "Ann Lee")
    invoice = an_invoice([a_charge(a_job(customer), 10_000)])
    credit_invoice(invoice, amount_cents=4_000, reason="Late", by=None)
    kept = give_credit(customer=customer, job=None, amount_cents=900, description="Sorry", by=None)
    void_payment(
        give_credit(customer=customer, job=None, amount_cents=100, description="Oops", by=None),
        reason="Wrong",
        by=None,
    )

    rows = files_of(ours)["credits-1.csv"]

    assert [(row["*CreditNoteNo"], row["Memo"], row["*ItemAmount"]) for row in rows] == [
        ("CN-1", "For INV-1", "40.00"),
        (f"CR-{kept.pk}", "", "9.00"),
    ]


def test_a_payment_says_what_it_was_applied_to(ours):
    customer = a_customer(ours, "Ann Lee")
    job = a_job(customer)
    an_invoice([a_charge(job, 10_000)])
    payment = a_payment(job, 15_000, method="check", reference="1042")

    rows = files_of(ours)["payments.csv"]

    said = [tuple(row.values()) for row in rows]
    head = (f"R-{payment.pk}", "Ann Lee", f"{ours.today:%m/%d/%Y}", "Check", "1042", "150.00")
    assert said == [(*head, "INV-1", "100.00"), (*head, "", "50.00")]


def test_what_went_back_is_said_apart_and_voids_not_at_all(ours):
    customer = a_customer(ours, "Ann Lee")
    refunded, bounced, wrong = (a_payment(customer, cents) for cents in (10_000, 20_000, 30_000))
    refund_payment(refunded, amount_cents=4_000, by=None)
    return_payment(bounced, by=None)
    void_payment(wrong, reason="Wrong", by=None)

    files = files_of(ours)

    assert [row["Total Amount"] for row in files["payments.csv"]] == ["100.00", "200.00"]
    assert [(row["Kind"], row["Payment No"], row["Amount"]) for row in files["refunds.csv"]] == [
        ("Refund", f"R-{refunded.pk}", "40.00"),
        ("Returned payment", f"R-{bounced.pk}", "200.00"),
    ]


def test_a_linked_record_leads_to_who_has_its_money_and_keeps_its_name(ours, ada):
    known = a_customer(ours, "Ann Lee", phone="303 555 0142")
    lead = a_lead(ours, "Ann Lee", phone="303 555 0142")
    before = names_of(ours)
    an_invoice([a_charge(lead)])

    link_job(lead, to=known, by=ada)
    files = files_of(ours)

    assert names_of(ours) == before
    assert [row["Name"] for row in files["customers-1.csv"]] == ["Ann Lee"]
    assert [row["*Customer"] for row in files["invoices-1.csv"]] == ["Ann Lee"]
    assert [tuple(row.values()) for row in files["merged.csv"]] == [
        ("Ann Lee (C-2)", "C-2", "Ann Lee", "C-1")
    ]


def test_files_are_no_longer_than_quickbooks_takes_and_keep_invoices_whole(ours, monkeypatch):
    monkeypatch.setattr("carter.transfer.exporting.quickbooks.files.MOST_ROWS", 5)
    monkeypatch.setattr("carter.transfer.exporting.quickbooks.files.MOST_DOCUMENTS", 3)
    for _ in range(4):
        job = a_job(a_customer(ours, "Ann Lee"))
        an_invoice([a_charge(job), a_charge(job)])
    for _ in range(4):
        an_invoice([a_charge(a_job(a_customer(ours, "Bob")))])

    files = files_of(ours)

    invoices = [rows for name, rows in files.items() if name.startswith("invoices")]
    assert [len(rows) for rows in invoices] == [4, 5, 3]
    assert [len({row["*InvoiceNo"] for row in rows}) for rows in invoices] == [2, 3, 3]
    assert [len(rows) for name, rows in files.items() if name.startswith("customers")] == [5, 3]


def test_nothing_is_another_companys(ours, theirs):
    an_invoice([a_charge(a_job(a_customer(theirs, "Zanzibar")))])
    a_payment(a_customer(theirs, "Zanzibar"))

    assert {name: len(rows) for name, rows in files_of(ours).items() if rows} == {}


def test_a_cell_runs_in_no_spreadsheet(ours):
    a_customer(ours, "=cmd|' /C calc'!A0")

    [row] = files_of(ours)["customers-1.csv"]

    assert row["Name"].startswith("'=")


def test_days_are_written_as_the_country_does(ours, tmp_path):
    ours.country = "GB"
    ours.save()
    an_invoice([a_charge(a_job(a_customer(ours)), on=date(2026, 3, 1))], on=date(2026, 3, 2))

    made = write_folder(ours, tmp_path, days=ALWAYS, by=None)

    assert sorted(path.name for path in made) == [
        "README.txt",
        "customers-1.csv",
        "invoices-1.csv",
        "merged.csv",
        "payments.csv",
        "refunds.csv",
    ]
    assert "02/03/2026" in (tmp_path / "invoices-1.csv").read_text()
    assert "DD/MM/YYYY" in (tmp_path / "README.txt").read_text()


@pytest.mark.parametrize("role", [Role.SALES, Role.DISPATCHER, Role.READ_ONLY])
def test_it_takes_the_rights_to_export_and_to_see_money(ours, role):
    with pytest.raises(NotAllowed):
        quickbooks_tables(ours, days=ALWAYS, by=a_member(ours, role))
