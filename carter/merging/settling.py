"""What follows by itself once edges or rows changed: who is retired, and who is the main one."""

from collections.abc import Iterable

from carter.customers.following import holder_of, reroute
from carter.customers.mains import REACHED_BY, settle_mains
from carter.customers.models import Customer, Event
from carter.jobs import retiring
from carter.merging.models import Split


def settle(records: Iterable[Customer]) -> None:
    """Retire those who hold nothing, bring back those who do, and settle everybody's main ones."""
    found = Customer.across_companies.filter(pk__in={record.pk for record in records})
    concerned = list(found.select_related("company"))
    for record in concerned:
        _retire_what_a_split_made(record)
        retiring.settle([record])
    settle_mains({holder_of(record).pk for record in concerned}, *REACHED_BY)


def _retire_what_a_split_made(record: Customer) -> None:
    """A customer made by a split that is undone leads to whom it was split from, when empty."""
    if record.origin != Customer.Origin.SPLIT or record.merged_into_id or record.retired_into_id:
        return
    made_by = Split.across_companies.filter(to_customer=record).order_by("id").first()
    if made_by is None or made_by.stands or _is_joined(record):
        return
    if retiring.holds_nothing(record, besides=(Event,)):
        record.retired_into = made_by.source
        reroute(record, keep_rows=True)


def _is_joined(record: Customer) -> bool:
    """Whether others lead to the record: it is somebody, then."""
    return Customer.across_companies.filter(merged_into=record).exists()
