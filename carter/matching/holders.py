"""Which customers hold the keys that are looked for, and how many others do.

In SQL of its own: somebody waits for the answer while a lead is typed, and building these
queries would take the ORM longer than running them.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import connection

from carter.among import among, listed, many, numbers_in
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
    SELECT kind, value, held_by, records, (
        SELECT said FROM {words} word
        WHERE word.company_id = %s AND word.value = held.value AND word.kind = held.kind
            AND withdrawn_at IS NULL
    )
    FROM (
        SELECT kind, value, COUNT(*) AS held_by,
            CASE WHEN COUNT(*) <= {cap} THEN {listed} END AS records
        FROM {keys}
        WHERE company_id = %s AND {is_asked}
        GROUP BY kind, value
    ) AS held
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
    """How many records hold a key; which ones, unless nobody is to be found by it.

    That is so when they are too many, and when a person said (`said`) that the value is junk.
    """

    count: int
    records: tuple[int, ...] = ()
    said: Said | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A current customer, by key, with the records that lead to it, and what they say together."""

    head: int
    members: frozenset[int]
    record: Record


def holders_of(company: Company, keys: Iterable[Key]) -> dict[Key, Holders]:
    """Who holds each key; keys that nobody holds are left out. One query."""
    wanted = set(keys)
    if not wanted:
        return {}
    kinds, values = (many(set(column)) for column in zip(*wanted, strict=True))
    statement = HOLDERS.format(
        cap=CAP,
        listed=listed("customer_id"),
        keys=KEYS,
        words=WORDS,
        is_asked=f"{among('kind')} AND {among('value')}",
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [company.pk, company.pk, kinds, values])
        return {
            (kind, value): _holders(count, records, said)
            for kind, value, count, records, said in cursor.fetchall()
            if (kind, value) in wanted
        }


def _holders(count: int, records: str | None, said: str | None) -> Holders:
    word = Said(said) if said else None
    if word is Said.JUNK:
        return Holders(count, said=word)
    return Holders(count, tuple(numbers_in(records)), word)


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
