"""A lead's own customer that holds nothing any more is retired, and leads to where its job is."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from carter.among import many
from carter.customers.following import FollowsCustomer, followers, reroute
from carter.customers.models import Customer, CustomerTag, Detail, Event, ExternalId
from carter.jobs.models import Job, JobLink
from carter.prepared import Given, Prepared

HOLDS_NOTHING = (Detail, Event, ExternalId, CustomerTag)


def settle(records: Iterable[Customer]) -> None:
    """Retire those that hold nothing, bring back those that do."""
    for record in records:
        goes = where_it_leads(record)
        if goes != record.retired_into:
            record.retired_into = goes
            reroute(record, keep_rows=True)


def where_it_leads(record: Customer) -> Customer | None:
    """Who has the jobs that a record was made for, when it holds nothing; the latest linked.

    Who was made by a split that is undone leads to whom they were split from.
    """
    if record.origin == Customer.Origin.SPLIT:
        return record.retired_into if holds_nothing(record, besides=(Event,)) else None
    if not _came_with_a_lead(record) or not holds_nothing(record, nor=IS_MORE):
        return None
    for link in TAKEN(record=record.pk):
        link.job.company = record.company
        if link.job.own_record == record:
            return link.job.born_to
    return None


def _taken() -> Any:
    links = JobLink.across_companies.filter(from_customer=Given("record"), undone_at=None)
    return links.select_related("job__born_to").order_by("-id")


TAKEN: Prepared[JobLink] = Prepared(_taken)


def may_lead_to(records: Iterable[int]) -> set[int]:
    """Keys of records, and of those they may come to lead to when they hold nothing."""
    keys = set(records)
    return keys | {to for (to,) in LED(records=many(keys))} if keys else keys


def _led() -> Any:
    links = JobLink.across_companies.filter(from_customer__pk__among=Given("records"))
    return links.filter(undone_at=None).values_list("job__born_to")


LED: Prepared[Any] = Prepared(_led)


def was_made_for_a_lead(customer: Customer) -> bool:
    """The lead's own customer, which nobody has merged with another or split since.

    Who was split from has a life of their own: they are not the one who got their jobs.
    """
    return _came_with_a_lead(customer) and not _any_holds(IS_MORE, customer)


def is_of_one_lead(customer: Customer) -> bool:
    """The lead's own customer, with no other job."""
    return _came_with_a_lead(customer) and not _any_holds([*IS_MORE, MORE_JOBS], customer)


def holds_nothing(
    customer: Customer,
    *,
    besides: tuple[type[FollowsCustomer], ...] = HOLDS_NOTHING,
    nor: Sequence[str] = (),
) -> bool:
    """Nothing but how to reach it, what it is called elsewhere, and its own history.

    A warning not to serve somebody is something: it must go on being found. `nor` is what must
    not hold of it, either.
    """
    if customer.do_not_service:
        return False
    kinds = [model for model in followers() if not issubclass(model, besides)]
    held = [HELD.format(table=model._meta.db_table) for model in kinds]
    return not _any_holds([*nor, *held], customer)


def _came_with_a_lead(customer: Customer) -> bool:
    return customer.origin == Customer.Origin.LEAD and customer.merged_into_id is None


def _any_holds(said: Sequence[str], customer: Customer) -> bool:
    """One question for all: they are many, and each way to the database takes its time."""
    with connection.cursor() as cursor:
        asked = f"SELECT {' OR '.join(said)}".format(**TABLES)
        cursor.execute(asked, [customer.pk] * len(said))
        return bool(cursor.fetchone()[0])


HELD = "EXISTS (SELECT 1 FROM {table} WHERE born_to_id = %s)"
MERGED = "EXISTS (SELECT 1 FROM {customers} WHERE merged_into_id = %s)"
SPLIT = """
    EXISTS (SELECT 1 FROM {links} WHERE from_customer_id = %s AND is_split AND undone_at IS NULL)
"""
MORE_JOBS = "EXISTS (SELECT 1 FROM {jobs} WHERE born_to_id = %s LIMIT 1 OFFSET 1)"
IS_MORE = [MERGED, SPLIT]
TABLES = {
    "customers": Customer._meta.db_table,
    "jobs": Job._meta.db_table,
    "links": JobLink._meta.db_table,
}
