"""What a merge would do, worked out before anybody does it; doing it works it out again."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Any

from django.db.models import Min

from carter.customers.changing import as_shown, words_for_field
from carter.customers.field_log import FIELDS
from carter.customers.following import OnMerge, pointing_at
from carter.customers.models import Customer
from carter.jobs.models import Job
from carter.merging.counting import (
    Holding,
    Money,
    Moving,
    fingerprint_of,
    holdings_of,
    in_words,
)
from carter.merging.naming import named

FEWEST = 2
ALWAYS_ON = "do_not_service"
"""A warning not to serve somebody holds for whoever they turn out to be: nobody chooses it away."""


class CannotMerge(Exception):
    """These customers cannot be merged; the words say why."""


@dataclass(frozen=True)
class Option:
    """The value one of the customers has in a field, raw and as shown on screen."""

    customer: Customer
    value: Any
    shown: str


@dataclass(frozen=True)
class FieldPlan:
    """One field side by side, and whose value the survivor will have."""

    name: str
    label: str
    options: Sequence[Option]
    chosen: Option

    @property
    def differs(self) -> bool:
        return len({option.shown for option in self.options}) > 1

    @property
    def is_said(self) -> bool:
        """Whether any of the customers has something in it."""
        return any(option.value for option in self.options)

    @property
    def is_open(self) -> bool:
        """Whether a person has something to choose."""
        return self.differs and self.name != ALWAYS_ON


@dataclass(frozen=True)
class Plan:
    """What merging would do: fields, rows, money; why it is refused; what it rests on.

    `fingerprint` stands for everything the plan rests on. It is the same for every choice of the
    survivor and of fields: these are the person's.
    """

    survivor: Customer
    duplicates: Sequence[Customer]
    fields: Sequence[FieldPlan]
    holdings: Mapping[int, Holding]
    refusals: Sequence[str]

    @property
    def customers(self) -> list[Customer]:
        return [self.survivor, *self.duplicates]

    @cached_property
    def values(self) -> dict[str, Any]:
        """What will be written to fields of the survivor."""
        return {
            field.name: field.chosen.value
            for field in self.fields
            if field.chosen.value != getattr(self.survivor, field.name)
        }

    @cached_property
    def moving(self) -> list[Moving]:
        """What goes to the survivor, counted by kind."""
        held = (self.holdings[duplicate.pk].counts for duplicate in self.duplicates)
        return in_words(sum(held, Counter()))

    @property
    def money_after(self) -> Money:
        """What the survivor will have been charged, have paid and owe."""
        return reduce(Money.plus, (holding.money for holding in self.holdings.values()))

    @property
    def money_lines(self) -> list[tuple[str, Money]]:
        """Everybody's money before, and what the survivor's will be."""
        before = [(named(each), self.holdings[each.pk].money) for each in self.customers]
        return [*before, ("Afterwards", self.money_after)]

    @cached_property
    def fingerprint(self) -> str:
        return fingerprint_of(
            [
                customer.pk,
                customer.head_id,
                customer.withdrawn_at,
                [getattr(customer, name) for name in FIELDS],
                self.holdings[customer.pk].state,
            ]
            for customer in sorted(self.customers, key=lambda customer: customer.pk)
        )


def plan_merge(
    survivor: Customer,
    duplicates: Sequence[Customer],
    *,
    choices: Mapping[str, int] | None = None,
) -> Plan:
    """What merging the duplicates into the survivor would do, for customers as they are now.

    `choices` names, by field, the customer whose value the survivor is to have. Five queries.
    """
    customers = [survivor, *duplicates]
    return Plan(
        survivor=survivor,
        duplicates=duplicates,
        fields=[_field(name, customers, choices or {}) for name in FIELDS],
        holdings=holdings_of([customer.pk for customer in customers]),
        refusals=refusals(survivor, duplicates),
    )


def default_survivor(customers: Sequence[Customer]) -> Customer:
    """The one with the oldest job; without any job the record that was there first."""
    jobs = Job.across_companies.filter(customer__in=customers).order_by()
    oldest = dict(jobs.values_list("customer").annotate(Min("created_at")))
    return min(
        customers,
        key=lambda customer: (
            customer.pk not in oldest,
            oldest.get(customer.pk, customer.created_at),
            customer.pk,
        ),
    )


def refusals(survivor: Customer, duplicates: Sequence[Customer]) -> list[str]:
    """Why these customers cannot be merged, each in a sentence; empty when they can."""
    customers = [survivor, *duplicates]
    found = []
    if any(other.company_id != survivor.company_id for other in customers):
        return ["The customers are not of one company, whose money is of one currency."]
    if len({customer.pk for customer in customers}) < len(customers):
        found.append("The same customer is chosen twice.")
    elif len(customers) < FEWEST:
        found.append("Choose two customers or more.")
    for customer in dict.fromkeys(customers):
        if customer.head is not None:
            found.append(f"{named(customer)} is already part of {named(customer.head)}.")
        elif customer.withdrawn_at is not None:
            found.append(f"{named(customer)} was taken back with its import.")
    return [*found, *_held_back(duplicates)]


def _held_back(duplicates: Sequence[Customer]) -> list[str]:
    """Rows that keep their customer from being merged, as their model declares."""
    return [
        f"{named(row.customer)} has a {model._meta.verbose_name}, which cannot follow."
        for model in pointing_at(Customer)
        if model.on_merge is OnMerge.REFUSES
        for row in model._base_manager.filter(customer__in=duplicates).select_related("customer")
    ]


def _field(name: str, customers: Sequence[Customer], choices: Mapping[str, int]) -> FieldPlan:
    options = [
        Option(customer, getattr(customer, name), as_shown(customer, name))
        for customer in customers
    ]
    asked = None if name == ALWAYS_ON else choices.get(name)
    chosen = next((option for option in options if option.customer.pk == asked), None)
    filled = (option for option in options if option.value)
    label = words_for_field(customers[0], name)
    return FieldPlan(
        name=name,
        label=label[0].upper() + label[1:],
        options=options,
        chosen=chosen or next(filled, options[0]),
    )
