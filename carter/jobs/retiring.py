"""A lead's own customer that holds nothing any more is retired, and leads to where its job is."""

from collections.abc import Iterable

from django.db import connection

from carter.customers.following import FollowsCustomer, followers, reroute
from carter.customers.models import Customer, CustomerTag, Detail, Event, ExternalId
from carter.jobs.models import Job, JobLink

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
    if not was_made_for_a_lead(record) or not holds_nothing(record):
        return None
    links = JobLink.across_companies.filter(from_customer=record, undone_at=None)
    for link in links.select_related("job__born_to").order_by("-id"):
        if link.job.own_record == record:
            return link.job.born_to
    return None


def may_lead_to(records: Iterable[int]) -> set[int]:
    """Keys of records, and of those they may come to lead to when they hold nothing."""
    keys = set(records)
    links = JobLink.across_companies.filter(from_customer__in=keys, undone_at=None)
    return keys | set(links.values_list("job__born_to", flat=True))


def was_made_for_a_lead(customer: Customer) -> bool:
    """The lead's own customer, which nobody has merged with another or split since.

    Who was split from has a life of their own: they are not the one who got their jobs.
    """
    if customer.origin != Customer.Origin.LEAD or customer.merged_into_id is not None:
        return False
    asked = MERGED_OR_SPLIT.format(customers=Customer._meta.db_table, links=JobLink._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(asked, [customer.pk, customer.pk])
        return not cursor.fetchone()[0]


# Asked several times in a link: Django would take longer to write it than it takes to answer.
MERGED_OR_SPLIT = """
    SELECT EXISTS (SELECT 1 FROM {customers} WHERE merged_into_id = %s) OR EXISTS (
        SELECT 1 FROM {links} WHERE from_customer_id = %s AND is_split AND undone_at IS NULL
    )
"""


def has_jobs_besides(customer: Customer, job: Job) -> bool:
    """Whether a record has other jobs."""
    return Job.across_companies.filter(born_to=customer).exclude(pk=job.pk).exists()


def holds_nothing(
    customer: Customer, *, besides: tuple[type[FollowsCustomer], ...] = HOLDS_NOTHING
) -> bool:
    """Nothing but how to reach it, what it is called elsewhere, and its own history.

    A warning not to serve somebody is something: it must go on being found.
    """
    if customer.do_not_service:
        return False
    kinds = [model for model in followers() if not issubclass(model, besides)]
    held = [HELD.format(table=model._meta.db_table) for model in kinds]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {' OR '.join(held)}", [customer.pk] * len(held))
        return not cursor.fetchone()[0]


# One question for all kinds: there are many, and each way to the database takes its time.
HELD = "EXISTS (SELECT 1 FROM {table} WHERE born_to_id = %s)"
