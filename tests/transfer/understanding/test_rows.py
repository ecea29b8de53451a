"""What one row says of somebody."""

from zoneinfo import ZoneInfo

import pytest

from carter.transfer.reading.spooling import Row
from carter.transfer.understanding.cells import Columns
from carter.transfer.understanding.fields import Field, Holds, Shape
from carter.transfer.understanding.rows import EmptyRow, understand
from carter.transfer.understanding.said import OpeningBalance, RowRefused, Setting


def said(*, shape=Shape.OTHER, holds=Holds.CUSTOMERS, country="US", **cells):
    """What a row with these cells says; the names are meanings with _ for -."""
    fields = [Field(name.replace("_", "-")) for name in cells]
    columns = Columns([field.label for field in fields], fields)
    setting = Setting(shape, holds, country, ZoneInfo("America/Denver"), book="b00c")
    return understand(Row(2, list(cells.values())), columns, setting)


def lead(**cells):
    return said(holds=Holds.LEADS, **cells)


def refusal(**cells) -> str:
    with pytest.raises(RowRefused) as refused:
        said(**cells)
    return str(refused.value)


def test_first_and_last_name_make_the_name():
    new = said(first_name="Bob", last_name="Smith", phone="303-555-0142").new

    assert (new.name, new.kind, new.category) == ("Bob Smith", "person", "residential")
    assert new.phones == (("303-555-0142", "mobile"),)


@pytest.mark.parametrize(
    ("first", "last", "kind"),
    [
        ("Mary & John", "O'Brien", "household"),
        ("Mary and John", "O'Brien", "household"),
        ("The Smith", "Family", "household"),
        ("Anderson", "Andy", "person"),
    ],
)
def test_two_people_are_a_household(first, last, kind):
    assert said(first_name=first, last_name=last).new.kind == kind


def test_a_company_has_the_person_as_its_contact():
    new = said(first_name="Robert", last_name="Carrasco", company_name="Boyd Solutions Inc").new

    assert (new.name, new.kind, new.category) == ("Boyd Solutions Inc", "company", "commercial")
    assert new.contacts == (("Robert Carrasco", "primary"),)


def test_a_residential_customers_company_is_kept_in_the_notes():
    row = said(name="Bob Smith", company_name="Acme", category="residential")

    assert (row.new.name, row.new.kind, row.notes) == ("Bob Smith", "person", ("Company: Acme",))


def test_quickbooks_number_behind_a_second_name_is_no_part_of_the_name():
    row = said(shape=Shape.QUICKBOOKS, name="Craig Woll (2)", phone="775-742-2636")

    assert (row.new.name, row.external_id) == ("Craig Woll", "Craig Woll (2)")


def test_a_quickbooks_company_named_twice_has_no_contact():
    row = said(shape=Shape.QUICKBOOKS, name="High Motors", company_name="High Motors")

    assert (row.new.name, row.new.contacts) == ("High Motors", ())


def test_several_phones_and_emails_in_one_cell_are_several():
    new = said(
        name="Bob",
        phone="303-555-0142 / 720-555-0199",
        email="bob@example.com; bob@example.org",
        fax="303 555 0100",
    ).new

    assert new.phones == (
        ("303-555-0142", "mobile"), ("720-555-0199", "mobile"), ("303 555 0100", "fax"),
    )  # fmt: skip
    assert new.emails == (("bob@example.com", "personal"), ("bob@example.org", "personal"))


def test_what_is_no_phone_and_no_email_is_kept_in_the_notes_and_said():
    row = said(name="Bob", phone="call the office", email="has none")

    assert (row.new.phones, row.new.emails) == ((), ())
    assert row.notes == ("Phone: call the office\nEmail: has none",)
    assert row.remarks == [
        "Kept in the notes: Phone: call the office.",
        "Kept in the notes: Email: has none.",
    ]


def test_a_dash_for_nothing_is_nothing():
    row = said(name="Bob", phone="n/a", email="-")

    assert (row.new.phones, row.new.emails, row.notes) == ((), (), ())


def test_an_opening_balance_is_cents_on_a_day():
    row = said(name="Bob", opening_balance="2,750.00", opening_balance_on="01/05/2026")

    assert (row.opening.cents, row.opening.on.isoformat()) == (275_000, "2026-01-05")


def test_an_opening_balance_without_a_day_has_none_yet():
    assert said(name="Bob", opening_balance="10").opening == OpeningBalance(1_000, None)


def test_an_opening_balance_of_nothing_is_nothing():
    assert said(name="Bob", opening_balance="0.00", opening_balance_on="soon").opening is None


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (
            {"street": "12 Oak St"},
            "The row names nobody: it has no name, no phone and no email.",
        ),
        (
            {"phone": "n/a"},
            "The row names nobody: it has no name, no phone and no email.",
        ),
        (
            {"name": "B" * 301},
            "“Full name” has 301 characters; 300 is the most.",
        ),
        (
            {"first_name": "B" * 200, "last_name": "S" * 200},
            "The name has 401 characters; 300 is the most.",
        ),
        (
            {"name": "Bob", "notes": "x" * 10_001},
            "The notes are too long: 10,000 characters is the most.",
        ),
        (
            {"name": "Bob", "tags": "x" * 51},
            "The tag has 51 characters; 50 is the most.",
        ),
        (
            {"name": "Bob", "phone": "1.30356E+10"},
            (
                "“Phone” holds 1.30356E+10: a spreadsheet has rounded the number. "
                "Make the column a text column and export again."
            ),
        ),
        (
            {"name": "Bob", "email": "#REF!"},
            "“Email” holds #REF!: a formula that failed.",
        ),
        (
            {"name": "Bob", "opening_balance": "a lot"},
            "The opening balance “a lot” is no amount.",
        ),
        (
            {"name": "Bob", "opening_balance": "10", "opening_balance_on": "13/45/2026"},
            "The day of the opening balance, “13/45/2026”, is no day.",
        ),
    ],
)
def test_what_cannot_be_taken_is_refused_with_the_reason(cells, reason):
    assert refusal(**cells) == reason


def test_a_formula_is_kept_as_text_and_said():
    row = said(name="=cmd|' /C calc'!A0", phone="303-555-0142")

    assert row.new.name == "=cmd|' /C calc'!A0"
    assert row.remarks == ["“Full name” is a formula: kept as text."]


def test_an_empty_row_is_neither_taken_nor_refused():
    with pytest.raises(EmptyRow):
        said(name="", phone="")


def test_a_row_with_a_problem_is_refused_with_it():
    columns = Columns(["name"], [Field.NAME])
    setting = Setting(Shape.OTHER, Holds.CUSTOMERS, "US", ZoneInfo("UTC"), "b00c")

    with pytest.raises(RowRefused, match=r"^A quotation mark\.$"):
        understand(Row(2, ["Bob"], "A quotation mark."), columns, setting)


def test_a_lead_is_what_was_said():
    row = lead(
        name="Marie Thomas",
        phone="510-989-7924",
        phone_type="Work",
        move_on="20261111",
        move_size="2 Bedroom House",
        service="Moving and Storage",
        street="3381 Green Blvd",
        city="Oakland",
        state="CA",
        postcode="94667",
        destination="733 Miller Road #514 Wilmington 19836",
        lead_source="Referral",
        notes="Has a piano.",
        note="bing",
    )

    assert {name: value for name, value in row.intake.items() if value} == {
        "category": "residential",
        "name": "Marie Thomas",
        "phone": "510-989-7924",
        "move_on": row.intake["move_on"],
        "move_size": "2-bedroom",
        "services": ["moving", "storage"],
        "origin_street": "3381 Green Blvd",
        "origin_city": "Oakland",
        "origin_state": "CA",
        "origin_postcode": "94667",
        "destination_street": "733 Miller Road #514",
        "destination_city": "Wilmington",
        "destination_postcode": "19836",
        "lead_source": "Referral",
        "intake_notes": "Has a piano.\nKeep in the notes: bing",
    }
    assert row.intake["move_on"].isoformat() == "2026-11-11"
    assert row.new.phones == (("510-989-7924", "work"),)


def test_a_company_in_a_leads_note_is_the_leads_company():
    row = lead(name="Kyle Batten", notes="Company: Hudson Dental Corp\nRing twice.")

    assert (row.intake["company_name"], row.intake["category"]) == (
        "Hudson Dental Corp",
        "commercial",
    )
    assert row.intake["intake_notes"] == "Ring twice."
    assert (row.new.name, row.new.contacts) == (
        "Hudson Dental Corp",
        (("Kyle Batten", "primary"),),
    )


def test_what_a_lead_cannot_hold_is_kept_in_its_notes_and_said():
    row = lead(name="Bob", move_size="Castle", move_on="in spring", estimate="cheap")

    assert row.intake["intake_notes"] == "Move date: in spring\nEstimate: cheap\nMove size: Castle"
    assert row.remarks == [
        "Kept in the notes: Move date: in spring.",
        "Kept in the notes: Estimate: cheap.",
        "Kept in the notes: Move size: Castle.",
    ]


def test_a_fingerprint_follows_what_is_said_not_empty_cells():
    assert said(name="Bob", phone="").fingerprint == said(name="Bob").fingerprint
    assert said(name="Bob").fingerprint != said(name="Rob").fingerprint
