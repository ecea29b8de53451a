"""Taking a lead: what was said on the phone becomes a lead with its customer."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from carter.companies.models import Company, Member
from carter.companies.numbering import take_number
from carter.companies.rights import Right, require
from carter.customers.adding import NewCustomer, add_customer
from carter.customers.locking import lock_customer
from carter.customers.models import Customer
from carter.customers.names import person_name
from carter.jobs.models import Job
from carter.matching.keying import make_keys


class NothingToCallBack(Exception):
    """A lead needs a name, a phone or an email."""

    def __init__(self) -> None:
        super().__init__("Enter a name, a phone or an email: one of the three is enough.")


@transaction.atomic
def take_lead(
    *,
    company: Company,
    intake: Mapping[str, Any],
    customer: Customer | None = None,
    origin: str = Customer.Origin.LEAD,
    by: Member | None,
) -> Job:
    """Save a lead for a chosen customer, or with a customer of its own made from the intake.

    A chosen customer who was merged or linked away meanwhile is followed to where they went.
    `intake` holds fields of `Job`. Raises NothingToCallBack when it names nobody.
    """
    require(by, Right.EDIT)
    if intake.get("estimate_cents") is not None:
        require(by, Right.SEE_MONEY)
    if customer is None:
        if not any(intake.get(field) for field in ("name", "company_name", "phone", "email")):
            raise NothingToCallBack
        customer = add_customer(company=company, new=customer_said(intake, origin), by=by)
        make_keys(customer)
    else:
        customer = lock_customer(customer)
    job = company.jobs.create(
        company=company,
        customer=customer,
        born_to=customer,
        number=take_number(company, "job"),
        **intake,
    )
    job.record("took the lead", by=by)
    return job


def customer_said(intake: Mapping[str, Any], origin: str) -> NewCustomer:
    """The customer that an intake describes."""
    name, firm = intake.get("name", ""), intake.get("company_name", "")
    phone, email = intake.get("phone", ""), intake.get("email", "")
    commercial = intake.get("category") == Customer.Category.COMMERCIAL
    is_firm = bool(firm) and commercial
    return NewCustomer(
        name=(firm if is_firm else name or firm) or phone or email,
        kind=Customer.Kind.COMPANY if is_firm else _kind_of(name),
        category=intake.get("category", Customer.Category.RESIDENTIAL),
        phones=((phone, "mobile"),) if phone else (),
        emails=((email, "personal"),) if email else (),
        addresses=_home(intake),
        contacts=((name, "primary"),) if is_firm and name else (),
        lead_source=intake.get("lead_source", ""),
        origin=origin,
    )


def _kind_of(name: str) -> str:
    couple = person_name(name).partner_first
    return Customer.Kind.HOUSEHOLD if couple else Customer.Kind.PERSON


def _home(intake: Mapping[str, Any]) -> tuple[tuple[str, str, str, str], ...]:
    parts = tuple(
        intake.get(f"origin_{part}", "") for part in ("street", "city", "state", "postcode")
    )
    return ((parts[0], parts[1], parts[2], parts[3]),) if parts[0] else ()
