"""Whose file it is, and what the columns of nobody's file hold."""

import pytest

from carter.transfer.understanding.fields import Field, Holds, Shape
from carter.transfer.understanding.shapes import (
    holds_of,
    is_header,
    mapping_of,
    recognise,
    signature,
)
from tests.transfer.importing import the_sample

OURS = "customer_id,name,company_name,category,phone,email,address"


def names(text: str) -> list[str]:
    return text.split(",")


@pytest.mark.parametrize(
    ("file", "shape"),
    [
        ("hubspot-contacts.csv", Shape.HUBSPOT),
        ("quickbooks-customers.csv", Shape.QUICKBOOKS),
        ("smartmoving-leads.csv", Shape.LEADS),
    ],
)
def test_the_samples_are_recognised(file, shape):
    header = the_sample(file).decode("utf-8-sig").splitlines()[0]

    assert recognise(names(header)) == shape
    assert recognise(names(header.upper())) == shape
    assert recognise(names(header)[::-1]) == shape


@pytest.mark.parametrize(
    ("header", "shape"),
    [(OURS, Shape.CUSTOMERS), (f"{OURS},carter_book", Shape.CARTER), ("file,line", Shape.OTHER)],
)
def test_customer_lists_are_recognised(header, shape):
    assert recognise(names(header)) == shape


def test_a_column_that_hubspot_added_is_kept_in_the_notes():
    columns = ["Record ID", "First Name", "Last Name", "Shoe size"]

    assert mapping_of(Shape.HUBSPOT, columns, []) == [
        Field.EXTERNAL_ID, Field.FIRST_NAME, Field.LAST_NAME, Field.NOTE,
    ]  # fmt: skip


def test_columns_of_another_file_are_proposed_by_name_and_content():
    columns = ["Client", "Cell", "Contact 1", "Contact 2", "Town", "Zip Code", "Shoe size"]
    rows = [["Bob Smith", "303", "bob@example.com", "(303) 555-0142", "Reno", "89501", "44"]]

    assert mapping_of(Shape.OTHER, columns, rows) == [
        Field.NAME, Field.MOBILE, Field.EMAIL, Field.PHONE, Field.CITY, Field.POSTCODE, Field.NOTE,
    ]  # fmt: skip


def test_what_only_one_column_can_hold_is_proposed_once():
    assert mapping_of(Shape.OTHER, ["Name", "Customer", "Phone", "Phone 2"], []) == [
        Field.NAME, Field.NOTE, Field.PHONE, Field.PHONE,
    ]  # fmt: skip


def test_a_file_with_move_dates_is_about_leads():
    mapping = mapping_of(Shape.OTHER, ["Name", "Phone", "Move Date"], [])

    assert holds_of(Shape.OTHER, mapping) == Holds.LEADS


def test_a_signature_ignores_case_and_spaces_but_not_order():
    assert signature(["Full Name", "E-mail"]) == signature(["full_name", "EMail"])
    assert signature(["name", "phone"]) != signature(["phone", "name"])


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["Customer Contact List", "", ""], False),
        (["Name", "Phone", "Email"], True),
        (["Bob Smith", "3035550142", "Reno"], False),
    ],
)
def test_column_names_are_told_from_data(cells, expected):
    assert is_header(cells) is expected
