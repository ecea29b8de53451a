"""Undoing a split, at any later time: what goes back, what stays, and what is in the way."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_
from typing import Any

from django.db.models import Q

from carter.customers.following import FollowsCustomer, followers, holder_of
from carter.customers.models import Customer, Event
from carter.customers.ties import Tied
from carter.merging.counting import (
    Holding,
    Money,
    Moving,
    fingerprint_of,
    holdings_of,
    in_words,
)
from carter.merging.giving import Return, returns_of
from carter.merging.models import Split
from carter.merging.naming import named
from carter.merging.split_planning import Going, counted, money_of, with_all_that_hangs
from carter.merging.undo_planning import came_since


@dataclass(frozen=True)
class GoingBack:
    """What one customer gets back, counted by kind, and the money of it."""

    customer: Customer
    counts: Counter[str]
    money: Money

    @property
    def moving(self) -> list[Moving]:
        return in_words(self.counts)


@dataclass(frozen=True)
class SplitUndoPlan:
    """What undoing a split would do; `holder` has what was split now.

    `elsewhere` are rows that a later split or link gave on: they stay where that put them.
    `in_the_way` says why it cannot be undone as things are.
    """

    split: Split
    holder: Customer
    backs: Sequence[GoingBack]
    elsewhere: Sequence[Any]
    going: frozenset[tuple[type[FollowsCustomer], int]]
    in_the_way: Sequence[str]
    holdings: Mapping[int, Holding]
    state: tuple[Any, ...]

    @property
    def customers(self) -> list[Customer]:
        """Who has something before or afterwards, the one who gives it back last."""
        return [*(back.customer for back in self.backs), self.holder]

    @property
    def counts_after(self) -> Counter[str]:
        """What stays with whoever gives it back."""
        gone = sum((back.counts for back in self.backs), Counter[str]())
        return self.holdings[self.holder.pk].counts - gone

    @property
    def leaves_nothing(self) -> bool:
        """Whether the split made the customer, who then holds nothing, and leads to the other."""
        of_more_than_history = self.counts_after - Counter({Event._meta.label_lower: 10**9})
        was_made = self.holder.origin == Customer.Origin.SPLIT
        return was_made and self.holder == self.split.to_customer and not of_more_than_history

    def money_after(self, customer: Customer) -> Money:
        """What a customer will have been charged, have paid and owe."""
        before = self.holdings[customer.pk].money
        if customer == self.holder:
            return reduce(Money.minus, (back.money for back in self.backs), before)
        came = (back.money for back in self.backs if back.customer == customer)
        return reduce(Money.plus, came, before)

    @property
    def money_lines(self) -> list[tuple[str, Money]]:
        """The money of all of them before and afterwards."""
        return [
            *((f"{named(each)} now", self.holdings[each.pk].money) for each in self.customers),
            *((f"{named(each)} afterwards", self.money_after(each)) for each in self.customers),
        ]

    @cached_property
    def fingerprint(self) -> str:
        """Stands for everything the plan rests on."""
        return fingerprint_of(self.state)


def plan_undo_split(split: Split) -> SplitUndoPlan:
    """What undoing the split would do now."""
    returns = returns_of(split)
    holders = _holders_of({split.to_customer, *(each.place for each in returns)})
    holder = holders[split.to_customer]
    going = _by_receiver(returns, holders)
    backs = [_going_back(customer, rows) for customer, rows in going.items()]
    all_going = {key: customer for customer, rows in going.items() for key in rows}
    holdings = holdings_of([*(each.pk for each in going), holder.pk])
    return SplitUndoPlan(
        split=split,
        holder=holder,
        backs=backs,
        elsewhere=[each.row for each in returns if each.row.born_to == each.place],
        going=frozenset(all_going),
        in_the_way=[
            *(each.why_not for each in returns if each.why_not),
            *dict.fromkeys(_torn({key: customer.pk for key, customer in all_going.items()})),
        ],
        holdings=holdings,
        state=(
            split.stands,
            *sorted((model._meta.label_lower, pk, to.pk) for (model, pk), to in all_going.items()),
            *((pk, held.state) for pk, held in holdings.items()),
        ),
    )


def made_since_split(plan: SplitUndoPlan) -> list[FollowsCustomer]:
    """The rows that came since to who got something, and do not go back, the newest first.

    They stay unless a person hands them over to whom it was split from.
    """
    own = Q(born_to=plan.split.to_customer)
    rows = came_since(plan.holder, plan.split.at, which=own)
    return [row for row in rows if (type(row), row.pk) not in plan.going]


def _holders_of(records: Collection[Customer]) -> dict[Customer, Customer]:
    """By record: who has its rows now."""
    holders = {record: holder_of(record).pk for record in records}
    found = Customer.across_companies.select_related("company").in_bulk({*holders.values()})
    return {record: found[holder] for record, holder in holders.items()}


def _by_receiver(
    returns: Sequence[Return], holders: Mapping[Customer, Customer]
) -> dict[Customer, Going]:
    """By customer: all rows that come to them from another one."""
    found: dict[Customer, list[FollowsCustomer]] = {}
    for each in returns:
        receiver = holders[each.place]
        if receiver.pk != each.row.customer_id:
            found.setdefault(receiver, []).append(each.row)
    return {customer: with_all_that_hangs(rows) for customer, rows in found.items()}


def _going_back(customer: Customer, rows: Going) -> GoingBack:
    money = reduce(Money.plus, money_of(rows).values(), Money())
    return GoingBack(customer, counted(rows), money)


def _torn(going: Mapping[tuple[type[FollowsCustomer], int], int]) -> Iterator[str]:
    """What joins rows of which only some go back, in words: it has to be parted first."""
    keys: dict[type[Any], list[int]] = {}
    for model, pk in going:
        keys.setdefault(model, []).append(pk)
    for model in followers():
        if issubclass(model, Tied) and keys:
            for tie in _ties_to(model, keys):
                ends = [tie, *(end for name in model.tied_to if (end := getattr(tie, name)))]
                if len({going.get((type(end), end.pk), end.customer_id) for end in ends}) > 1:
                    yield tie.why_together


def _ties_to(model: type[Tied], keys: Mapping[type[Any], Sequence[int]]) -> Any:
    """The rows of a kind that join some of the rows with others."""
    ends: dict[str, Any] = {
        name: model._meta.get_field(name).related_model for name in model.tied_to
    }
    touching = [Q(pk__in=keys.get(model, []))]
    touching += [Q(**{f"{name}__in": keys.get(end, [])}) for name, end in ends.items()]
    return model.binding().filter(reduce(or_, touching)).select_related(*model.tied_to)
