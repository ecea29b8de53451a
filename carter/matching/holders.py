"""Which customers hold the keys that are looked for, and how many others do."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Aggregate, Case, Count, TextField, When
from django.db.models.functions import Coalesce

from carter.companies.models import Company
from carter.customers.models import Customer
from carter.matching.keys import CAP, Key
from carter.matching.models import Key as KeyRow
from carter.matching.models import Profile
from carter.matching.record import Record

MOST_COMPARED = 60  # Of one record; those who share its rarest keys.


class Listed(Aggregate):
    """The values of a group in one text, apart by commas."""

    name = "Listed"
    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="GROUP_CONCAT(%(expressions)s)")

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(
            compiler, connection, template="STRING_AGG((%(expressions)s)::text, ',')"
        )


@dataclass(frozen=True, slots=True)
class Holders:
    """How many records hold a key; which ones, unless they are too many to find anybody by it."""

    count: int
    records: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """A current customer with the records that lead to it, and what they say together."""

    head: Customer
    members: frozenset[int]
    record: Record


def holders_of(company: Company, keys: Iterable[Key]) -> dict[Key, Holders]:
    """Who holds each key; keys that nobody holds are left out. One query."""
    wanted = set(keys)
    rows = (
        KeyRow.across_companies.filter(
            company=company,
            kind__in={kind for kind, _ in wanted},
            value__in={value for _, value in wanted},
        )
        .values_list("kind", "value")
        .annotate(count=Count("customer_id"))
        .annotate(records=Case(When(count__lte=CAP, then=Listed("customer_id")), default=None))
    )
    return {
        (kind, value): Holders(
            count, tuple(map(int, (records or "").split(",") if records else ()))
        )
        for kind, value, count, records in rows
        if (kind, value) in wanted
    }


def nearest(keys: Iterable[Key], holders: Mapping[Key, Holders]) -> list[int]:
    """The records that share keys, those that share the rarest first, not more than is worth it."""
    nearness: Counter[int] = Counter()
    for key in keys:
        if key in holders:
            for record in holders[key].records:
                nearness[record] += 1_000 // holders[key].count
    return [record for record, _ in nearness.most_common(MOST_COMPARED)]


def groups_of(company: Company, records: Iterable[int]) -> dict[int, Group]:
    """By record: the current customer it leads to, with everything known of them. One query.

    Records that lead to nobody current are left out.
    """
    heads = company.customers.filter(pk__in=set(records)).values(lead=Coalesce("head_id", "pk"))
    profiles = company.profiles.filter(customer__withdrawn_at=None).select_related(
        "customer", "customer__head"
    )
    rows = profiles.filter(customer__in=heads).union(
        profiles.filter(customer__head__in=heads), all=True
    )
    return _grouped(company, rows)


def _grouped(company: Company, profiles: Iterable[Profile]) -> dict[int, Group]:
    members: dict[int, list[Profile]] = {}
    for profile in profiles:
        members.setdefault(profile.customer.leads_to.pk, []).append(profile)
    found = {}
    for rows in members.values():
        head = rows[0].customer.leads_to
        head.company = company
        if head.withdrawn_at is None:
            keys = frozenset(row.customer_id for row in rows) | {head.pk}
            group = Group(head, keys, Record.joined(row.record for row in rows))
            found.update(dict.fromkeys(keys, group))
    return found
