"""What customers have: how many rows of each kind, and their money."""

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, cast

from django.db import connection
from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

from carter.billing.models import Allocation, Entry, InvoiceVoid, Payment
from carter.customers.following import FollowsCustomer, followers
from carter.customers.models import CustomerTag, Event, ExternalId
from carter.gateway.models import AutoPayStop, StoredMethod
from carter.jobs.models import Job

WORDS: dict[type[FollowsCustomer], tuple[str, str]] = {
    Job: ("lead or job", "leads and jobs"),
    Event: ("line of History", "lines of History"),
    CustomerTag: ("tag", "tags"),
    ExternalId: ("name in another system", "names in other systems"),
    InvoiceVoid: ("voided invoice", "voided invoices"),
    Allocation: ("payment applied to an invoice", "payments applied to invoices"),
    StoredMethod: ("card or bank account on file", "cards and bank accounts on file"),
    AutoPayStop: ("stop of auto-pay", "stops of auto-pay"),
}
UNSAID: tuple[type[FollowsCustomer], ...] = (Entry,)
"""Kinds that only mirror others: they are not named to a person."""


class Money(NamedTuple):
    """What a customer owes, in cents: `balance` is what was charged less payments and credits."""

    charged: int = 0
    paid: int = 0
    credited: int = 0

    @property
    def balance(self) -> int:
        return self.charged - self.paid - self.credited

    def plus(self, other: "Money") -> "Money":
        return Money(*(one + more for one, more in zip(self, other, strict=True)))

    def minus(self, other: "Money") -> "Money":
        return Money(*(one - less for one, less in zip(self, other, strict=True)))


@dataclass(frozen=True)
class Holding:
    """Everything one customer has: rows and the newest one's key by the name of the kind, money."""

    counts: Counter[str] = field(default_factory=Counter)
    money: Money = field(default_factory=Money)
    newest: Mapping[str, int] = field(default_factory=dict)

    def plus(self, other: "Holding") -> "Holding":
        newest = {
            kind: max(self.newest.get(kind, 0), other.newest.get(kind, 0))
            for kind in {*self.newest, *other.newest}
        }
        return Holding(self.counts + other.counts, self.money.plus(other.money), newest)

    @property
    def state(self) -> tuple[Any, ...]:
        """All of it, to be compared with what it is later."""
        return (*sorted(self.counts.items()), *sorted(self.newest.items()), self.money)


@dataclass(frozen=True)
class Moving:
    """So many rows of a kind, in words: 3 leads and jobs."""

    label: str
    count: int


def holdings_of(customers: Collection[int], *, by: str = "customer") -> dict[int, Holding]:
    """What each of some customers has. Two queries, however many kinds there are.

    By `born_to` it is what was made for each record, whoever has it now.
    """
    counts: dict[int, Counter[str]] = {pk: Counter() for pk in customers}
    newest: dict[int, dict[str, int]] = {pk: {} for pk in customers}
    for pk, kind, count, key in _counted(customers, by):
        counts[pk][kind], newest[pk][kind] = count, key
    money = money_by(Q(**{f"{by}__in": customers}), column=by)
    return {pk: Holding(counts[pk], money.get(pk, Money()), newest[pk]) for pk in customers}


def money_by(which: Q, *, column: str = "customer") -> dict[int, Money]:
    """What was charged, paid and credited in some entries, by who has them."""
    sums = Entry.across_companies.filter(which).order_by().values(column)
    of_money = Q(part__payment__kind__in=Payment.OF_MONEY)
    totals = sums.annotate(
        charged=Coalesce(Sum("amount_cents", filter=Q(part=None)), 0),
        paid=Coalesce(-Sum("amount_cents", filter=of_money), 0),
        credited=Coalesce(-Sum("amount_cents", filter=Q(part__isnull=False) & ~of_money), 0),
    )
    return {row[column]: Money(row["charged"], row["paid"], row["credited"]) for row in totals}


def in_words(counts: Mapping[str, int]) -> list[Moving]:
    """Counts by kind as a person reads them, History last; what only mirrors others is left out.

    A kind that another floor adds appears by itself.
    """
    return [
        Moving(words_for(model, counts[model._meta.label_lower]), counts[model._meta.label_lower])
        for model in sorted(followers(), key=lambda model: model is Event)
        if model not in UNSAID and counts.get(model._meta.label_lower)
    ]


def fingerprint_of(state: Iterable[Any]) -> str:
    """A few letters that stand for everything a plan rests on."""
    said = json.dumps(list(state), default=str)
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def words_for(model: type[FollowsCustomer], count: int) -> str:
    """What rows of a kind are called on screen."""
    names = str(model._meta.verbose_name), str(model._meta.verbose_name_plural)
    one, many = WORDS.get(model, names)
    return one if count == 1 else many


COUNTED = """
    SELECT {by}, '{kind}', COUNT(*), MAX(id) FROM {table}
    WHERE {by} IN ({places}) GROUP BY {by}
"""


def _counted(customers: Collection[int], by: str) -> Iterable[tuple[int, str, int, int]]:
    """By customer and kind: how many rows, and the newest. Django would take longer to write it."""
    counted = [
        COUNTED.format(
            by=f"{by}_id",
            kind=model._meta.label_lower,
            table=model._meta.db_table,
            places=", ".join(["%s"] * len(customers)),
        )
        for model in followers()
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(counted), [*customers] * len(counted))
        return cast("list[tuple[int, str, int, int]]", cursor.fetchall())
