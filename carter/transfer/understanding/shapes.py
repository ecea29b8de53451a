"""Recognising a file by its column names, and proposing what the columns of others hold."""

import hashlib
import re
from collections.abc import Sequence

from carter.customers.emails import email_key
from carter.customers.phones import phone_key
from carter.transfer.understanding.fields import SEVERAL, Field, Holds, Shape

F = Field

PLACE = {
    "street": F.STREET,
    "streetaddress": F.STREET,
    "address": F.ADDRESS,
    "city": F.CITY,
    "state": F.STATE,
    "stateregion": F.STATE,
    "province": F.STATE,
    "zip": F.POSTCODE,
    "zipcode": F.POSTCODE,
    "postalcode": F.POSTCODE,
    "postcode": F.POSTCODE,
    "country": F.COUNTRY,
    "countryregion": F.COUNTRY,
}
PERSON = {
    "firstname": F.FIRST_NAME,
    "lastname": F.LAST_NAME,
    "fullname": F.NAME,
    "companyname": F.COMPANY_NAME,
    "email": F.EMAIL,
    "phonenumber": F.PHONE,
    "notes": F.NOTES,
}
COLUMNS: dict[Shape, dict[str, Field]] = {
    Shape.HUBSPOT: {
        **PERSON,
        **PLACE,
        "recordid": F.EXTERNAL_ID,
        "recordidcontact": F.EXTERNAL_ID,
        "workemail": F.WORK_EMAIL,
        "mobilephonenumber": F.MOBILE,
        "faxnumber": F.FAX,
        "createdate": F.SINCE,
    },
    Shape.QUICKBOOKS: {
        **PERSON,
        **PLACE,
        "customer": F.NAME,
        "customername": F.NAME,
        "customerfullname": F.NAME,
        "company": F.COMPANY_NAME,
        "phone": F.PHONE,
        "mobile": F.MOBILE,
        "fax": F.FAX,
        "openingbalance": F.OPENING_BALANCE,
        "openingbalancedate": F.OPENING_BALANCE_ON,
    },
    Shape.LEADS: {
        **PERSON,
        "phonetype": F.PHONE_TYPE,
        "movedate": F.MOVE_ON,
        "movesize": F.MOVE_SIZE,
        "servicetype": F.SERVICE,
        "referralsource": F.LEAD_SOURCE,
        "originstreet": F.STREET,
        "origincity": F.CITY,
        "originstate": F.STATE,
        "originzip": F.POSTCODE,
        "originaddressfull": F.ADDRESS,
        "destinationstreet": F.DESTINATION_STREET,
        "destinationcity": F.DESTINATION_CITY,
        "destinationstate": F.DESTINATION_STATE,
        "destinationzip": F.DESTINATION_POSTCODE,
        "destinationaddressfull": F.DESTINATION,
    },
    Shape.CARTER: {
        "customerid": F.EXTERNAL_ID,
        "name": F.NAME,
        "companyname": F.COMPANY_NAME,
        "category": F.CATEGORY,
        "phone": F.PHONE,
        "email": F.EMAIL,
        "address": F.SKIP,
        "street": F.STREET,
        "city": F.CITY,
        "state": F.STATE,
        "postcode": F.POSTCODE,
        "kind": F.KIND,
        "leadsource": F.LEAD_SOURCE,
        "billto": F.BILL_TO,
        "donotservice": F.DO_NOT_SERVICE,
        "donotservicereason": F.DO_NOT_SERVICE_REASON,
        "phonelabel": F.PHONE_LABEL,
        "emaillabel": F.EMAIL_LABEL,
        "addresslabel": F.ADDRESS_LABEL,
        "otherphones": F.OTHER_PHONES,
        "otheremails": F.OTHER_EMAILS,
        "otheraddresses": F.OTHER_ADDRESSES,
        "contacts": F.CONTACTS,
        "tags": F.TAGS,
        "since": F.SINCE,
        "carterbook": F.BOOK,
    },
    Shape.CUSTOMERS: {
        **PLACE,
        "customerid": F.EXTERNAL_ID,
        "name": F.NAME,
        "companyname": F.COMPANY_NAME,
        "category": F.CATEGORY,
        "phone": F.PHONE,
        "email": F.EMAIL,
        "notes": F.NOTES,
    },
}
TELLTALE: dict[Shape, tuple[frozenset[str], ...]] = {
    Shape.HUBSPOT: (
        frozenset({"recordid", "firstname", "lastname"}),
        frozenset({"recordidcontact", "firstname", "lastname"}),
    ),
    Shape.QUICKBOOKS: (
        frozenset({"customer", "openingbalance"}),
        frozenset({"customer", "resalenumber"}),
        frozenset({"customerfullname", "openingbalance"}),
    ),
    Shape.LEADS: (frozenset({"phonenumber", "movedate", "movesize"}),),
    Shape.CARTER: (frozenset({"customerid", "name", "companyname", "carterbook"}),),
    Shape.CUSTOMERS: (frozenset({"customerid", "name", "companyname", "category"}),),
}
"""One of these sets of column names says whose file it is; tried from the first to the last."""

SYNONYMS: dict[Field, str] = {
    F.EXTERNAL_ID: "id customerid customernumber customerno contactid accountnumber accountid "
    "clientid recordid number no uuid",
    F.NAME: "name fullname customername customer contact contactname client clientname "
    "displayname person",
    F.FIRST_NAME: "firstname first givenname forename fname vorname prenom nombre",
    F.LAST_NAME: "lastname last surname familyname lname nachname nom apellido",
    F.COMPANY_NAME: "company companyname organization organisation business businessname firm "
    "account accountname employer firma",
    F.PHONE: "phone phonenumber telephone tel phoneno contactnumber primaryphone mainphone phone1 "
    "phone2 phone3 telefon telefono",
    F.MOBILE: "mobile mobilephone cell cellphone mobilenumber mobilephonenumber handy",
    F.HOME_PHONE: "homephone phonehome homenumber eveningphone",
    F.WORK_PHONE: "workphone phonework officephone businessphone dayphone workphonenumber",
    F.FAX: "fax faxnumber",
    F.PHONE_TYPE: "phonetype",
    F.EMAIL: "email emailaddress mail emails primaryemail email1 email2 correo courriel",
    F.WORK_EMAIL: "workemail businessemail billingemail",
    F.ADDRESS: "address fulladdress mailingaddress homeaddress currentaddress originaddress "
    "originaddressfull billingaddress movingfrom fromaddress from adresse direccion",
    F.STREET: "street streetaddress address1 addressline1 address street1 originstreet fromstreet "
    "line1 strasse",
    F.UNIT: "unit apt apartment suite address2 addressline2 street2 line2",
    F.CITY: "city town origincity fromcity ort ville ciudad",
    F.STATE: "state province region stateprovince stateregion originstate fromstate",
    F.POSTCODE: "zip zipcode postalcode postcode originzip fromzip plz",
    F.COUNTRY: "country countryregion",
    F.DESTINATION: "destination destinationaddress destinationaddressfull toaddress movingto to "
    "newaddress",
    F.DESTINATION_STREET: "destinationstreet tostreet",
    F.DESTINATION_UNIT: "destinationunit tounit",
    F.DESTINATION_CITY: "destinationcity tocity",
    F.DESTINATION_STATE: "destinationstate tostate",
    F.DESTINATION_POSTCODE: "destinationzip destinationzipcode destinationpostcode tozip",
    F.CATEGORY: "category movecategory customertype type",
    F.LEAD_SOURCE: "leadsource source referralsource referral howheard referredby",
    F.NOTES: "notes note comments comment remarks memo description",
    F.SINCE: "createdate created createdon createdat customersince since dateadded",
    F.TAGS: "tags tag labels",
    F.OPENING_BALANCE: "openingbalance balance balancedue openbalance",
    F.OPENING_BALANCE_ON: "openingbalancedate balancedate asof",
    F.MOVE_ON: "movedate moveon movingdate moveday requesteddate jobdate servicedate",
    F.MOVE_SIZE: "movesize size homesize homesizebedrooms",
    F.SERVICE: "servicetype services service servicesneeded",
    F.ESTIMATE: "estimate estimatedamount quote quoteamount estimatedprice",
}
FIELD_BY_NAME = {name: field for field, names in SYNONYMS.items() for name in names.split()}
LEAD_SIGNS = frozenset({F.MOVE_ON, F.MOVE_SIZE, F.DESTINATION, F.DESTINATION_CITY})


def squeezed(name: str) -> str:
    """A column name as it is compared: "Phone Number", phone_number and PhoneNumber are one."""
    return re.sub(r"[\W_]", "", name.casefold())


def recognise(columns: Sequence[str]) -> Shape:
    """Whose program wrote a file with these column names; OTHER when nobody's we know."""
    names = {squeezed(column) for column in columns}
    for shape, telltales in TELLTALE.items():
        if any(telltale <= names for telltale in telltales):
            return shape
    return Shape.OTHER


def is_header(cells: Sequence[str]) -> bool:
    """Whether a row reads like column names: a shape we know, or mostly words we know."""
    known = sum(squeezed(cell) in FIELD_BY_NAME for cell in cells)
    return recognise(cells) != Shape.OTHER or known >= max(2, len(cells) / 2)


def is_ours(cells: Sequence[str]) -> bool:
    return recognise(cells) == Shape.CARTER


def signature(columns: Sequence[str]) -> str:
    """The same for two files with the same columns in the same order."""
    return hashlib.sha256("\n".join(map(squeezed, columns)).encode()).hexdigest()[:32]


def mapping_of(shape: str, columns: Sequence[str], samples: Sequence[Sequence[str]]) -> list[Field]:
    """What each column holds: by the shape, else proposed from its name and some of its cells.

    A column nobody knows is kept in the notes, so that nothing is lost by default.
    """
    if shape == Shape.OTHER:
        return _proposed(columns, samples)
    known = COLUMNS[Shape(shape)]
    unknown = F.SKIP if shape == Shape.CARTER else F.NOTE
    return _once([known.get(squeezed(column), unknown) for column in columns])


def holds_of(shape: str, mapping: Sequence[str]) -> Holds:
    """Whether the rows are customers or leads."""
    if shape == Shape.LEADS or (shape == Shape.OTHER and LEAD_SIGNS.intersection(mapping)):
        return Holds.LEADS
    return Holds.CUSTOMERS


def _proposed(columns: Sequence[str], samples: Sequence[Sequence[str]]) -> list[Field]:
    proposed = []
    for place, column in enumerate(columns):
        field = FIELD_BY_NAME.get(re.sub(r"\d+$", "", squeezed(column)) or squeezed(column))
        field = FIELD_BY_NAME.get(squeezed(column), field)
        values = [row[place] for row in samples if place < len(row) and row[place]]
        proposed.append(field or _by_content(values))
    if F.CITY in proposed and F.ADDRESS in proposed and F.STREET not in proposed:
        proposed[proposed.index(F.ADDRESS)] = F.STREET
    return _once(proposed)


def _by_content(values: Sequence[str]) -> Field:
    if not values:
        return F.NOTE
    most = len(values) * 0.8
    if sum(bool(email_key(value)) for value in values) >= most:
        return F.EMAIL
    if sum(_looks_like_phone(value) for value in values) >= most:
        return F.PHONE
    return F.NOTE


def _looks_like_phone(value: str) -> bool:
    return len(re.sub(r"\D", "", value)) >= 10 and bool(phone_key(value, "US"))


def _once(fields: list[Field]) -> list[Field]:
    """A second column for what only one can hold is kept in the notes."""
    seen: set[Field] = set()
    for place, field in enumerate(fields):
        if field in seen and field not in SEVERAL:
            fields[place] = F.NOTE
        seen.add(field)
    return fields
