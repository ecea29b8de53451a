"""Understanding a row about a customer."""

import re

from carter.customers.adding import NewCustomer
from carter.customers.models import Contact, Customer, Email
from carter.customers.names import fold
from carter.transfer.understanding.cells import LONGEST_NOTE, Cells
from carter.transfer.understanding.fields import Field, Shape
from carter.transfer.understanding.ours import (
    number_in,
    own_addresses,
    own_contacts,
    own_emails,
    own_phones,
    own_tags,
)
from carter.transfer.understanding.people import (
    Labelled,
    emails_in,
    kind_of_person,
    person_in,
    phones_in,
    refuse_rounded,
)
from carter.transfer.understanding.places import Place, place_of
from carter.transfer.understanding.said import OpeningBalance, RowRefused, Said, Setting
from carter.transfer.understanding.values import (
    CATEGORIES,
    COUNTRIES,
    cents_of,
    day_of,
    is_yes,
    moment_of,
)

F = Field

COUNTER = re.compile(r"\s*\(\d+\)$")
"""QuickBooks wants every name once: the second Craig Woll is called “Craig Woll (2)”."""
KINDS = frozenset(Customer.Kind.values)


def customer_said(line: int, cells: Cells, setting: Setting) -> Said:
    """The customer a row describes, with notes, opening balance and whatever else it says."""
    odd: list[str] = []
    new = _new_customer(cells, setting, odd)
    since = moment_of(cells[F.SINCE], setting.country, setting.zone) if cells[F.SINCE] else None
    if cells[F.SINCE] and since is None:
        odd.append(f"Customer since: {cells[F.SINCE]}")
    return Said(
        line=line,
        new=new,
        external_id=_external_id(cells, setting),
        fingerprint=cells.fingerprint,
        own_number=_own_number(cells, setting),
        notes=notes_of(cells, odd),
        tags=_tags(cells, setting),
        address_labels=own_addresses(cells)[1] if setting.shape == Shape.CARTER else (),
        since=since,
        opening=_opening(cells, setting),
        do_not_service=is_yes(cells[F.DO_NOT_SERVICE]),
        do_not_service_reason=cells[F.DO_NOT_SERVICE_REASON],
        remarks=[f"Kept in the notes: {text}." for text in odd],
    )


def notes_of(cells: Cells, odd: list[str]) -> tuple[str, ...]:
    """Each cell of notes as one, and one of all that Carter has no other place for."""
    lines = [f"{column}: {text}" for column, text in cells.named(F.NOTE)] + odd
    notes = (*cells.all(F.NOTES), *(["\n".join(lines)] if lines else []))
    if any(len(note) > LONGEST_NOTE for note in notes):
        raise RowRefused(f"The notes are too long: {LONGEST_NOTE:,} characters is the most.")
    return notes


def place_in(cells: Cells, odd: list[str]) -> Place:
    """The address of the row, as far as it is one; the rest goes to the notes."""
    place, left = place_of(
        cells[F.STREET],
        cells[F.UNIT],
        cells[F.CITY],
        cells[F.STATE],
        cells[F.POSTCODE],
        cells[F.ADDRESS],
    )
    if left:
        odd.append(f"Address: {left}")
    return place


def note_country(cells: Cells, setting: Setting, odd: list[str]) -> None:
    """A foreign country is kept in the notes: our addresses are of the company's own."""
    country = cells[F.COUNTRY]
    if country and COUNTRIES.get(fold(country)) != setting.country:
        odd.append(f"Country: {country}")


def category_of(cells: Cells, firm: str, odd: list[str]) -> str:
    """The Move Category said, else commercial when a company is named."""
    said = cells[F.CATEGORY]
    if said and fold(said) not in CATEGORIES:
        odd.append(f"Category: {said}")
    default = Customer.Category.COMMERCIAL if firm else Customer.Category.RESIDENTIAL
    return CATEGORIES.get(fold(said), default)


def external_id_of(cells: Cells) -> str:
    text = cells[F.EXTERNAL_ID]
    refuse_rounded("The id", text)
    return text


def _new_customer(cells: Cells, setting: Setting, odd: list[str]) -> NewCustomer:
    firm = cells[F.COMPANY_NAME]
    person, other_name = person_in(cells)
    if setting.shape == Shape.QUICKBOOKS:
        person = COUNTER.sub("", person)
    category = category_of(cells, firm, odd)
    kind = _kind(cells, firm, person, category)
    if other_name:
        odd.append(f"Name: {other_name}")
    if firm and kind != Customer.Kind.COMPANY and fold(firm) != fold(person):
        odd.append(f"Company: {firm}")
    note_country(cells, setting, odd)
    is_firm = kind == Customer.Kind.COMPANY
    phones, emails = _reached(cells, setting, is_firm, odd)
    return NewCustomer(
        name=(firm if is_firm and firm else person or firm) or _first(phones, emails),
        kind=kind,
        category=category,
        phones=phones,
        emails=emails,
        addresses=_addresses(cells, setting, odd),
        contacts=_contacts(cells, firm, person if is_firm else ""),
        lead_source=cells[F.LEAD_SOURCE],
        bill_to=cells[F.BILL_TO],
        origin=Customer.Origin.IMPORT,
    )


def _kind(cells: Cells, firm: str, person: str, category: str) -> str:
    said = fold(cells[F.KIND])
    if said in KINDS:
        return said
    if firm and category == Customer.Category.COMMERCIAL:
        return Customer.Kind.COMPANY
    return kind_of_person(person)


def _reached(
    cells: Cells, setting: Setting, is_firm: bool, odd: list[str]
) -> tuple[Labelled, Labelled]:
    if setting.shape == Shape.CARTER:
        return own_phones(cells), own_emails(cells)
    label = Email.Label.WORK if is_firm else Email.Label.PERSONAL
    return phones_in(cells, setting.country, odd), emails_in(cells, label, odd)


def _first(phones: Labelled, emails: Labelled) -> str:
    return next((text for text, _ in (*phones, *emails)), "")


def _addresses(
    cells: Cells, setting: Setting, odd: list[str]
) -> tuple[tuple[str, str, str, str], ...]:
    if setting.shape == Shape.CARTER:
        return own_addresses(cells)[0]
    place = place_in(cells, odd)
    if not place.street and any(place):
        odd.append(f"Address: {' '.join(filter(None, place))}")
    return (place,) if place.street else ()


def _contacts(cells: Cells, firm: str, person: str) -> Labelled:
    """The person of a company, and the contacts our own export lists."""
    listed = own_contacts(cells)
    if person and fold(person) != fold(firm) and person not in {name for name, _ in listed}:
        return ((person, Contact.Role.PRIMARY), *listed)
    return listed


def _external_id(cells: Cells, setting: Setting) -> str:
    said = external_id_of(cells)
    if setting.shape == Shape.QUICKBOOKS:
        said = said or cells[F.NAME]
    if setting.shape == Shape.CARTER and said:
        said = f"{cells[F.BOOK]} {number_in(said)}"
    return said


def _own_number(cells: Cells, setting: Setting) -> int | None:
    ours = setting.shape == Shape.CARTER and cells[F.BOOK] == setting.book
    return number_in(cells[F.EXTERNAL_ID]) if ours else None


def _tags(cells: Cells, setting: Setting) -> tuple[str, ...]:
    if setting.shape == Shape.CARTER:
        return own_tags(cells)
    said = (tag.strip() for text in cells.all(F.TAGS) for tag in re.split(r"[\n;,]", text))
    return tuple(dict.fromkeys(tag for tag in said if tag))


def _opening(cells: Cells, setting: Setting) -> OpeningBalance | None:
    """What was owed. Money that cannot be read must not get lost, so the row is refused."""
    amount, day = cells[F.OPENING_BALANCE], cells[F.OPENING_BALANCE_ON]
    cents = cents_of(amount) if amount else 0
    if cents is None:
        raise RowRefused(f"The opening balance “{amount}” is no amount.")
    on = day_of(day, setting.country) if day else None
    if cents and day and on is None:
        raise RowRefused(f"The day of the opening balance, “{day}”, is no day.")
    return OpeningBalance(cents, on) if cents else None
