"""What a split would do, worked out before anybody does it; doing it works it out again."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_

from django.db.models import Q

from carter.billing.models import Entry
from carter.customers.following import FollowsCustomer, followers
from carter.customers.models import Customer
from carter.jobs.bringing import came_with
from carter.jobs.models import Job
from carter.merging.counting import (
    Holding,
    Money,
    Moving,
    fingerprint_of,
    holdings_of,
    in_words,
    money_by,
)
from carter.merging.giving import CannotGive, chosen_rows
from carter.merging.naming import named


class CannotSplit(Exception):
    """The split, or its undo, makes no sense; the words say why."""


@dataclass(frozen=True)
class SplitPlan:
    """What a split would do. `to` is None when a customer is made for it."""

    source: Customer
    to: Customer | None
    rows: Sequence[FollowsCustomer]
    counts: Counter[str]
    going: Money
    holdings: Mapping[int, Holding]

    @property
    def customers(self) -> list[Customer]:
        return [self.source, self.to] if self.to else [self.source]

    @property
    def moving(self) -> list[Moving]:
        """What goes, counted by kind, with all that hangs on it."""
        return in_words(self.counts)

    @property
    def source_before(self) -> Money:
        return self.holdings[self.source.pk].money

    @property
    def to_before(self) -> Money:
        return self.holdings[self.to.pk].money if self.to else Money()

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
        return fingerprint_of(
            [
                *((pk, held.state) for pk, held in self.holdings.items()),
                *((row._meta.label_lower, row.pk) for row in self.rows),
            ]
        )


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
    return SplitPlan(
        source=source,
        to=to,
        rows=chosen,
        counts=counts,
        going=going,
        holdings=holdings_of([customer.pk for customer in (source, to) if customer]),
    )


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
    going = with_all_that_hangs(rows)
    return counted(going), money_of(going).get(source.pk, Money())


Going = set[tuple[type[FollowsCustomer], int]]
"""Rows by kind and key."""


def with_all_that_hangs(rows: Sequence[FollowsCustomer]) -> Going:
    """Rows of one company, with what hangs on them or came along with a job, and so goes too."""
    along = came_with(*(row for row in rows if isinstance(row, Job)))
    going = {(type(row), row.pk) for row in (*rows, *along)}
    for model in followers():
        hanging = [carried for row in (*rows, *along) if (carried := model.carried_by(row))]
        if hanging:
            found = model._base_manager.filter(reduce(or_, hanging), company=rows[0].company_id)
            going |= {(model, pk) for pk in found.values_list("pk", flat=True)}
    return going


def counted(going: Going) -> Counter[str]:
    return Counter(model._meta.label_lower for model, _ in going)


def money_of(going: Going) -> dict[int, Money]:
    """By customer: the money of the entries among some rows."""
    return money_by(Q(pk__in=[pk for model, pk in going if model is Entry]))
