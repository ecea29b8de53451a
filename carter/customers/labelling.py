"""Tags on customers."""

from django.db import transaction

from carter.companies.models import Member
from carter.companies.rights import Right, require
from carter.customers.models import Customer


@transaction.atomic
def tag_customer(customer: Customer, name: str, *, by: Member | None) -> None:
    """Put a tag on a customer; a tag the office does not have yet is made."""
    require(by, Right.EDIT)
    company = customer.company
    tag = company.tags.filter(name__iexact=name).first()
    tag = tag or company.tags.create(company=company, name=name)
    if not customer.customer_tags.filter(tag=tag).exists():
        customer.customer_tags.create(tag=tag)
        customer.record(f"added the tag {tag}", by=by)


@transaction.atomic
def untag_customer(customer: Customer, name: str, *, by: Member | None) -> None:
    """Take a tag off a customer."""
    require(by, Right.EDIT)
    removed, _ = customer.customer_tags.filter(tag__name__iexact=name).delete()
    if removed:
        customer.record(f"removed the tag {name}", by=by)
