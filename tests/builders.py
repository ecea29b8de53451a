"""Companies, people, customers, jobs and money, made by the deeds that make them in life."""

import itertools
from collections.abc import Iterable
from datetime import date

from carter.billing.invoicing import draft_invoice, issue_invoice
from carter.billing.ledger import log_charge, record_payment
from carter.billing.models import Charge, Invoice
from carter.companies.models import Company, Member, User
from carter.companies.opening import open_company
from carter.companies.rights import Role
from carter.customers.adding import NewCustomer, add_customer
from carter.customers.models import Customer
from carter.jobs.intake import take_lead
from carter.jobs.models import Job, Stage
from carter.jobs.moving import move_to_stage
from carter.storage.models import Location, StorageJob, Warehouse, Zone
from carter.storage.moving_in import move_in
from carter.storage.placing import place
from carter.storage.setting_up import add_locations, add_warehouse, add_zone
from carter.storage.taking import take_storage_job

PASSWORD = "boxes-and-blankets"

serial = itertools.count(1)


def a_company(name: str = "Ada’s Movers", *, owner: str = "Ada Owner", **settings) -> Company:
    """A company with its owner, whose address is their first name at the company's example.com."""
    member = open_company(
        name=name,
        owner_name=owner,
        owner_email=f"{owner.split(maxsplit=1)[0].lower()}.{next(serial)}@example.com",
        password=PASSWORD,
        **settings,
    )
    return member.company


def the_owner(company: Company) -> Member:
    return company.members.get(role=Role.OWNER)


def a_member(company: Company, role: str = Role.SALES, *, name: str = "Sam Sales") -> Member:
    """Somebody new who works in the company."""
    email = f"{name.split(maxsplit=1)[0].lower()}.{next(serial)}@example.com"
    user = User.objects.create_user(email, PASSWORD, name=name)
    return company.members.create(company=company, user=user, role=role)


def a_customer(
    company: Company,
    name: str = "Bob Smith",
    *,
    phone: str = "",
    email: str = "",
    street: str = "",
    by: Member | None = None,
    **fields,
) -> Customer:
    """A customer of the office, with a phone, an email and an address where given."""
    new = NewCustomer(
        name=name,
        phones=((phone, "mobile"),) if phone else (),
        emails=((email, "personal"),) if email else (),
        addresses=((street, "Denver", "CO", "80202"),) if street else (),
        **fields,
    )
    return add_customer(company=company, new=new, by=by)


def a_lead(
    company: Company,
    name: str = "Bob Smith",
    *,
    customer: Customer | None = None,
    by: Member | None = None,
    **intake,
) -> Job:
    """A new lead, with a customer of its own unless one is given."""
    return take_lead(company=company, intake={"name": name, **intake}, customer=customer, by=by)


def a_job(customer: Customer, *, by: Member | None = None, **intake) -> Job:
    """A booked move of the customer."""
    lead = a_lead(customer.company, customer.name, customer=customer, by=by, **intake)
    return move_to_stage(lead, Stage.BOOKED, by=by)


def a_charge(of: Job | Customer, amount_cents: int = 10_000, *, kind: str = "labour", **fields):
    """An amount owed for a job, or on a customer's account."""
    job, customer = (of, of.customer) if isinstance(of, Job) else (None, of)
    return log_charge(
        customer=customer, job=job, kind=kind, amount_cents=amount_cents, by=None, **fields
    )


def a_payment(of: Job | Customer, amount_cents: int = 10_000, *, method: str = "check", **fields):
    """Money received for a job, or on a customer's account."""
    job, customer = (of, of.customer) if isinstance(of, Job) else (None, of)
    return record_payment(
        customer=customer, job=job, method=method, amount_cents=amount_cents, by=None, **fields
    )


def an_invoice(charges: Iterable[Charge], *, on: date | None = None, **fields) -> Invoice:
    """An issued invoice over charges of one customer."""
    charges = list(charges)
    draft = draft_invoice(customer=charges[0].customer, charges=charges, by=None, **fields)
    return issue_invoice(draft, on=on, by=None)


def a_zone(company: Company, name: str = "Aisle A", *, warehouse: Warehouse | None = None) -> Zone:
    """A zone, in a warehouse of its own unless one is given."""
    warehouse = warehouse or add_warehouse(company, name=f"Warehouse {next(serial)}", by=None)
    return add_zone(warehouse, name=name, per_row=10, by=None)


def some_locations(
    company: Company, *names: str, kind: str = "vault", zone: Zone | None = None
) -> list[Location]:
    """Locations in one zone, of its own unless one is given."""
    names = names or ("V-001", "V-002", "V-003")
    return add_locations(zone or a_zone(company), kind=kind, names=names, by=None)


def a_storage_job(
    customer: Customer,
    *,
    on: date | None = None,
    locations: Iterable[Location] = (),
    from_move: Job | None = None,
    intake: dict[str, str] | None = None,
    by: Member | None = None,
    **terms,
) -> StorageJob:
    """Storage reserved for the customer; with `on`, the goods are in since that day.

    `terms` are fields of StorageJob, such as `monthly_price_cents` and `move_out_on`.
    """
    storage_job = take_storage_job(
        company=customer.company,
        intake=intake or {"name": customer.name},
        terms={"move_in_on": on, **terms},
        customer=customer,
        from_move=from_move,
        by=by,
    )
    if locations:
        first = storage_job.move_in_on or customer.company.today
        storage_job = place(storage_job, locations=locations, on=first, by=by)
    return move_in(storage_job, on=on, by=by) if on else storage_job
