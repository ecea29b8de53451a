"""Which customers hold the keys that are looked for, and how many others do.

In SQL of its own: somebody waits for the answer while a lead is typed, and building these
queries would take the ORM longer than running them.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import connection

from carter.among import among, listed, many, many_pairs, numbers_in, pairs
from carter.companies.models import Company
from carter.customers.models import Customer
from carter.matching.keys import CAP, Key
from carter.matching.models import Key as KeyRow
from carter.matching.models import LastWord, Profile
from carter.matching.record import Record
from carter.matching.said import Said

MOST_COMPARED = 60  # Of one record; those who share its rarest keys.

KEYS, CUSTOMERS, PROFILES, WORDS = (
    model._meta.db_table for model in (KeyRow, Customer, Profile, LastWord)
)
HOLDERS = """
    SELECT kind, value, (
        SELECT {listed} FROM (
            SELECT customer_id FROM {keys}
            WHERE company_id = %s AND kind = asked.kind AND value = asked.value LIMIT {enough}
        ) AS few
    ), (
        SELECT said FROM {words} word
        WHERE company_id = %s AND word.value = asked.value AND word.kind = asked.kind
            AND withdrawn_at IS NULL
    )
    FROM ({pairs}) AS asked
"""
CROWDS = """
    SELECT kind, value, (
        SELECT COUNT(*) FROM {keys}
        WHERE company_id = %s AND kind = asked.kind AND value = asked.value
    )
    FROM ({pairs}) AS asked
"""
GROUPS = """
    WITH heads (id) AS (
        SELECT COALESCE(head_id, id) FROM {customers}
        WHERE company_id = %s AND {is_asked}
    )
    SELECT customer.id, head_id, stored
    FROM {customers} customer LEFT JOIN {profiles} ON customer_id = customer.id
    WHERE withdrawn_at IS NULL AND customer.id IN (SELECT id FROM heads)
    UNION ALL
    SELECT customer.id, head_id, stored
    FROM {customers} customer LEFT JOIN {profiles} ON customer_id = customer.id
    WHERE withdrawn_at IS NULL AND head_id IN (SELECT id FROM heads)
"""  # Two searches by index; asked for at once with OR, a database reads every customer.


@dataclass(frozen=True, slots=True)
class Holders:
    """Which records hold a key, unless they are a crowd, by which nobody is found.

    Nor is anybody by a value that a person said (`said`) is junk.
    """

    records: tuple[int, ...]
    said: Said | None = None

    @property
    def is_crowd(self) -> bool:
        """Whether they are too many; how many is only counted when it matters (`counts_of()`)."""
        return len(self.records) > CAP

    @property
    def findable(self) -> tuple[int, ...]:
        """Those of them who are found by the key."""
        return () if self.is_crowd or self.said is Said.JUNK else self.records


@dataclass(frozen=True, slots=True)
class Group:
    """A current customer, by key, with the records that lead to it, and what they say together."""

    head: int
    members: frozenset[int]
    record: Record


def holders_of(company: Company, keys: Iterable[Key]) -> dict[Key, Holders]:
    """Who holds each key; keys that nobody holds are left out. One query.

    No more is read of a crowd than shows it to be one: what John Smith has in common with
    thousands would take longer than everything else.
    """
    wanted = set(keys)
    if not wanted:
        return {}
    statement = HOLDERS.format(
        listed=listed("customer_id"),
        keys=KEYS,
        enough=CAP + 1,
        words=WORDS,
        pairs=pairs("kind", "value"),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [company.pk, company.pk, many_pairs(wanted)])
        return {
            (kind, value): Holders(tuple(numbers_in(records)), Said(said) if said else None)
            for kind, value, records, said in cursor.fetchall()
            if records
        }


def counts_of(company: Company, holders: Mapping[Key, Holders]) -> dict[Key, int]:
    """How many records hold each key. One query, when there are crowds."""
    counts = {key: len(held.records) for key, held in holders.items()}
    crowds = [key for key, held in holders.items() if held.is_crowd]
    if crowds:
        statement = CROWDS.format(keys=KEYS, pairs=pairs("kind", "value"))
        with connection.cursor() as cursor:
            cursor.execute(statement, [company.pk, many_pairs(crowds)])
            counts |= {(kind, value): count for kind, value, count in cursor.fetchall()}
    return counts


def nearest(keys: Iterable[Key], holders: Mapping[Key, Holders]) -> list[int]:
    """The records that share keys, those that share the rarest first, not more than is worth it.

    Of equals the newest.
    """
    nearness: Counter[int] = Counter()
    for key in keys:
        if key in holders:
            found = holders[key].findable
            for record in found:
                nearness[record] += 1_000 // len(found)
    return sorted(nearness, key=lambda record: (-nearness[record], -record))[:MOST_COMPARED]


def groups_of(company: Company, records: Iterable[int]) -> dict[int, Group]:
    """By record: the current customer it leads to, with everything known of them. One query.

    Records that lead to nobody current are left out.
    """
    wanted = sorted(set(records))
    if not wanted:
        return {}
    statement = GROUPS.format(customers=CUSTOMERS, profiles=PROFILES, is_asked=among("id"))
    profiles: dict[int, dict[int, str | None]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(statement, [company.pk, many(wanted)])
        for record, head, stored in cursor.fetchall():
            profiles[head or record][record] = stored
    groups = (_group(head, stored) for head, stored in profiles.items() if head in stored)
    return {record: group for group in groups for record in group.members}


def _group(head: int, stored: Mapping[int, str | None]) -> Group:
    """One current customer, with the profiles of its own record and of its former ones, as JSON."""
    records = [Record.restored(json.loads(profile)) for profile in stored.values() if profile]
    record = records[0] if len(records) == 1 else Record.joined(records)
    return Group(head, frozenset(stored), record)
