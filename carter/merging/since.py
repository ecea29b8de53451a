"""What changed between a preview and the deed, so that a refusal can name it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.core import signing
from django.db.models import QuerySet

from carter.companies.money import money
from carter.customers.models import Customer, Event, Note
from carter.merging.counting import Holding, Money, in_words
from carter.merging.naming import named

SALT = "carter.merging.since"
LINES = 20


class Previewed(Protocol):
    """The plan of a merge, an undo or a split: whose it is, and what they have."""

    @property
    def customers(self) -> Sequence[Customer]: ...

    @property
    def holdings(self) -> Mapping[int, Holding]: ...


@dataclass(frozen=True)
class Change:
    """One thing that is other now: with whom, what, and values before and after where known."""

    customer: Customer
    words: str
    changes: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def __str__(self) -> str:
        changed = [f"{name} {was} → {now}" for name, (was, now) in self.changes.items()]
        return ": ".join([named(self.customer), self.words, *filter(None, [", ".join(changed)])])


def remembered(plan: Previewed, *, with_money: bool) -> str:
    """What a preview showed, signed, to be kept in its form; money only for who may see it."""
    seen = [
        [pk, held.counts, [_newest(held, Event), _newest(held, Note)], with_money and held.money]
        for pk, held in plan.holdings.items()
    ]
    return signing.dumps(seen, salt=SALT, compress=True)


def changed_since(seen: str, plan: Previewed) -> list[Change]:
    """What became other since a preview that is remembered as `seen`, given the plan as it is now.

    The latest lines of History and notes, then what somebody no longer has, which leaves no line
    with them, and how their money changed. Nothing when `seen` is not ours.
    """
    try:
        then = signing.loads(seen, salt=SALT)
    except signing.BadSignature:
        return []
    newest = [max(keys) for keys in zip(*(keys for _, _, keys, _ in then), strict=True)]
    found = _told(plan, *newest)
    customers = {customer.pk: customer for customer in plan.customers}
    for pk, counts, _, owed in then:
        if pk in customers:
            found += _fewer(customers[pk], counts, plan.holdings[pk])
            found += _owing(customers[pk], owed, plan.holdings[pk].money)
    return found


def _newest(held: Holding, kind: type[Event] | type[Note]) -> int:
    return held.newest.get(kind._meta.label_lower, 0)


def _told(plan: Previewed, event: int, note: int) -> list[Change]:
    """Lines of History and notes that came since, the first of them first."""
    company = plan.customers[0].company
    lines: list[Any] = [
        *_since(company.events.filter(pk__gt=event), plan),
        *_since(company.notes.filter(pk__gt=note), plan),
    ]
    return [_said(line) for line in sorted(lines, key=lambda line: line.at)]


def _since(rows: QuerySet[Any], plan: Previewed) -> Iterable[Any]:
    theirs = rows.filter(customer__in=[customer.pk for customer in plan.customers])
    return theirs.select_related("customer__company", "by__user").order_by("-pk")[:LINES]


def _said(line: Event | Note) -> Change:
    if isinstance(line, Note):
        return Change(line.customer, f"{line.signature} noted “{line.text}”")
    return Change(line.customer, f"{line.signature} {line.what}", line.changes)


def _fewer(customer: Customer, before: Mapping[str, int], now: Holding) -> list[Change]:
    gone = {kind: count - now.counts[kind] for kind, count in before.items()}
    lost = in_words({kind: count for kind, count in gone.items() if count > 0})
    return [Change(customer, f"{each.count} {each.label} fewer") for each in lost]


def _owing(customer: Customer, seen: Sequence[int] | None, now: Money) -> list[Change]:
    """How the money changed, for somebody who was shown it."""
    before = Money(*seen) if seen else now
    if before == now:
        return []
    named = ("charges", "payments", "credits", "balance")
    sums = zip(named, (*before, before.balance), (*now, now.balance), strict=True)
    currency = customer.company.currency
    changes = {
        name: [money(was, currency), money(cents, currency)]
        for name, was, cents in sums
        if was != cents
    }
    return [Change(customer, "the money changed", changes)]
