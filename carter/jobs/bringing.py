"""What comes along with a linked job from the lead's own customer, and stays with it."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

from django.apps import apps

from carter.customers.following import FollowsCustomer, followers
from carter.jobs.models import Job, JobLink
from carter.jobs.retiring import has_jobs_besides, was_made_for_a_lead

Rows = dict[str, list[FollowsCustomer]]
"""Rows by the name of their model."""


def came_with(*jobs: Job) -> list[FollowsCustomer]:
    """What the standing links of some jobs brought along."""
    links = JobLink.across_companies.filter(job__in=jobs, undone_at=None)
    return [row for link in links for row in chain.from_iterable(rows_named(link.brought).values())]


def money_of_the_emptied(job: Job) -> Rows:
    """Charges and payments on account of the lead's own customer, when its last job leaves."""
    own = job.born_to
    if own != job.own_record or not was_made_for_a_lead(own) or has_jobs_besides(own, job):
        return {}
    found = {
        model._meta.label_lower: list(model._base_manager.filter(born_to=own, job=None))
        for model in _money()
    }
    return {label: rows for label, rows in found.items() if rows}


def named(rows: Mapping[str, Sequence[FollowsCustomer]]) -> dict[str, list[int]]:
    """Rows as their keys, as a link remembers them."""
    return {label: [row.pk for row in some] for label, some in rows.items()}


def rows_named(keys: Mapping[str, Iterable[int]]) -> Rows:
    """The rows that a link remembers."""
    return {
        label: list(apps.get_model(label)._base_manager.filter(pk__in=some))
        for label, some in keys.items()
    }


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
