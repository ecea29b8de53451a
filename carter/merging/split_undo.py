"""Undoing a split: every row is where it would be without it."""

from collections.abc import Sequence
from itertools import chain

from django.db import transaction

from carter.companies.models import Member
from carter.companies.rights import Right, require
from carter.customers.following import FollowsCustomer
from carter.customers.locking import lock_groups
from carter.customers.models import Customer
from carter.jobs.models import JobLink
from carter.jobs.retiring import may_lead_to
from carter.merging.giving import CannotGive, chosen_rows, give, take_back
from carter.merging.models import Split, SplitRow
from carter.merging.naming import named
from carter.merging.split import settle_rows
from carter.merging.split_planning import CannotSplit
from carter.merging.split_undo_planning import SplitUndoPlan, plan_undo_split


class SplitUndone(CannotSplit):
    """Somebody undid it before."""


class SplitUndoOutdated(CannotSplit):
    """Something changed since the preview; `plan` is what would be done now."""

    def __init__(self, plan: SplitUndoPlan) -> None:
        self.plan = plan
        super().__init__("Something changed since you looked. Nothing is undone yet.")


@transaction.atomic
def undo_split(
    split: Split,
    *,
    handing: Sequence[FollowsCustomer] = (),
    fingerprint: str = "",
    by: Member | None,
) -> Split:
    """Take a split back: every row is where it would be without it.

    What was made since stays, but for the rows in `handing`, which go to whom it was split from. A
    customer made for the split who holds nothing else leads there, too. `fingerprint` is that of
    the preview. Raises SplitUndoOutdated, SplitUndone, and CannotSplit for what is in the way.
    """
    require(by, Right.UNDO_MERGE)
    split = _locked(split)
    plan = plan_undo_split(split)
    if fingerprint and fingerprint != plan.fingerprint:
        raise SplitUndoOutdated(plan)
    split.end(by=by)
    try:
        concerned = take_back(split, by=by)
        _hand_over(plan, handing, by=by)
    except CannotGive as reason:
        raise CannotSplit(str(reason)) from reason
    settle_rows(split, concerned)
    _tell(split, by=by)
    return split


def _locked(split: Split) -> Split:
    lock_groups(Customer, lambda: may_lead_to(_concerned(split)))
    now = Split.across_companies.select_related("company", "source__head", "to_customer__head")
    split = now.select_for_update(of=("self",)).get(pk=split.pk)
    if not split.stands:
        raise SplitUndone(f"This split was undone already, by {split.undone_by or 'Carter'}.")
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


def _hand_over(
    plan: SplitUndoPlan, wanted: Sequence[FollowsCustomer], *, by: Member | None
) -> None:
    """Give chosen rows that were made since along; a split, which can be undone on its own."""
    if not wanted:
        return
    split = Split.across_companies.create(
        company=plan.split.company, source=plan.holder, to_customer=plan.split.source, by=by
    )
    give(split, chosen_rows(plan.holder, wanted), by=by)


def _tell(split: Split, *, by: Member | None) -> None:
    """A line of History on both sides."""
    source, other = split.source.refreshed(), split.to_customer.refreshed()
    split.tell(source, f"took back what was split to {named(other)}", by=by)
    if other.leads_to != source.leads_to:
        split.tell(other, f"gave back what was split from {named(source)}", by=by)
