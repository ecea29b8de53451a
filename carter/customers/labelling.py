"""Tags on customers."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from carter.among import many
from carter.companies.models import Company, Member
from carter.companies.rights import Right, require
from carter.customers.locking import lock_customer, lock_customers
from carter.customers.models import Customer, CustomerTag, Event, Tag
from carter.prepared import Given, Prepared


@transaction.atomic
def tag_customer(customer: Customer, name: str, *, by: Member | None) -> None:
    """Put a tag on a customer; a tag the office does not have yet is made."""
    require(by, Right.EDIT)
    customer = lock_customer(customer)
    if not customer.customer_tags.filter(tag__name__iexact=name).exists():
        tag = _tag_named(customer.company, name)
        customer.customer_tags.create(tag=tag)
        customer.record(f"added the tag {tag}", by=by)


@transaction.atomic
def tag_customers(customers: QuerySet[Customer], name: str, *, by: Member | None) -> int:
    """Put a tag on many customers at once; returns how many did not wear it yet."""
    require(by, Right.EDIT)
    rows = _current_without(name, list(customers.values_list("pk", flat=True)))
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
    customer = lock_customer(customer)
    removed, _ = customer.customer_tags.filter(tag__name__iexact=name).delete()
    if removed:
        customer.record(f"removed the tag {name}", by=by)


def tags_of(customers: Collection[Customer]) -> dict[int, list[str]]:
    """The tags of each of these customers by its key, each once: a merge may bring one again."""
    found: dict[int, list[str]] = defaultdict(list)
    for key, name in WORN(keys=many(each.pk for each in customers)) if customers else ():
        if name not in found[key]:
            found[key].append(name)
    return found


def _worn() -> Any:
    wearing: Any = Customer.across_companies.filter(customer_tags__isnull=False)
    worn = wearing.filter(pk__among=Given("keys")).order_by("customer_tags__id")
    return worn.values_list("pk", "customer_tags__tag__name")


WORN: Prepared[Any] = Prepared(_worn)


def _current_without(name: str, ids: list[int]) -> list[Customer]:
    """Those who are current and do not wear the tag, locked so that both stay true."""
    rows = lock_customers(Customer, ids)
    worn = CustomerTag.across_companies.filter(customer__in=ids, tag__name__iexact=name)
    wearing = set(worn.values_list("customer", flat=True))
    return [row for row in rows.values() if row.is_current and row.pk not in wearing]


def _tag_named(company: Company, name: str) -> Tag:
    known = company.tags.filter(name__iexact=name).first()
    return known or company.tags.get_or_create(company=company, name=name)[0]
