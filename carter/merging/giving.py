"""Giving single rows of a customer to another, and taking them back in any order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Return:
    """A row that a split gave away, and the record whose it is without that split.

    `link` gave it, when it is a job and that link stands. `went_along`: a job that was linked since
    took it along, and has it until it is unlinked.
    """

    row: Any
    place: Customer
    link: JobLink | None
    went_along: bool

    @property
    def why_not(self) -> str:
        """What keeps it from going back, in words; empty when nothing does."""
        if not self.went_along:
            return ""
        who = self.row.customer.name
        return (
            f"{str(self.row).capitalize()} went along with a job that was linked to {who}:"
            " unlink that job first."
        )


def returns_of(split: Split) -> list[Return]:
    """Where every row of a split goes without it.

    What went on since, by a later split or link, stays where that put it.
    """
    given = list(split.rows.select_related("from_record__company", "link"))
    found = [row for kind, keys in _by_kind(given).items() for row in _rows_now(kind, keys)]
    rows = {(row._meta.label_lower, row.pk): row for row in found}
    places = _once({**_places(split, given), **_job_places(given)})
    along = _gone_along(rows.values())
    return [
        Return(
            row=rows[key],
            place=rows[key].born_to if one.link and one.link.undone_at else places[key],
            link=one.link if one.link and one.link.undone_at is None else None,
            went_along=key in along,
        )
        for one in given
        for key in [(one.kind, one.row_id)]
    ]


def take_back(split: Split, *, by: Member | None) -> set[Customer]:
    """Give every row of a split to whoever has it without; returns who was concerned.

    Raises CannotGive for what a linked job took along.
    """
    concerned = {split.to_customer}
    for each in returns_of(split):
        if each.why_not:
            raise CannotGive(each.why_not)
        concerned |= {each.row.born_to, each.place}
        if each.link is not None:
            withdraw_link(each.link, each.row, by=by)
            concerned.add(each.row.own_record)
        elif each.row.born_to != each.place:
            move(each.row, to=each.place)
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
        link, _ = draw_link(row, to=to, is_split=True, by=by)
        return link
    move(row, to=to)
    return None


def _by_kind(given: Iterable[SplitRow]) -> dict[str, list[int]]:
    keys: dict[str, list[int]] = {}
    for one in given:
        keys.setdefault(one.kind, []).append(one.row_id)
    return keys


def _rows_now(kind: str, keys: Sequence[int]) -> QuerySet[Any]:
    rows: QuerySet[Any] = apps.get_model(kind)._base_manager.filter(pk__in=keys)
    return rows.select_related("company", "born_to__company", "customer__company")


Key = tuple[str, int]


def _places(split: Split, given: Iterable[SplitRow]) -> dict[Key, Customer]:
    """By row: where the last other split that stands put it, else whose it was before any."""
    keys = _by_kind(given)
    ids = {key for some in keys.values() for key in some}
    rows = SplitRow.across_companies.filter(company=split.company, kind__in=keys, row_id__in=ids)
    places: dict[Key, Customer] = {}
    for one in rows.select_related(*_leading_on("from_record", "split__to_customer")):
        places.setdefault((one.kind, one.row_id), one.from_record)
        if one.split.stands and one.split != split:
            places[one.kind, one.row_id] = one.split.to_customer
    return places


def _leading_on(*names: str) -> list[str]:
    """Columns by which a customer is asked for with their company, and with whom they lead to."""
    return [f"{name}__{more}" for name in names for more in ("company", "merged_into__company")]


def _once(places: dict[Key, Customer]) -> dict[Key, Customer]:
    """The same customer for every row that goes there, so that who leads on is asked once."""
    known: dict[int, Customer] = {}
    return {key: known.setdefault(place.pk, place) for key, place in places.items()}


def _job_places(given: Iterable[SplitRow]) -> dict[Key, Customer]:
    """By job: where the last other link that stands brought it, else its own record."""
    ours = {one.link_id for one in given}
    jobs = [one.row_id for one in given if one.link_id]
    links = JobLink.across_companies.filter(job__in=jobs).order_by("id") if jobs else ()
    places: dict[Key, Customer] = {}
    for link in links and links.select_related(*_leading_on("from_customer", "to_customer")):
        places.setdefault((Job._meta.label_lower, link.job_id), link.from_customer)
        if link.undone_at is None and link.pk not in ours:
            places[Job._meta.label_lower, link.job_id] = link.to_customer
    return places


def _gone_along(rows: Iterable[Any]) -> set[Key]:
    """Rows that a job which was linked took along to whoever has them."""
    brought: dict[int, Brought] = {}
    along = set()
    for row in rows:
        if isinstance(row, Job):
            continue
        if row.customer_id not in brought:
            brought[row.customer_id] = brought_to(row.customer)
        label = row._meta.label_lower
        if getattr(row, "lent_by_id", None) or row.pk in brought[row.customer_id].get(label, []):
            along.add((label, row.pk))
    return along
