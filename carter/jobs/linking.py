"""Linking a job to the customer it belongs to, and taking that back exactly."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from carter.companies.models import Member
from carter.companies.rights import Right, require
from carter.customers.changing import be_main
from carter.customers.following import FollowsCustomer, followers, move, reroute
from carter.customers.models import (
    Customer,
    CustomerTag,
    Detail,
    Email,
    Event,
    ExternalId,
    Phone,
)
from carter.jobs.models import Job, JobLink

HOLDS_NOTHING = (Detail, Event, ExternalId, CustomerTag)


class CannotLink(Exception):
    """The job cannot be linked or unlinked; the words say why."""


@transaction.atomic
def link_job(
    job: Job, *, to: Customer, bringing: Iterable[Detail] = (), by: Member | None
) -> JobLink:
    """Give a job, with its charges, payments, notes and history, to an existing customer.

    `bringing` are the phones and emails of the lead's own customer that a person accepted (see
    `offered_details`). When that customer then holds nothing, it is retired and its address
    leads to the other. Raises CannotLink.
    """
    require(by, Right.LINK)
    job = _locked(job)
    to = _lock_customers(job, to)
    if not to.is_current:
        raise CannotLink(f"{to.name} is no longer a current customer.")
    if to.pk == job.customer_id:
        raise CannotLink(f"{job} already belongs to {to.name}.")
    source = job.born_to
    brought = _brought(source, job, list(bringing))
    link = JobLink.across_companies.create(
        company=job.company,
        job=job,
        from_customer=source,
        to_customer=to,
        brought=_named(brought),
        mains=_named(_as_guests(brought)),
        by=by,
    )
    for row in (job, *(row for rows in brought.values() for row in rows)):
        move(row, to=to)
    _settle(source, to)
    job.record(f"linked {job} to {to.name}", by=by)
    return link


@transaction.atomic
def unlink_job(job: Job, *, by: Member | None) -> JobLink:
    """Take the last link of a job back: everything is where it would be without it.

    Raises CannotLink when the job was never linked.
    """
    require(by, Right.LINK)
    job = _locked(job)
    link = standing_link(job)
    if link is None:
        raise CannotLink(f"{job} is not linked to another customer.")
    holder = _lock_customers(job, link.from_customer)
    for row in (job, *_rows_named(link.brought)):
        move(row, to=holder)
    for detail in _rows_named(link.mains):
        be_main(detail)
    link.undone_by, link.undone_at = by, timezone.now()
    link.save(update_fields=["undone_by", "undone_at"])
    _settle(link.from_customer, link.to_customer)
    job.record(f"unlinked {job} from {link.to_customer.name}", by=by)
    link.to_customer.leads_to.record(f"gave {job} back to {holder.name}", by=by)
    return link


def standing_link(job: Job) -> JobLink | None:
    """The link that gave the job to who has it now, if one did."""
    return job.links.filter(undone_at=None).order_by("-id").first()


def offered_details(job: Job, *, to: Customer) -> list[Detail]:
    """Phones and emails that the lead's own customer has and the other one lacks."""
    source = job.born_to
    if not _was_made_for_a_lead(source):
        return []
    offered: list[Detail] = []
    for model in (Phone, Email):
        known = set(model.across_companies.filter(customer=to).values_list("key", flat=True))
        theirs = model.across_companies.filter(born_to=source, former_at=None)
        offered.extend(row for row in theirs if row.key and row.key not in known)
    return offered


def _brought(
    source: Customer, job: Job, accepted: list[Detail]
) -> dict[str, list[FollowsCustomer]]:
    """What comes along: the accepted details, and money of an emptied customer."""
    rows: dict[str, list[FollowsCustomer]] = {}
    for detail in accepted:
        if detail.born_to_id != source.pk:
            raise CannotLink("A detail of another customer cannot come along.")
        rows.setdefault(detail._meta.label_lower, []).append(detail)
    if _was_made_for_a_lead(source) and not _has_jobs_besides(source, job):
        for model in _money():
            if found := list(model.across_companies.filter(born_to=source, job=None)):
                rows.setdefault(model._meta.label_lower, []).extend(found)
    return rows


def _as_guests(brought: dict[str, list[FollowsCustomer]]) -> dict[str, list[Detail]]:
    """Let no detail that comes along be the main one there; gives those that were before."""
    mains: dict[str, list[Detail]] = {}
    for kind, rows in brought.items():
        for row in rows:
            if isinstance(row, Detail) and row.is_primary:
                row.is_primary = False
                row.save()
                mains.setdefault(kind, []).append(row)
    return mains


def _named(rows: Mapping[str, Sequence[FollowsCustomer]]) -> dict[str, list[int]]:
    """Rows by kind, as their keys."""
    return {kind: [row.pk for row in some] for kind, some in rows.items()}


def _rows_named(named: dict[str, list[int]]) -> Iterable[Any]:
    for kind, ids in named.items():
        yield from apps.get_model(kind)._base_manager.filter(pk__in=ids)


def _settle(source: Customer, to: Customer) -> None:
    """Retire the lead's own customer when it holds nothing, or bring it back when it does."""
    for customer in (source, to):
        customer.refresh_from_db()
        customer.mark_changed()
    goes = _last_destination(source) if _was_made_for_a_lead(source) else None
    source.retired_into = goes if goes is not None and _holds_nothing(source) else None
    reroute(source)


def _last_destination(source: Customer) -> Customer | None:
    link = (
        JobLink.across_companies.filter(from_customer=source, undone_at=None)
        .order_by("-id")
        .first()
    )
    return link.to_customer if link else None


def _was_made_for_a_lead(customer: Customer) -> bool:
    """The lead's own customer, which nobody has merged with another since."""
    return (
        customer.origin == Customer.Origin.LEAD
        and customer.merged_into is None
        and not customer.company.customers.filter(merged_into=customer).exists()
    )


def _holds_nothing(customer: Customer) -> bool:
    """Nothing but how to reach it, what it is called elsewhere, and its own history."""
    return not any(
        model._base_manager.filter(born_to=customer).exists()
        for model in followers()
        if not issubclass(model, HOLDS_NOTHING)
    )


def _has_jobs_besides(customer: Customer, job: Job) -> bool:
    return Job.across_companies.filter(born_to=customer).exclude(pk=job.pk).exists()


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


def _locked(job: Job) -> Job:
    return Job.across_companies.select_for_update().get(pk=job.pk)


def _lock_customers(job: Job, to: Customer) -> Customer:
    """Lock both customers in one order, so that two people linking at once cannot deadlock."""
    found = Customer.across_companies.select_for_update().filter(
        Q(pk=job.born_to_id) | Q(pk=job.customer_id) | Q(pk=to.pk)
    )
    return {customer.pk: customer for customer in found.order_by("pk")}[to.pk]
