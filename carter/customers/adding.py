"""Adding a customer, by whatever door they come in."""

from dataclasses import dataclass, field

from django.db import transaction

from carter.companies.models import Company, Member
from carter.companies.numbering import take_number
from carter.companies.rights import Right, require
from carter.customers.models import Customer


@dataclass(frozen=True)
class NewCustomer:
    """What is known of somebody when they are added; everything but the name may be missing.

    `phones` and `emails` pair the text as typed with a label, `addresses` are
    (street, city, state, postcode), `contacts` pair a name with a role.
    """

    name: str
    kind: str = Customer.Kind.PERSON
    category: str = Customer.Category.RESIDENTIAL
    phones: tuple[tuple[str, str], ...] = ()
    emails: tuple[tuple[str, str], ...] = ()
    addresses: tuple[tuple[str, str, str, str], ...] = ()
    contacts: tuple[tuple[str, str], ...] = ()
    lead_source: str = ""
    bill_to: str = ""
    origin: str = field(default=Customer.Origin.OFFICE)


@transaction.atomic
def add_customer(*, company: Company, new: NewCustomer, by: Member | None) -> Customer:
    """A new customer with everything known of them, and the first line of their History."""
    require(by, Right.EDIT)
    customer = company.customers.create(
        company=company,
        number=take_number(company, "customer"),
        name=new.name,
        kind=new.kind,
        category=new.category,
        lead_source=new.lead_source,
        bill_to=new.bill_to,
        origin=new.origin,
    )
    for place, (text, label) in enumerate(new.phones):
        customer.phones.create(text=text, label=label, is_primary=place == 0)
    for place, (text, label) in enumerate(new.emails):
        customer.emails.create(text=text, label=label, is_primary=place == 0)
    for place, (street, city, state, postcode) in enumerate(new.addresses):
        customer.addresses.create(
            street=street, city=city, state=state, postcode=postcode, is_primary=place == 0
        )
    for place, (name, role) in enumerate(new.contacts):
        customer.contacts.create(name=name, role=role, is_primary=place == 0)
    customer.record("added the customer", by=by)
    return customer
