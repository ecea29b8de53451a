"""**Split Customer**: giving what is another's to another, and taking that back."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.db import transaction

from carter.companies.models import Member
from carter.companies.rights import Right, require
from carter.customers.adding import NewCustomer, add_customer
from carter.customers.following import FollowsCustomer, holder_of
from carter.customers.locking import lock_groups
from carter.customers.models import Customer
from carter.customers.ties import CannotSeparate, refuse_to_tear
from carter.jobs.retiring import may_lead_to
from carter.merging.giving import give
from carter.merging.models import Split
from carter.merging.naming import listed, named
from carter.merging.settling import settle
from carter.merging.split_planning import CannotSplit, SplitPlan, plan_split


class SplitOutdated(CannotSplit):
    """Something changed since the preview; `plan` is what would be done now."""

    def __init__(self, plan: SplitPlan) -> None:
        self.plan = plan
        super().__init__("Something changed since you looked. Nothing is split yet.")


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
    settle_rows(split, records)
    _tell(split, plan, by=by)
    return split


def settle_rows(split: Split, records: Iterable[Customer]) -> None:
    """After rows went between records: what belongs together still is, all else follows."""
    concerned = [split.source, *records]
    try:
        refuse_to_tear(*{*concerned, *(holder_of(record) for record in concerned)})
    except CannotSeparate as reason:
        raise CannotSplit(str(reason)) from reason
    settle(concerned)
    for record in records:
        record.mark_changed()


def _made_for(source: Customer, new: NewCustomer | None, *, by: Member | None) -> Customer:
    if new is None:
        raise CannotSplit("Say who is to get it: a new customer, or one who is there.")
    said = replace(new, origin=Customer.Origin.SPLIT)
    return add_customer(company=source.company, new=said, by=by)


def _tell(split: Split, plan: SplitPlan, *, by: Member | None) -> None:
    """A line of History on both sides."""
    what = listed([f"{each.count} {each.label}" for each in plan.moving])
    split.tell(split.source, f"split {what} to {named(split.to_customer)}", by=by)
    split.tell(split.to_customer, f"got {what} split from {named(split.source)}", by=by)
