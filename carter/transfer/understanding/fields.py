"""What a column can hold."""

from django.db import models


class Field(models.TextChoices):
    """One meaning of a column; the label stands in the mapping screen."""

    SKIP = "skip", "Do not import"
    NOTE = "note", "Keep in the notes"
    EXTERNAL_ID = "external-id", "Their number or id in the other system"

    NAME = "name", "Full name"
    FIRST_NAME = "first-name", "First name"
    LAST_NAME = "last-name", "Last name"
    COMPANY_NAME = "company-name", "Company name"
    PHONE = "phone", "Phone"
    MOBILE = "mobile", "Mobile phone"
    HOME_PHONE = "home-phone", "Home phone"
    WORK_PHONE = "work-phone", "Work phone"
    FAX = "fax", "Fax"
    PHONE_TYPE = "phone-type", "Kind of phone"
    EMAIL = "email", "Email"
    WORK_EMAIL = "work-email", "Work email"

    ADDRESS = "address", "Address in one cell"
    STREET = "street", "Street"
    UNIT = "unit", "Apartment or unit"
    CITY = "city", "City"
    STATE = "state", "State"
    POSTCODE = "postcode", "ZIP or postal code"
    COUNTRY = "country", "Country"

    DESTINATION = "destination", "Moving to: address in one cell"
    DESTINATION_STREET = "destination-street", "Moving to: street"
    DESTINATION_UNIT = "destination-unit", "Moving to: apartment or unit"
    DESTINATION_CITY = "destination-city", "Moving to: city"
    DESTINATION_STATE = "destination-state", "Moving to: state"
    DESTINATION_POSTCODE = "destination-postcode", "Moving to: ZIP or postal code"

    CATEGORY = "category", "Move Category"
    LEAD_SOURCE = "lead-source", "Lead source"
    NOTES = "notes", "Notes"
    SINCE = "since", "Customer since"
    TAGS = "tags", "Tags"
    OPENING_BALANCE = "opening-balance", "Opening balance"
    OPENING_BALANCE_ON = "opening-balance-on", "Day of the opening balance"

    MOVE_ON = "move-on", "Move date"
    MOVE_SIZE = "move-size", "Move size"
    SERVICE = "service", "Services"
    ESTIMATE = "estimate", "Estimated amount"

    KIND = "kind", "Kind of customer"
    BILL_TO = "bill-to", "Bill to"
    DO_NOT_SERVICE = "do-not-service", "Do not service: yes or no"
    DO_NOT_SERVICE_REASON = "do-not-service-reason", "Do not service: why"
    PHONE_LABEL = "phone-label", "Label of the phone"
    EMAIL_LABEL = "email-label", "Label of the email"
    ADDRESS_LABEL = "address-label", "Label of the address"
    OTHER_PHONES = "other-phones", "More phones, one a line"
    OTHER_EMAILS = "other-emails", "More emails, one a line"
    OTHER_ADDRESSES = "other-addresses", "More addresses, one a line"
    CONTACTS = "contacts", "Contacts, one a line"
    BOOK = "book", "The book it was exported from"


class Holds(models.TextChoices):
    """What each row of a file is about."""

    CUSTOMERS = "customers", "Customers"
    LEADS = "leads", "Leads"


class Shape(models.TextChoices):
    """Whose program wrote the file."""

    HUBSPOT = "hubspot", "HubSpot contacts"
    QUICKBOOKS = "quickbooks", "QuickBooks customers"
    LEADS = "leads", "SmartMoving lead provider"
    CARTER = "carter", "Carter’s own export"
    CUSTOMERS = "customers", "A plain customer list"
    OTHER = "other", "Another file"


ONLY_OURS = frozenset(
    {
        Field.KIND,
        Field.BILL_TO,
        Field.DO_NOT_SERVICE,
        Field.DO_NOT_SERVICE_REASON,
        Field.PHONE_LABEL,
        Field.EMAIL_LABEL,
        Field.ADDRESS_LABEL,
        Field.OTHER_PHONES,
        Field.OTHER_EMAILS,
        Field.OTHER_ADDRESSES,
        Field.CONTACTS,
        Field.BOOK,
    }
)
"""Columns of Carter's own export, not offered for other files."""

ONLY_LEADS = frozenset(
    {
        Field.DESTINATION,
        Field.DESTINATION_STREET,
        Field.DESTINATION_UNIT,
        Field.DESTINATION_CITY,
        Field.DESTINATION_STATE,
        Field.DESTINATION_POSTCODE,
        Field.MOVE_ON,
        Field.MOVE_SIZE,
        Field.SERVICE,
        Field.ESTIMATE,
    }
)
ONLY_CUSTOMERS = ONLY_OURS | {
    Field.SINCE,
    Field.TAGS,
    Field.OPENING_BALANCE,
    Field.OPENING_BALANCE_ON,
}

SEVERAL = frozenset(
    {
        Field.SKIP,
        Field.NOTE,
        Field.NOTES,
        Field.TAGS,
        Field.PHONE,
        Field.MOBILE,
        Field.HOME_PHONE,
        Field.WORK_PHONE,
        Field.FAX,
        Field.EMAIL,
        Field.WORK_EMAIL,
    }
)
"""What more than one column may hold."""

NAMES_SOMEBODY = frozenset(
    {Field.NAME, Field.FIRST_NAME, Field.LAST_NAME, Field.COMPANY_NAME}
    | {Field.PHONE, Field.MOBILE, Field.HOME_PHONE, Field.WORK_PHONE}
    | {Field.EMAIL, Field.WORK_EMAIL}
)


def offered(holds: str) -> list[Field]:
    """The meanings to choose from for a file of customers or of leads."""
    others = ONLY_LEADS if holds == Holds.CUSTOMERS else ONLY_CUSTOMERS
    return [field for field in Field if field not in others and field not in ONLY_OURS]
