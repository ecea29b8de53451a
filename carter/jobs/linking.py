"""Linking a job to the customer it belongs to, and taking that back exactly."""

from collections.abc import Collection, Iterable, Sequence
from functools import cache
from itertools import chain
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from carter.companies.models import Member
from carter.companies.rights import Right, require
from carter.customers.following import FollowsCustomer, holder_of, move
from carter.customers.locking import group_ids, lock_row_among
from carter.customers.mains import settle_mains
from carter.customers.models import Customer, Detail, Email, Phone
from carter.customers.ties import CannotSeparate, refuse_to_part
from carter.jobs.bringing import Rows, came_with, money_of_the_emptied, named, rows_named
from carter.jobs.models import Job, JobLink
from carter.jobs.retiring import may_lead_to, settle, was_made_for_a_lead
from carter.prepared import Given, Prepared


class CannotLink(Exception):
    """The job cannot be linked or unlinked; the words say why."""


class AlreadyDone(CannotLink):
    """The job is where it was to go, or somebody else undid that very link."""


@transaction.atomic
def link_job(
    job: Job,
    *,
    to: Customer,
    bringing: Iterable[Detail] = (),
    seen: int | None = None,
    by: Member | None,
) -> JobLink:
    """Give a job, with its charges, payments, notes and history, to an existing customer.

    `bringing` are the phones and emails of the lead's own customer that a person accepted (see
    `offered_details`); what an earlier link brought stays with the job. When the lead's own
    customer then holds nothing, it is retired and its address leads to the other. `seen` is the
    key of the standing link that the person was shown, 0 for none. Raises CannotLink.
    """
    require(by, Right.LINK)
    job, to = _locked(job, to)
    _refuse(job, to, seen)
    own, source = job.own_record, job.born_to
    brought = _accepted(job, to, bringing) | money_of_the_emptied(job)
    link, moved = draw_link(job, to=to, brought=brought, by=by)
    _settle(moved, own, source, to)
    job.record(f"linked {job} to {to.name}", by=by)
    return link


@transaction.atomic
def unlink_job(job: Job, *, seen: int | None = None, by: Member | None) -> JobLink:
    """Take the last link of a job back: everything is where it would be without it.

    `seen` is the key of the standing link that the person was shown. Raises CannotLink when the
    job is not linked, or linked otherwise than the person was shown.
    """
    require(by, Right.LINK)
    job, _ = _locked(job)
    link = _link_to_undo(job, seen)
    own, before = job.own_record, job.born_to
    giver = before.leads_to
    moved = withdraw_link(link, job, by=by)
    _bring_back(job.customer, by=by)
    _settle(moved, own, before, job.born_to)
    job.record(f"unlinked {job} from {link.to_customer.name}", by=by)
    giver.record(f"gave {job} back to {job.customer.name}", by=by)
    return link


def draw_link(
    job: Job,
    *,
    to: Customer,
    brought: Rows | None = None,
    is_split: bool = False,
    by: Member | None,
) -> tuple[JobLink, list[FollowsCustomer]]:
    """Move a job, with all that hangs on it and came along with it, for whoever holds the locks.

    Also says which rows went.
    """
    along, brought = came_with(job), brought or {}
    link = JobLink.across_companies.create(
        company=job.company,
        job=job,
        from_customer=job.born_to,
        to_customer=to,
        is_split=is_split,
        brought=named(brought),
        by=by,
    )
    for row in (job, *along):
        move(row, to=to)
    return link, [job, *along, *_moved(brought, to=to, lent_by=job.own_record)]


def withdraw_link(link: JobLink, job: Job, *, by: Member | None) -> list[FollowsCustomer]:
    """Move a job to where it is without a link, for whoever holds the locks; which rows went.

    That is where the last link that stands brought it, else its own record; the link taken back
    need not be the last.
    """
    link.undone_by, link.undone_at = by, timezone.now()
    link.save(update_fields=["undone_by", "undone_at"])
    own, last = job.own_record, standing_link(job)
    given_back = _moved(rows_named(link.brought), to=own, lent_by=None)
    along = [job, *came_with(job)]
    for row in along:
        move(row, to=last.to_customer if last else own)
    return [*given_back, *along]


def standing_link(job: Job) -> JobLink | None:
    """The link that gave the job to who has it now, if one did."""
    found = STANDING(job=job.pk)
    if not found:
        return None
    found[0].job, found[0].company = job, job.company
    return found[0]


STANDING = Prepared(
    lambda: JobLink.across_companies.filter(job=Given("job"), undone_at=None).order_by("-id")[:1]
)


def offered_details(job: Job, *, to: Customer) -> list[Detail]:
    """Phones and emails that the lead's own customer has and the other one lacks."""
    own = job.own_record
    if not was_made_for_a_lead(own):
        return []
    offered: list[Detail] = []
    for model in (Phone, Email):
        rows = _with_either(model)(own=own.pk, other=to.pk)
        known = {row.key for row in rows if row.customer_id == to.pk}
        offered.extend(row for row in rows if row.key and row.key not in known)
    return offered


@cache
def _with_either(model: type[Phone] | type[Email]) -> Prepared[Any]:
    at_home = Q(born_to=Given("own"), lent_by=None, former_at=None)
    rows: Any = model.across_companies.filter(Q(customer=Given("other")) | at_home)
    return Prepared(lambda: rows)


def _refuse(job: Job, to: Customer, seen: int | None) -> None:
    link = standing_link(job)
    if not to.is_current:
        raise CannotLink(f"{to.name} is no longer a current customer.")
    if to.pk == job.customer_id:
        raise AlreadyDone(f"{job} already belongs to {to.name}.")
    if seen is not None and seen != (link.pk if link else 0):
        raise CannotLink(f"{job} went to {job.customer.name} meanwhile. Look again, then link it.")


def _link_to_undo(job: Job, seen: int | None) -> JobLink:
    link = standing_link(job)
    if link is not None and seen in (None, link.pk):
        return link
    if seen and job.links.filter(pk=seen).exclude(undone_at=None).exists():
        raise AlreadyDone(f"{job} is already unlinked; it belongs to {job.customer.name}.")
    if link is None:
        raise CannotLink(f"{job} is not linked to another customer.")
    raise CannotLink(f"{job} went to {job.customer.name} meanwhile. Look again, then unlink it.")


def _accepted(job: Job, to: Customer, bringing: Iterable[Detail]) -> Rows:
    """The accepted details as they are now."""
    if not (accepted := list(bringing)):
        return {}
    offered = {(type(row), row.pk): row for row in offered_details(job, to=to)}
    rows: Rows = {}
    for detail in accepted:
        if (row := offered.get((type(detail), detail.pk))) is None:
            raise CannotLink(f"The {detail.noun} {detail} cannot come along now. Look again.")
        rows.setdefault(row._meta.label_lower, []).append(row)
    return rows


def _moved(rows: Rows, *, to: Customer, lent_by: Customer | None) -> list[FollowsCustomer]:
    """Rows that go along: details say from which record they are away, None at home."""
    moved = list(chain.from_iterable(rows.values()))
    for row in moved:
        if isinstance(row, Detail):
            move(row, to=to, lent_by=lent_by and lent_by.pk)
        else:
            move(row, to=to)
    return moved


def _refuse_to_part(moved: Iterable[FollowsCustomer]) -> None:
    """What belongs together, such as the charges of one invoice, stays with one customer."""
    try:
        refuse_to_part(*moved)
    except CannotSeparate as reason:
        raise CannotLink(str(reason)) from reason


def _bring_back(customer: Customer, *, by: Member | None) -> None:
    """Somebody taken back with their import is a customer again when they get a job back."""
    if customer.withdrawn_at is not None:
        customer.withdrawn_at = None
        customer.save(update_fields=["withdrawn_at"])
        customer.record("brought back the customer", by=by)


def _settle(moved: Sequence[FollowsCustomer], *records: Customer) -> None:
    """After rows went from some to others: their main details, keys, and where they lead."""
    _refuse_to_part(moved)
    concerned = {record.pk: record for record in records}
    _mark_changed(concerned.values())
    kinds = [kind for kind in (Phone, Email) if any(isinstance(row, kind) for row in moved)]
    settle_mains({holder_of(record).pk for record in records}, *kinds)
    settle(concerned.values())


def _mark_changed(records: Collection[Customer]) -> None:
    for record in records:
        record.keys_due = record.words_due = True
    places = ", ".join(["%s"] * len(records))
    with connection.cursor() as cursor:
        statement = MARK.format(table=Customer._meta.db_table, places=places)
        cursor.execute(statement, [record.pk for record in records])


MARK = "UPDATE {table} SET keys_due = TRUE, words_due = TRUE WHERE id IN ({places})"


def _locked(job: Job, to: Customer | None = None) -> tuple[Job, Customer]:
    """The job, with everybody it was, is or will be with: locked in the one order."""
    will_have = [to.pk] if to else []
    job, everybody = lock_row_among(job, lambda has: _concerned(job, has, *will_have))
    return job, everybody[to.pk] if to else job.customer


def _concerned(job: Job, *records: int) -> set[int]:
    """Everybody the job was, is or will be with, and all who lead there: they may lead on."""
    linked = chain.from_iterable(LINKED(job=job.pk))
    return group_ids(Customer, may_lead_to({*linked, *records}))


LINKED: Prepared[Any] = Prepared(
    lambda: JobLink.across_companies.filter(job=Given("job")).values_list(
        "from_customer", "to_customer"
    )
)
