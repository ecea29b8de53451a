"""Keeping the keys and profiles of customers as the customers are now.

In SQL of its own where one customer is saved at a time: the ORM would take several times as long.
"""

import json
from collections.abc import Sequence
from functools import lru_cache, partial
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from carter.companies.models import Company
from carter.customers.known import Known, known_of
from carter.customers.models import Contact, Customer
from carter.matching.keys import keys_of
from carter.matching.models import Key, Profile
from carter.matching.record import Record
from carter.matching.sharing import note_changes
from carter.prepared import Given, Prepared

BATCH = 500

# They speak for many customers: their names do not say who the customer is.
GO_BETWEENS = (Contact.Role.REALTOR, Contact.Role.PROPERTY_MANAGER, Contact.Role.RELOCATION)

Filed = tuple[str, str, int]
"""A key as it is stored: kind, value, and the customer's own key."""


def refresh_keys(company: Company, *, at_most: int | None = None) -> int:
    """Make keys and profile of every customer that changed since; returns how many customers.

    One cheap query when there is none. `at_most` bounds the work for somebody who waits for an
    answer. Two processes may do it at once: each takes other customers.
    """
    done = 0
    while at_most is None or done < at_most:
        size = BATCH if at_most is None else min(BATCH, at_most - done)
        refreshed = refresh_some(company, size) if _is_any_due(company) else 0
        done += refreshed
        if refreshed < size:
            break
    return done


def refresh_some(company: Company, size: int) -> int:
    """The same for at most so many of them, for somebody who knows that some changed."""
    with transaction.atomic():
        customers = _taken(company, size)
        if not customers:  # Somebody else is at all of them.
            return 0
        filed = _make(company, customers)
    note_changes(company, filed)
    return len(customers)


def make_keys(customer: Customer) -> None:
    """Make those of a customer who was just added, with what adds them.

    Otherwise who looks next would have to, and wait for his turn to write.
    """
    filed = _make(customer.company, [customer])
    transaction.on_commit(partial(note_changes, customer.company, filed), robust=True)


def record_of(head: Customer) -> Record:
    """Everything known of a current customer now, whether or not its keys have been made."""
    records = head.company.customers.filter(Q(pk=head.pk) | Q(head=head))
    return Record.joined(records_of(head.company, list(records)).values())


def records_of(company: Company, customers: Sequence[Customer]) -> dict[int, Record]:
    """What is known of each record, from the rows made for it; nothing of a withdrawn one."""
    known = known_of(customers)
    return {
        customer.pk: Record()
        if customer.withdrawn_at
        else _record_of(customer, known[customer.pk], company.country)
        for customer in customers
    }


def _is_any_due(company: Company) -> bool:
    return company.customers.awaiting_keys().exists()


def _taken(company: Company, size: int) -> list[Customer]:
    """The next customers, locked until their keys are stored.

    Whoever changes one waits until then and marks it again; one that somebody is changing now is
    left for the next time. So the mark is cleared only for the state that was read.
    """
    return _next_due(size)(company=company.pk)


@lru_cache(maxsize=8)
def _next_due(size: int) -> Prepared[Customer]:
    due: Any = Customer.across_companies.filter(company=Given("company")).awaiting_keys()
    taken = due.select_for_update(skip_locked=True, no_key=True).order_by("pk")[:size]
    return Prepared(lambda: taken)


def _make(company: Company, customers: Sequence[Customer]) -> set[tuple[str, str]]:
    """Make keys and profiles of some; every key that they had or have."""
    records = records_of(company, customers)
    filed = _store_keys(company, records)
    _store_profiles(company, records)
    _mark_made(list(records))
    return filed


def _record_of(customer: Customer, known: Known, country: str) -> Record:
    is_firm = customer.kind == Customer.Kind.COMPANY
    own = [customer.name, *known.former_names]
    contacts = [name for name, role in known.contacts if role not in GO_BETWEENS]
    return Record.typed(
        names=contacts if is_firm else [*own, *contacts],
        companies=own if is_firm else [],
        phones=known.phones,
        emails=known.emails,
        addresses=known.addresses,
        commercial=is_firm or customer.is_commercial,
        country=country,
    )


def _store_keys(company: Company, records: dict[int, Record]) -> set[tuple[str, str]]:
    """Make the stored keys exactly these, writing only what differs; every key old or new.

    Those that stay count, too: it may be a merge that had them made again.
    """
    wanted: set[Filed] = {
        (kind, value, customer)
        for customer, record in records.items()
        for kind, value in keys_of(record)
    }
    stored = _stored_keys(list(records))
    _delete(company, stored - wanted)
    _insert(company, wanted - stored)
    return {(kind, value) for kind, value, _ in stored | wanted}


def _stored_keys(customers: list[int]) -> set[Filed]:
    """By customer alone: with the company, SQLite would read the company's every key."""
    with connection.cursor() as cursor:
        cursor.execute(STORED.format(places=_places(customers)), customers)
        return set(cursor.fetchall())


def _store_profiles(company: Company, records: dict[int, Record]) -> None:
    rows = [
        (company.pk, customer, json.dumps(record.stored()), Profile.Due.CHANGED.value)
        for customer, record in records.items()
    ]
    # By its name on PostgreSQL, where a divided book has the company in the key.
    key = f"ON CONSTRAINT {PROFILES}_pkey" if connection.vendor == "postgresql" else "(customer_id)"
    with connection.cursor() as cursor:
        cursor.executemany(PROFILE.format(key=key), rows)


def _mark_made(customers: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(MADE.format(places=_places(customers)), customers)


def _places(values: Sequence[Any]) -> str:
    return ", ".join(["%s"] * len(values))


PROFILES = Profile._meta.db_table
PROFILE = f"""
    INSERT INTO {PROFILES} (company_id, customer_id, stored, compare_due)
    VALUES (%s, %s, %s, %s)
    ON CONFLICT {{key}}
    DO UPDATE SET stored = excluded.stored, compare_due = excluded.compare_due
"""  # noqa: S608 (a table's name)
TABLE = Key._meta.db_table
DELETE = (
    f"DELETE FROM {TABLE} WHERE company_id = %s"  # noqa: S608 (a table's name)
    " AND kind = %s AND value = %s AND customer_id = %s"
)
MADE = f"UPDATE {Customer._meta.db_table} SET keys_due = FALSE WHERE id IN ({{places}})"  # noqa: S608
STORED = f"SELECT kind, value, customer_id FROM {TABLE} WHERE customer_id IN ({{places}})"  # noqa: S608
INSERT = f"INSERT INTO {TABLE} (company_id, kind, value, customer_id) VALUES "  # noqa: S608
ROWS_AT_ONCE = 200  # Four values each: below the 999 that an older SQLite takes.


def _delete(company: Company, keys: set[Filed]) -> None:
    if keys:
        with connection.cursor() as cursor:
            cursor.executemany(DELETE, [(company.pk, *key) for key in sorted(keys)])


def _insert(company: Company, keys: set[Filed]) -> None:
    """Write many small rows; models, or one statement a row, would take several times as long."""
    rows = [(company.pk, *key) for key in sorted(keys)]
    with connection.cursor() as cursor:
        for start in range(0, len(rows), ROWS_AT_ONCE):
            some = rows[start : start + ROWS_AT_ONCE]
            places = ", ".join(["(%s, %s, %s, %s)"] * len(some))
            cursor.execute(INSERT + places, [value for row in some for value in row])
