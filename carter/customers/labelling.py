"""Tags on customers."""

from django.db import transaction
from django.db.models import QuerySet

from carter.companies.models import Company, Member
from carter.companies.rights import Right, require
from carter.customers.models import Customer, CustomerTag, Event, Tag


@transaction.atomic
def tag_customer(customer: Customer, name: str, *, by: Member | None) -> None:
    """Put a tag on a customer; a tag the office does not have yet is made."""
    require(by, Right.EDIT)
    tag = _tag_named(customer.company, name)
    if not customer.customer_tags.filter(tag=tag).exists():
        customer.customer_tags.create(tag=tag)
        customer.record(f"added the tag {tag}", by=by)


@transaction.atomic
def tag_customers(customers: QuerySet[Customer], name: str, *, by: Member | None) -> int:
    """Put a tag on many customers at once; returns how many did not wear it yet."""
    require(by, Right.EDIT)
    rows = list(customers.exclude(customer_tags__tag__name__iexact=name).select_related("company"))
    if rows:
        company = rows[0].company
        tag = _tag_named(company, name)
        CustomerTag.across_companies.bulk_create(
            CustomerTag(company=company, customer=row, born_to=row, tag=tag) for row in rows
        )
        Event.across_companies.bulk_create(
            Event(company=company, customer=row, born_to=row, what=f"added the tag {tag}", by=by)
            for row in rows
        )
    return len(rows)


@transaction.atomic
def untag_customer(customer: Customer, name: str, *, by: Member | None) -> None:
    """Take a tag off a customer."""
    require(by, Right.EDIT)
    removed, _ = customer.customer_tags.filter(tag__name__iexact=name).delete()
    if removed:
        customer.record(f"removed the tag {name}", by=by)


def _tag_named(company: Company, name: str) -> Tag:
    return company.tags.filter(name__iexact=name).first() or company.tags.create(
        company=company, name=name
    )
