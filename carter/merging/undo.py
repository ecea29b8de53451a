"""Undoing a merge: every record has again what it would have without the merge."""

from collections.abc import Collection, Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from carter.companies.models import Member
from carter.companies.rights import Right, require
from carter.customers.changing import shown_changes
from carter.customers.field_log import withdraw_writes, write_values
from carter.customers.following import FollowsCustomer, reroute
from carter.customers.locking import lock_groups
from carter.customers.models import Customer
from carter.customers.ties import CannotSeparate, refuse_to_tear
from carter.jobs.retiring import may_lead_to
from carter.merging.giving import CannotGive, chosen_rows, give
from carter.merging.models import Merge, Split
from carter.merging.naming import listed, named
from carter.merging.settling import settle
from carter.merging.undo_planning import Conflict, UndoPlan, plan_undo


class CannotUndo(Exception):
    """It cannot be undone; the words say what is in the way."""


class AlreadyUndone(CannotUndo):
    """Somebody undid it before."""


class UndoOutdated(CannotUndo):
    """Something changed since the preview; `plan` is what would be done now."""

    def __init__(self, plan: "UndoPlan") -> None:
        self.plan = plan
        super().__init__("Something changed since you looked. Nothing is undone yet.")


@transaction.atomic
def undo_merge(
    merge: Merge,
    *,
    handing: Mapping[FollowsCustomer, Customer] | None = None,
    put_back: Collection[str] = (),
    fingerprint: str = "",
    by: Member | None,
) -> Merge:
    """Take a merge back: every record has the rows and values it would have without it.

    What was made since stays, but for the rows in `handing`, each with the duplicate it goes to.
    Fields named in `put_back` lose what was written to them since. `fingerprint` is that of the
    preview. Raises UndoOutdated, AlreadyUndone and CannotUndo.
    """
    require(by, Right.UNDO_MERGE)
    merge = _locked(merge)
    plan = plan_undo(merge)
    if fingerprint and fingerprint != plan.fingerprint:
        raise UndoOutdated(plan)
    duplicates = [each.duplicate for each in plan.returning]
    _withdraw(merge, duplicates, by=by)
    _put_back(merge, [each for each in plan.conflicts if each.field in put_back], by=by)
    _hand_over(merge, plan.holder, _by_duplicate(handing or {}, duplicates), by=by)
    _refuse_to_tear(plan.holder, *duplicates)
    settle([merge.survivor, plan.holder, *duplicates])
    merge.end(by=by)
    _tell(merge, duplicates, by=by)
    return merge


def _locked(merge: Merge) -> Merge:
    """The merge as it is now, with everybody who leads to or from its records locked."""
    records = [merge.survivor_id, *merge.records.values_list("duplicate", flat=True)]
    lock_groups(Customer, lambda: may_lead_to(records))
    now = Merge.across_companies.select_related("company", "survivor__company", "survivor__head")
    merge = now.select_for_update(of=("self",)).get(pk=merge.pk)
    if not merge.stands:
        raise AlreadyUndone(f"This merge was undone already, by {merge.undone_by or 'Carter'}.")
    return merge


def _withdraw(merge: Merge, duplicates: Sequence[Customer], *, by: Member | None) -> None:
    """Take back the edges and the values that the merge drew and wrote."""
    for duplicate in duplicates:
        duplicate.merged_into = None
    reroute(*duplicates)
    merge.records.filter(undone_at=None).update(undone_at=timezone.now())
    writes = [chosen.write for chosen in merge.chosen_values.select_related("write")]
    withdraw_writes(merge.survivor, writes, by=by)


def _put_back(merge: Merge, conflicts: Sequence[Conflict], *, by: Member | None) -> None:
    if conflicts:
        values = {each.field: each.value_before for each in conflicts}
        changes = shown_changes(merge.survivor, values)
        event = merge.tell(merge.survivor, "changed the details", changes=changes, by=by)
        write_values(merge.survivor, values, event=event, by=by)


def _by_duplicate(
    handing: Mapping[FollowsCustomer, Customer], duplicates: Sequence[Customer]
) -> dict[Customer, list[FollowsCustomer]]:
    """The rows to hand over to each of those who come back."""
    if not set(handing.values()) <= {*duplicates}:
        raise CannotUndo("What is handed over goes to one of those who come back.")
    return {
        duplicate: [row for row, to in handing.items() if to == duplicate]
        for duplicate in duplicates
    }


def _hand_over(
    merge: Merge,
    holder: Customer,
    rows: Mapping[Customer, Sequence[FollowsCustomer]],
    *,
    by: Member | None,
) -> None:
    """Give chosen rows to those who come back; a split for each, which can be undone on its own."""
    for duplicate, wanted in rows.items():
        if not wanted:
            continue
        split = Split.across_companies.create(
            company=merge.company,
            source=holder,
            to_customer=duplicate,
            handed_back_by=merge,
            by=by,
        )
        try:
            give(split, chosen_rows(holder, wanted), by=by)
        except CannotGive as reason:
            raise CannotUndo(str(reason)) from reason


def _refuse_to_tear(*customers: Customer) -> None:
    """What was billed or paid together since stays together: a person has to part it first."""
    try:
        refuse_to_tear(*customers)
    except CannotSeparate as reason:
        raise CannotUndo(str(reason)) from reason


def _tell(merge: Merge, duplicates: Sequence[Customer], *, by: Member | None) -> None:
    """A line of History on both sides."""
    survivor = merge.survivor.refreshed()
    names = listed([named(duplicate) for duplicate in duplicates])
    merge.tell(survivor, f"undid the merge of {names} into this customer", by=by)
    for duplicate in duplicates:
        now = duplicate.refreshed()
        merge.tell(now, f"undid the merge into {named(survivor)}", by=by)
