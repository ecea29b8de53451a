"""What comes along with a linked job from the lead's own customer, and stays with it."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

from django.apps import apps
from django.db import connection

from carter.among import many
from carter.customers.following import FollowsCustomer, followers
from carter.customers.models import Customer
from carter.jobs.models import Job, JobLink
from carter.jobs.retiring import is_of_one_lead
from carter.prepared import Given, Prepared

Rows = dict[str, list[FollowsCustomer]]
"""Rows by the name of their model."""


def came_with(*jobs: Job) -> list[FollowsCustomer]:
    """What the standing links of some jobs brought along."""
    links = STANDING(jobs=many(job.pk for job in jobs)) if jobs else []
    return [row for link in links for row in chain.from_iterable(rows_named(link.brought).values())]


STANDING: Prepared[JobLink] = Prepared(
    lambda: JobLink.across_companies.filter(job__pk__among=Given("jobs"), undone_at=None)
)


def money_of_the_emptied(job: Job) -> Rows:
    """Charges and payments on account of the lead's own customer, when its last job leaves."""
    own = job.born_to
    if own != job.own_record or not is_of_one_lead(own):
        return {}
    return {
        model._meta.label_lower: list(model._base_manager.filter(born_to=own, job=None))
        for model in _money_on_account(own)
    }


def named(rows: Mapping[str, Sequence[FollowsCustomer]]) -> dict[str, list[int]]:
    """Rows as their keys, as a link remembers them."""
    return {label: [row.pk for row in some] for label, some in rows.items()}


def rows_named(keys: Mapping[str, Iterable[int]]) -> Rows:
    """The rows that a link remembers."""
    return {
        label: list(apps.get_model(label)._base_manager.filter(pk__in=some))
        for label, some in keys.items()
    }


def _money_on_account(record: Customer) -> list[type[Any]]:
    """The kinds of which a record has rows that are for no job: mostly none. One query."""
    kinds = _money()
    asked = ", ".join(ON_ACCOUNT.format(table=model._meta.db_table) for model in kinds)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {asked}", [record.pk] * len(kinds))
        return [model for model, has in zip(kinds, cursor.fetchone(), strict=True) if has]


ON_ACCOUNT = "EXISTS (SELECT 1 FROM {table} WHERE born_to_id = %s AND job_id IS NULL)"


def _money() -> list[type[Any]]:
    """Followers that may hang on a job but need not: charges, payments, their entries."""
    return [
        model
        for model in followers()
        if any(
            field.name == "job" and field.null and field.related_model is Job
            for field in model._meta.concrete_fields
        )
    ]
