"""**Split Customer**: giving what is another's to another, and taking that back."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from typing import Any

from django.db import transaction
from django.db.models import Q

from carter.companies.models import Member
from carter.companies.rights import Right, require
from carter.customers.adding import NewCustomer, add_customer
from carter.customers.following import FollowsCustomer, followers, holder_of
from carter.customers.locking import lock_groups
from carter.customers.models import Customer
from carter.customers.ties import CannotSeparate, refuse_to_tear
from carter.jobs.bringing import came_with
from carter.jobs.models import Job, JobLink
from carter.jobs.retiring import may_lead_to
from carter.merging.counting import (
    Money,
    Moving,
    fingerprint_of,
    holdings_of,
    in_words,
    money_by,
)
from carter.merging.giving import CannotGive, chosen_rows, give, take_back
from carter.merging.models import Split, SplitRow
from carter.merging.naming import listed, named
from carter.merging.settling import settle


class CannotSplit(Exception):
    """The split, or its undo, makes no sense; the words say why."""


class SplitOutdated(CannotSplit):
    """Something changed since the preview; `plan` is what would be done now."""

    def __init__(self, plan: "SplitPlan") -> None:
        self.plan = plan
        super().__init__("Something changed since you looked. Nothing is split yet.")


@dataclass(frozen=True)
class SplitPlan:
    """What a split would do. `to` is None when a customer is made for it."""

    source: Customer
    to: Customer | None
    rows: Sequence[FollowsCustomer]
    counts: Counter[str]
    going: Money
    source_before: Money
    to_before: Money
    state: tuple[Any, ...]

    @property
    def moving(self) -> list[Moving]:
        """What goes, counted by kind, with all that hangs on it."""
        return in_words(self.counts)

    @property
    def source_after(self) -> Money:
        return self.source_before.minus(self.going)

    @property
    def to_after(self) -> Money:
        return self.to_before.plus(self.going)

    @property
    def money_lines(self) -> list[tuple[str, Money]]:
        """The money of both before, what goes, and of both afterwards."""
        other = named(self.to) if self.to else "The new customer"
        return [
            (f"{named(self.source)} now", self.source_before),
            (f"{other} now", self.to_before),
            (f"{named(self.source)} afterwards", self.source_after),
            (f"{other} afterwards", self.to_after),
        ]

    @cached_property
    def fingerprint(self) -> str:
        """Stands for everything the plan rests on."""
        return fingerprint_of(self.state)


def plan_split(
    source: Customer, rows: Sequence[FollowsCustomer], *, to: Customer | None = None
) -> SplitPlan:
    """What giving the rows to another customer would do now. Raises CannotSplit."""
    _refuse(source, to)
    try:
        chosen = chosen_rows(source, rows)
    except CannotGive as reason:
        raise CannotSplit(str(reason)) from reason
    if not chosen:
        raise CannotSplit("Choose what goes to the other customer.")
    counts, going = _going(source, chosen)
    ids = [customer.pk for customer in (source, to) if customer]
    held = holdings_of(ids)
    return SplitPlan(
        source=source,
        to=to,
        rows=chosen,
        counts=counts,
        going=going,
        source_before=held[source.pk].money,
        to_before=held[to.pk].money if to else Money(),
        state=(
            *((pk, held[pk].state) for pk in ids),
            *((row._meta.label_lower, row.pk) for row in chosen),
        ),
    )


@transaction.atomic
def split_customer(
    *,
    source: Customer,
    rows: Sequence[FollowsCustomer],
    to: Customer | None = None,
    new: NewCustomer | None = None,
    fingerprint: str = "",
    reason: str = "",
    by: Member | None,
) -> Split:
    """Give jobs, phones and other rows of a customer, with all that hangs on them, to another.

    That is `to`, or else somebody `new`.
    Raises SplitOutdated when something changed since the preview, and CannotSplit.
    """
    require(by, Right.MERGE)
    now = lock_groups(Customer, lambda: may_lead_to({each.pk for each in (source, to) if each}))
    source, to = now[source.pk], now[to.pk] if to else None
    plan = plan_split(source, rows, to=to)
    if fingerprint and fingerprint != plan.fingerprint:
        raise SplitOutdated(plan)
    target = to or _made_for(source, new, by=by)
    split = Split.across_companies.create(
        company=source.company, source=source, to_customer=target, reason=reason, by=by
    )
    records = {target, *(row.born_to for row in plan.rows)}
    give(split, plan.rows, by=by)
    _settle(split, records)
    _tell(split, plan, by=by)
    return split


@transaction.atomic
def undo_split(split: Split, *, by: Member | None) -> Split:
    """Take a split back: every row is where it would be without it.

    A customer made for it who holds nothing else leads to whom it was split from. Raises
    CannotSplit when it is undone already, or for what a linked job took along since.
    """
    require(by, Right.UNDO_MERGE)
    split = _locked(split)
    split.end(by=by)
    try:
        concerned = take_back(split, by=by)
    except CannotGive as reason:
        raise CannotSplit(str(reason)) from reason
    _settle(split, concerned)
    source, other = split.source.refreshed(), split.to_customer.refreshed()
    split.tell(source, f"took back what was split to {named(other)}", by=by)
    if other.leads_to != source.leads_to:
        split.tell(other, f"gave back what was split from {named(source)}", by=by)
    return split


def _refuse(source: Customer, to: Customer | None) -> None:
    if to is not None and to.company_id != source.company_id:
        raise CannotSplit("The two customers are not of one company.")
    for customer in (source, to):
        if customer is not None and not customer.is_current:
            raise CannotSplit(f"{named(customer)} is no longer a current customer.")
    if to == source:
        raise CannotSplit("Choose another customer than the one that is split.")


def _going(source: Customer, rows: Sequence[FollowsCustomer]) -> tuple[Counter[str], Money]:
    """What goes with the chosen rows, counted by kind, and the money of it."""
    along = came_with(*(row for row in rows if isinstance(row, Job)))
    going = {(type(row), row.pk) for row in (*rows, *along)}
    entries = Q(pk=None)
    for model in followers():
        hanging = [carried for row in (*rows, *along) if (carried := model.carried_by(row))]
        if hanging:
            which = _any(hanging)
            found = model._base_manager.filter(which, company=source.company_id)
            going |= {(model, pk) for pk in found.values_list("pk", flat=True)}
    counts = Counter(model._meta.label_lower for model, _ in going)
    keys = [pk for model, pk in going if model._meta.label_lower == "billing.entry"]
    entries |= Q(pk__in=keys)
    return counts, money_by(entries).get(source.pk, Money())


def _any(conditions: Sequence[Q]) -> Q:
    joined = Q()
    for condition in conditions:
        joined |= condition
    return joined


def _made_for(source: Customer, new: NewCustomer | None, *, by: Member | None) -> Customer:
    if new is None:
        raise CannotSplit("Say who is to get it: a new customer, or one who is there.")
    said = replace(new, origin=Customer.Origin.SPLIT)
    return add_customer(company=source.company, new=said, by=by)


def _settle(split: Split, records: Iterable[Customer]) -> None:
    """After rows went between records: what belongs together still is, all else follows."""
    concerned = [split.source, *records]
    try:
        refuse_to_tear(*{*concerned, *(holder_of(record) for record in concerned)})
    except CannotSeparate as reason:
        raise CannotSplit(str(reason)) from reason
    settle(concerned)
    for record in records:
        record.mark_changed()


def _locked(split: Split) -> Split:
    lock_groups(Customer, lambda: may_lead_to(_concerned(split)))
    now = Split.across_companies.select_related("company", "source__head", "to_customer__head")
    split = now.select_for_update(of=("self",)).get(pk=split.pk)
    if not split.stands:
        raise CannotSplit(f"This split was undone already, by {split.undone_by or 'Carter'}.")
    return split


def _concerned(split: Split) -> set[int]:
    """Everybody who had, has or will have what was split, by key."""
    rows = list(split.rows.values_list("kind", "row_id", "link__job"))
    kinds, keys = {kind for kind, _, _ in rows}, {key for _, key, _ in rows}
    alike = SplitRow.across_companies.filter(kind__in=kinds, row_id__in=keys)
    links = JobLink.across_companies.filter(job__in={job for _, _, job in rows if job})
    ends = [
        *alike.values_list("from_record", "split__to_customer"),
        *links.values_list("from_customer", "to_customer"),
    ]
    return {split.source_id, split.to_customer_id, *chain.from_iterable(ends)}


def _tell(split: Split, plan: SplitPlan, *, by: Member | None) -> None:
    """A line of History on both sides."""
    what = listed([f"{each.count} {each.label}" for each in plan.moving])
    split.tell(split.source, f"split {what} to {named(split.to_customer)}", by=by)
    split.tell(split.to_customer, f"got {what} split from {named(split.source)}", by=by)
