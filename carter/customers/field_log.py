"""The log of what was written to customers' fields: the one way to change them, and to go back."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.utils import timezone

from carter.companies.models import Member
from carter.customers.models import Customer, Event, FieldWrite, FormerName

FIELDS = (
    "name",
    "kind",
    "category",
    "lead_source",
    "bill_to",
    "do_not_service",
    "do_not_service_reason",
)
"""The fields a person may change, all of which are logged."""


def write_values(
    customer: Customer, values: Mapping[str, Any], *, event: Event | None = None, by: Member | None
) -> list[FieldWrite]:
    """Write values to fields of a record that is locked; `event` is the line of History about it.

    A name that gives way becomes a former name, and is still found.
    """
    writes = [
        FieldWrite(
            company=customer.company,
            customer=customer,
            field=name,
            old=getattr(customer, name),
            new=value,
            event=event,
            by=by,
        )
        for name, value in values.items()
    ]
    FieldWrite.across_companies.bulk_create(writes)
    _settle(customer, list(values))
    return writes


def withdraw_writes(customer: Customer, writes: Iterable[FieldWrite], *, by: Member | None) -> None:
    """Take writes back: each field has the value it would have without them."""
    rows = list(writes)
    if rows:
        FieldWrite.across_companies.filter(pk__in=[row.pk for row in rows]).update(
            withdrawn_at=timezone.now(), withdrawn_by=by
        )
        _settle(customer, {row.field for row in rows})


def value_without(writes: Iterable[FieldWrite], without: Collection[int]) -> Any:
    """The value a field would have without some writes, by key; `writes` are all of the field."""
    rows = list(writes)
    standing = [row for row in rows if row.stands and row.pk not in without]
    return standing[-1].new if standing else rows[0].old


def _settle(customer: Customer, names: Collection[str]) -> None:
    """Give the fields the values that the log says; keys and words are made anew."""
    writes: dict[str, list[FieldWrite]] = defaultdict(list)
    for row in customer.field_writes.filter(field__in=names).order_by("id"):
        writes[row.field].append(row)
    for name in names:
        setattr(customer, name, value_without(writes[name], ()))
    if "name" in names:
        _settle_former_names(customer, writes["name"])
    customer.keys_due = customer.words_due = True
    customer.save(update_fields=[*names, "sort_name", "keys_due", "words_due"])


def _settle_former_names(customer: Customer, writes: list[FieldWrite]) -> None:
    """Keep as former names exactly those that a write which stands made give way."""
    kept = {former.write_id: former for former in _logged_former_names(customer)}
    name = writes[0].old
    for row in writes:
        if not row.stands or row.new == name:
            continue
        former = kept.pop(row.pk, None) or FormerName(
            customer=customer, write=row, former_at=row.at, created_at=row.at
        )
        if former.name != name:
            former.name = name
            former.save()
        name = row.new
    FormerName.across_companies.filter(pk__in=[former.pk for former in kept.values()]).delete()


def _logged_former_names(customer: Customer) -> Iterable[FormerName]:
    """The former names of a record that the log knows of."""
    return FormerName.across_companies.filter(born_to=customer).exclude(write=None)
