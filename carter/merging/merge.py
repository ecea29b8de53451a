"""Merging customers: exactly what the preview said, or a refusal that says what changed."""

from collections.abc import Mapping, Sequence

from django.db import transaction

from carter.companies.models import Member
from carter.companies.rights import Right, require
from carter.customers.changing import shown_changes
from carter.customers.field_log import write_values
from carter.customers.following import reroute
from carter.customers.locking import lock_groups
from carter.customers.mains import REACHED_BY, settle_mains
from carter.customers.models import Customer
from carter.merging.models import ChosenValue, Merge, MergedRecord
from carter.merging.naming import listed, named
from carter.merging.planning import CannotMerge, Plan, plan_merge


class PlanOutdated(CannotMerge):
    """Something changed since the preview; `plan` is what would be done now."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        super().__init__("Something changed since you looked. Nothing is merged yet.")


@transaction.atomic
def merge_customers(
    *,
    survivor: Customer,
    duplicates: Sequence[Customer],
    choices: Mapping[str, int] | None = None,
    fingerprint: str = "",
    reason: str = "",
    by: Member | None,
) -> Merge:
    """Fold the duplicates into the survivor, with the chosen values in its fields.

    `fingerprint` is that of the preview the person agreed to. Nothing is deleted and nobody is
    written to. Raises PlanOutdated when the customers changed since, and CannotMerge.
    """
    require(by, Right.MERGE)
    survivor, duplicates = _locked(survivor, duplicates)
    plan = plan_merge(survivor, duplicates, choices=choices)
    if plan.refusals:
        raise CannotMerge(" ".join(plan.refusals))
    if fingerprint and fingerprint != plan.fingerprint:
        raise PlanOutdated(plan)
    merge = Merge.across_companies.create(
        company=survivor.company, survivor=survivor, reason=reason, by=by
    )
    _draw_edges(merge, duplicates)
    _write_chosen(merge, plan)
    settle_mains([survivor.pk], *REACHED_BY)
    return merge


def _locked(survivor: Customer, duplicates: Sequence[Customer]) -> tuple[Customer, list[Customer]]:
    """The customers as they are now; nobody changes, links or merges them until this is done."""
    now = lock_groups(Customer, lambda: [survivor.pk, *(each.pk for each in duplicates)])
    return now[survivor.pk], [now[duplicate.pk] for duplicate in duplicates]


def _draw_edges(merge: Merge, duplicates: Sequence[Customer]) -> None:
    MergedRecord.across_companies.bulk_create(
        MergedRecord(company=merge.company, merge=merge, duplicate=duplicate)
        for duplicate in duplicates
    )
    for duplicate in duplicates:
        duplicate.merged_into = merge.survivor
    reroute(*duplicates)


def _write_chosen(merge: Merge, plan: Plan) -> None:
    """Write the chosen values, and the line of History that names them."""
    names = listed([named(duplicate) for duplicate in plan.duplicates])
    changes = shown_changes(plan.survivor, plan.values)
    event = merge.tell(
        plan.survivor, f"merged {names} into this customer", changes=changes, by=merge.by
    )
    if not plan.values:
        return
    ChosenValue.across_companies.bulk_create(
        ChosenValue(company=merge.company, merge=merge, write=write)
        for write in write_values(plan.survivor, plan.values, event=event, by=merge.by)
    )
