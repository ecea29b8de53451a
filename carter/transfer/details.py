"""The phones, emails, addresses and contacts that a row gives, as rows of the book."""

from collections.abc import Iterator
from itertools import chain, repeat
from typing import Any

from carter.customers.models import Address, Contact, Customer, Detail, Email, Phone
from carter.transfer.understanding.said import Said

DETAILS: dict[str, type[Detail]] = {
    "phones": Phone,
    "emails": Email,
    "addresses": Address,
    "contacts": Contact,
}


def details_of(said: Said, customer: Customer) -> dict[str, list[Any]]:
    """The details a row gives a customer, by kind, not saved yet, with their keys.

    `save()` makes the keys; what is written in bulk has to bring them.
    """
    found: dict[str, list[Any]] = {
        "phones": list(_phones(said, customer)),
        "emails": list(_emails(said, customer)),
        "addresses": list(_addresses(said, customer)),
        "contacts": list(_contacts(said, customer)),
    }
    return {kind: details for kind, details in found.items() if details}


def _phones(said: Said, customer: Customer) -> Iterator[Phone]:
    for text, label in said.new.phones:
        phone = Phone(**_of(customer), text=text, label=label)
        phone.set_key(customer.company.country)
        yield phone


def _emails(said: Said, customer: Customer) -> Iterator[Email]:
    for text, label in said.new.emails:
        email = Email(**_of(customer), text=text, label=label)
        email.set_key()
        yield email


def _addresses(said: Said, customer: Customer) -> Iterator[Address]:
    labels = chain(said.address_labels, repeat(Address.Label.HOME))
    for place, label in zip(said.new.addresses, labels, strict=False):
        street, city, state, postcode = place
        address = Address(
            **_of(customer),
            street=street,
            city=city,
            state=state,
            postcode=postcode,
            label=label,
        )
        address.set_key()
        yield address


def _contacts(said: Said, customer: Customer) -> Iterator[Contact]:
    for name, role in said.new.contacts:
        yield Contact(**_of(customer), name=name, role=role)


def _of(customer: Customer) -> dict[str, Any]:
    return {
        "company_id": customer.company_id,
        "customer_id": customer.pk,
        "born_to_id": customer.pk,
    }
