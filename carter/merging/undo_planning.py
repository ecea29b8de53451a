"""Undoing a merge, at any later time: what goes back, what stays, and what a person decides."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, reduce
from typing import Any

from django.db.models import Q
from django.utils import timezone

from carter.customers.changing import as_shown, shown_changes
from carter.customers.field_log import value_without
from carter.customers.following import FollowsCustomer
from carter.customers.models import Customer, FieldWrite
from carter.merging.counting import (
    Holding,
    Money,
    Moving,
    fingerprint_of,
    holdings_of,
    in_words,
)
from carter.merging.giving import brought_to, giveable, kinds_given
from carter.merging.models import Merge
from carter.merging.naming import named


@dataclass(frozen=True)
class Conflict:
    """A field that the merge wrote and somebody wrote again since.

    It keeps `now` unless a person puts back `before`, which is what it was without the merge.
    """

    field: str
    label: str
    now: str
    before: str
    value_before: Any
    write: FieldWrite


@dataclass(frozen=True)
class Returning:
    """One duplicate, and what goes back to it."""

    duplicate: Customer
    holding: Holding

    @property
    def moving(self) -> list[Moving]:
        return in_words(self.holding.counts)


@dataclass(frozen=True)
class UndoPlan:
    """What undoing a merge would do; `holder` has the survivor's rows now."""

    merge: Merge
    holder: Customer
    returning: Sequence[Returning]
    holding: Holding
    conflicts: Sequence[Conflict]
    going: frozenset[int]
    state: tuple[Any, ...]

    @property
    def customers(self) -> list[Customer]:
        return [self.holder]

    @property
    def holdings(self) -> dict[int, Holding]:
        """What the holder has now, what goes back included."""
        return {self.holder.pk: self.holding}

    @property
    def money_before(self) -> Money:
        return self.holding.money

    @property
    def money_after(self) -> Money:
        """What the holder will have been charged, have paid and owe."""
        gone = (each.holding.money for each in self.returning)
        return reduce(Money.minus, gone, self.money_before)

    @property
    def money_lines(self) -> list[tuple[str, Money]]:
        """The holder's money now, what goes back to whom, and what stays."""
        back = [(f"Back to {named(each.duplicate)}", each.holding.money) for each in self.returning]
        return [
            (f"{named(self.holder)} now", self.money_before),
            *back,
            ("Stays", self.money_after),
        ]

    @cached_property
    def fingerprint(self) -> str:
        """Stands for everything the plan rests on."""
        return fingerprint_of(self.state)


def plan_undo(merge: Merge) -> UndoPlan:
    """What undoing the merge would do now."""
    survivor = merge.survivor
    holder = survivor.leads_to
    duplicates = [each.duplicate for each in _records(merge)]
    merged = _merged_into(holder)
    trees = _trees(duplicates, merged)
    held = holdings_of(sorted(merged), by="born_to")
    going = {pk for tree in trees.values() for pk in tree}
    conflicts = _conflicts(merge)
    return UndoPlan(
        merge=merge,
        holder=holder,
        returning=[Returning(each, _joined(held, trees[each.pk])) for each in duplicates],
        holding=reduce(Holding.plus, held.values()),
        conflicts=conflicts,
        going=frozenset(going),
        state=(
            merge.stands,
            holder.pk,
            *((pk, held[pk].state) for pk in sorted(held)),
            *((each.field, each.now, each.write.pk) for each in conflicts),
        ),
    )


def made_since(plan: UndoPlan) -> list[FollowsCustomer]:
    """The rows that came since the merge and do not go back by themselves, the newest first.

    They stay with the holder unless a person hands them over to one of those who come back.
    """
    return came_since(plan.holder, plan.merge.at, which=~Q(born_to__in=plan.going))


def came_since(holder: Customer, moment: datetime, *, which: Q) -> list[FollowsCustomer]:
    """Which rows of somebody, that can be given on their own, came since a moment."""
    found: list[Any] = []
    brought = brought_to(holder)
    for kind in kinds_given():
        theirs = giveable(kind, holder, brought=brought).select_related("company")
        rows = theirs.filter(which, **{f"{moment_of(kind)}__gt": moment})
        found.extend(rows.order_by("-pk"))
    return [row for row in found if row.carrier is None]


def moment_of(kind: type[FollowsCustomer]) -> str:
    """The column that says when a row was made: the one that is filled with the moment."""
    fields = kind._meta.concrete_fields
    return next(field.name for field in fields if field.default is timezone.now)


def _records(merge: Merge) -> Iterable[Any]:
    rows = merge.records.order_by("id")
    return rows.select_related("duplicate__company", "duplicate__head")


def _merged_into(holder: Customer) -> dict[int, int | None]:
    """Every record whose rows the holder has, by what it was merged into; the holder as well."""
    rows = Customer.across_companies.filter(head=holder).exclude(merged_into=None)
    return {holder.pk: None, **dict(rows.values_list("pk", "merged_into"))}


def _trees(duplicates: Sequence[Customer], merged: Mapping[int, int | None]) -> dict[int, set[int]]:
    """By duplicate: the records that go back with it, which were merged into it at some time."""
    trees = {duplicate.pk: {duplicate.pk} for duplicate in duplicates}
    for pk in merged:
        chain, record = [], pk
        while record in merged and record not in trees:
            chain.append(record)
            record = merged[record] or 0
        if record in trees:
            trees[record].update(chain)
    return trees


def _joined(held: Mapping[int, Holding], records: Iterable[int]) -> Holding:
    """What some records have together; nothing of one that is apart already."""
    return reduce(Holding.plus, (held[pk] for pk in records if pk in held), Holding())


def _conflicts(merge: Merge) -> list[Conflict]:
    """Fields that somebody wrote since, to another value than they had before the merge."""
    survivor, found = merge.survivor, []
    for chosen in merge.chosen_values.select_related("write"):
        writes = list(survivor.field_writes.filter(field=chosen.write.field).order_by("id"))
        later = [row for row in writes if row.stands and row.pk > chosen.write_id]
        before = value_without(writes, {chosen.write_id, *(row.pk for row in later)})
        if later and later[-1].new != before:
            found.append(_conflict(survivor, later[-1], before))
    return found


def _conflict(survivor: Customer, write: FieldWrite, before: Any) -> Conflict:
    changes = shown_changes(survivor, {write.field: before})
    ((label, (_, shown_before)),) = changes.items()
    return Conflict(
        field=write.field,
        label=label[0].upper() + label[1:],
        now=as_shown(survivor, write.field),
        before=shown_before,
        value_before=before,
        write=write,
    )
