"""Giving single rows of a customer to another, and taking them back in any order."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.apps import apps
from django.db.models import QuerySet

from carter.billing.models import Entry
from carter.companies.models import Member
from carter.customers.following import FollowsCustomer, followers, move
from carter.customers.models import Customer, Detail, FormerName, Note
from carter.customers.ties import Tied
from carter.jobs.linking import draw_link, withdraw_link
from carter.jobs.models import Job, JobLink
from carter.merging.models import Split, SplitRow

Brought = dict[str, list[int]]


class CannotGive(Exception):
    """A row cannot be given, or given back; the words say why."""


def kinds_given() -> list[type[FollowsCustomer]]:
    """The kinds of rows of which some can be given on their own."""
    return [
        kind
        for kind in followers()
        if kind in (Job, Note)
        or (issubclass(kind, Detail) and kind is not FormerName)
        or _may_be_on_account(kind)
    ]


def giveable(
    kind: type[FollowsCustomer], customer: Customer, *, brought: Brought | None = None
) -> QuerySet[Any]:
    """The rows of a kind that can be given on their own; all others go along with such a row.

    What a linked job brought along goes with that job; `brought` saves asking for it again.
    `kind` is one of `kinds_given()`.
    """
    rows: QuerySet[Any] = kind._base_manager.filter(customer=customer)
    if issubclass(kind, Detail):
        return rows.filter(lent_by=None)
    if issubclass(kind, Note):
        return rows.filter(about_id=None)
    if kind is Job:
        return rows
    known = brought_to(customer) if brought is None else brought
    return rows.filter(job=None).exclude(pk__in=known.get(kind._meta.label_lower, []))


def brought_to(customer: Customer) -> Brought:
    """By kind: the keys of the rows that came to a customer along with a linked job."""
    links = JobLink.across_companies.filter(job__customer=customer, undone_at=None)
    brought: Brought = {}
    for named in links.exclude(brought={}).values_list("brought", flat=True):
        for kind, keys in named.items():
            brought.setdefault(kind, []).extend(keys)
    return brought


def chosen_rows(customer: Customer, wanted: Iterable[FollowsCustomer]) -> list[Any]:
    """The wanted rows as they are now. Raises CannotGive when one cannot be given, or not now."""
    by_kind: dict[type[FollowsCustomer], list[int]] = {}
    for row in wanted:
        by_kind.setdefault(type(row), []).append(row.pk)
    found: list[Any] = []
    for kind, keys in by_kind.items():
        rows = giveable(kind, customer).filter(pk__in=keys).select_related("born_to__company")
        now = [row for row in rows.order_by("pk") if row.carrier is None]
        if len(now) < len(set(keys)):
            raise CannotGive(
                f"Something you chose is no longer with {customer.name}. Look again, then choose."
            )
        found.extend(now)
    return found


def give(split: Split, rows: Sequence[Any], *, by: Member | None) -> None:
    """Give rows, with all that hangs on them, to the split's other customer."""
    for row in rows:
        was = row.born_to
        link = _give_one(row, split.to_customer, by=by)
        SplitRow.across_companies.create(
            company=split.company,
            split=split,
            kind=row._meta.label_lower,
            row_id=row.pk,
            from_record=was,
            link=link,
        )


def take_back(split: Split, *, by: Member | None) -> set[Customer]:
    """Give every row of an ended split to whoever has it without; returns who was concerned.

    What went on since, by a later split or link, stays where that put it. Raises CannotGive for
    what a linked job took along.
    """
    concerned = {split.to_customer}
    for given in split.rows.select_related("from_record__company", "link__job"):
        if given.link is None:
            concerned |= _take_back_one(given)
        elif given.link.undone_at is None:
            job = given.link.job
            before = job.born_to
            withdraw_link(given.link, job, by=by)
            concerned |= {before, job.born_to, job.own_record}
    return concerned


def _may_be_on_account(kind: type[FollowsCustomer]) -> bool:
    """Money that may hang on no job, such as a deposit.

    What only mirrors it, joins it or gathers it with others, as an invoice does, is left out.
    """
    joining = [model for model in followers() if issubclass(model, Tied)]
    gathering = {model._meta.get_field(n).related_model for model in joining for n in model.tied_to}
    hangs_on = {
        field.related_model: field.null
        for field in kind._meta.concrete_fields
        if field.related_model in followers()
    }
    is_single = kind not in {Entry, *joining, *gathering} and all(hangs_on.values())
    return is_single and Job in hangs_on


def _give_one(row: FollowsCustomer, to: Customer, *, by: Member | None) -> JobLink | None:
    if isinstance(row, Job):
        return draw_link(row, to=to, is_split=True, by=by)
    move(row, to=to)
    return None


def _take_back_one(given: SplitRow) -> set[Customer]:
    """Give a row that is no job back; returns who had it and who has it."""
    row = apps.get_model(given.kind)._base_manager.get(pk=given.row_id)
    if getattr(row, "lent_by_id", None) or row.pk in _brought_along(row):
        raise CannotGive(
            f"{str(row).capitalize()} went along with a job that was linked to"
            f" {row.customer.name}: unlink that job first."
        )
    before, place = row.born_to, _place_of(given)
    if before != place:
        move(row, to=place)
    return {before, place}


def _place_of(given: SplitRow) -> Customer:
    """Where the last split that stands put the row, else whose it was before any."""
    rows = SplitRow.across_companies.filter(kind=given.kind, row_id=given.row_id)
    standing = rows.filter(split__undone_at=None).select_related("split__to_customer__company")
    last = standing.order_by("-id").first()
    first = rows.select_related("from_record__company").order_by("id")[0]
    return last.split.to_customer if last else first.from_record


def _brought_along(row: Any) -> list[int]:
    """The rows of its kind that standing links brought to whoever has the row."""
    return brought_to(row.customer).get(row._meta.label_lower, [])
