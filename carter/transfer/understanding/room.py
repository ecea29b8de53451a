"""Whether what a row says fits into the columns of the book: nothing is ever cut silently."""

from collections.abc import Iterator
from typing import Any

from carter.customers.models import Address, Contact, Customer, Email, ExternalId, Phone, Tag
from carter.jobs.models import Job
from carter.transfer.understanding.said import RowRefused, Said

Piece = tuple[str, str, int]


def room(model: type[Any], column: str) -> int:
    """The longest text a column of ours takes."""
    return int(model._meta.get_field(column).max_length)


PHONE, EMAIL = room(Phone, "text"), room(Email, "text")
CONTACT, TAG, ID = room(Contact, "name"), room(Tag, "name"), room(ExternalId, "value")
CUSTOMER = {
    "name": room(Customer, "name"),
    "lead_source": room(Customer, "lead_source"),
    "bill_to": room(Customer, "bill_to"),
}
ADDRESS = [(part, room(Address, part)) for part in ("street", "city", "state", "postcode")]
INTAKE = {
    field.name: field.max_length
    for field in Job._meta.concrete_fields
    if field.max_length and not field.choices
}


def refuse_what_has_no_room(said: Said) -> None:
    """Refuse a row that says more than one of our columns holds, and say which."""
    for what, text, longest in _pieces(said):
        if len(text) > longest:
            raise RowRefused(f"The {what} has {len(text):,} characters; {longest:,} is the most.")


def _pieces(said: Said) -> Iterator[Piece]:
    new = said.new
    for field, longest in CUSTOMER.items():
        yield field.replace("_", " "), getattr(new, field), longest
    yield from (("phone", text, PHONE) for text, _ in new.phones)
    yield from (("email", text, EMAIL) for text, _ in new.emails)
    yield from (("contact", text, CONTACT) for text, _ in new.contacts)
    yield from (("tag", text, TAG) for text in said.tags)
    yield "id", said.external_id, ID
    for address in new.addresses:
        for (part, longest), text in zip(ADDRESS, address, strict=True):
            yield part, text, longest
    if said.intake:
        for field, longest in INTAKE.items():
            yield field.replace("_", " "), str(said.intake.get(field) or ""), longest
