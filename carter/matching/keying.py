"""Keeping the keys and profiles of customers as the customers are now."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from carter.companies.models import Company
from carter.customers.models import Address, Contact, Customer, Email, FormerName, Phone
from carter.matching.keys import keys_of
from carter.matching.models import Key, Profile
from carter.matching.record import Record
from carter.matching.sharing import note_changes

BATCH = 500

# They speak for many customers: their names do not say who the customer is.
GO_BETWEENS = (Contact.Role.REALTOR, Contact.Role.PROPERTY_MANAGER, Contact.Role.RELOCATION)

COMPARED: dict[type[Any], tuple[str, ...]] = {
    Contact: ("name", "role"),
    FormerName: ("name",),
    Phone: ("text", "label"),
    Email: ("text",),
    Address: ("street", "city", "state", "postcode"),
}

Filed = tuple[str, str, int]
"""A key as it is stored: kind, value, and the customer's own key."""


def refresh_keys(company: Company, *, at_most: int | None = None) -> int:
    """Make keys and profile of every customer that changed since; returns how many customers.

    One cheap query when there is none. `at_most` bounds the work for somebody who waits for an
    answer. Two processes may do it at once: each takes other customers.
    """
    done = 0
    while at_most is None or done < at_most:
        refreshed = _refresh(company, BATCH if at_most is None else min(BATCH, at_most - done))
        done += refreshed
        if not refreshed:
            break
    return done


def _refresh(company: Company, size: int) -> int:
    if not company.customers.awaiting_keys().exists():
        return 0
    with transaction.atomic():
        customers = _taken(company, size)
        records = records_of(company, customers)
        filed = _store_keys(company, records)
        _store_profiles(company, records)
        company.customers.filter(pk__in=list(records)).update(keys_due=False)
    note_changes(company, filed)
    return len(customers)


def record_of(head: Customer) -> Record:
    """Everything known of a current customer now, whether or not its keys have been made."""
    records = head.company.customers.filter(Q(pk=head.pk) | Q(head=head))
    return Record.joined(records_of(head.company, list(records)).values())


def records_of(company: Company, customers: Sequence[Customer]) -> dict[int, Record]:
    """What is known of each record, from the rows made for it; nothing of a withdrawn one."""
    details = _details(customers)
    return {
        customer.pk: Record()
        if customer.withdrawn_at
        else _record_of(customer, details[customer.pk], company.country)
        for customer in customers
    }


def _taken(company: Company, size: int) -> list[Customer]:
    """The next customers, locked until their keys are stored.

    Whoever changes one waits until then and marks it again; one that somebody is changing now is
    left for the next time. So the mark is cleared only for the state that was read.
    """
    due = company.customers.awaiting_keys().order_by("pk")
    return list(due.select_for_update(skip_locked=True, no_key=True)[:size])


def _details(customers: Sequence[Customer]) -> dict[int, dict[type[Any], list[Any]]]:
    """The columns that are compared; whole models would take most of the time."""
    found: dict[int, dict[type[Any], list[Any]]] = defaultdict(lambda: defaultdict(list))
    keys = [customer.pk for customer in customers]
    for model, columns in COMPARED.items():
        rows = model.across_companies.filter(born_to__in=keys).order_by("id")
        for born_to, *values in rows.values_list("born_to", *columns):
            found[born_to][model].append(values)
    return found


def _record_of(customer: Customer, details: dict[type[Any], list[Any]], country: str) -> Record:
    is_firm = customer.kind == Customer.Kind.COMPANY
    own = [customer.name, *(name for (name,) in details[FormerName])]
    contacts = [name for name, role in details[Contact] if role not in GO_BETWEENS]
    return Record.typed(
        names=contacts if is_firm else [*own, *contacts],
        companies=own if is_firm else [],
        phones=[(text, label) for text, label in details[Phone]],
        emails=[text for (text,) in details[Email]],
        addresses=[", ".join(filter(None, parts)) for parts in details[Address]],
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
    stored: set[Filed] = set(
        # By customer alone: with the company, SQLite reads the company's every key instead.
        Key.across_companies.filter(customer__in=list(records)).values_list(
            "kind", "value", "customer"
        )
    )
    _delete(company, stored - wanted)
    _insert(company, wanted - stored)
    return {(kind, value) for kind, value, _ in stored | wanted}


def _store_profiles(company: Company, records: dict[int, Record]) -> None:
    profiles = [
        Profile(company=company, customer_id=customer, stored=record.stored())
        for customer, record in records.items()
    ]
    Profile.across_companies.bulk_create(
        profiles,
        update_conflicts=True,
        unique_fields=["customer"],
        update_fields=["stored", "compare_due"],
    )


TABLE = Key._meta.db_table
DELETE = (
    f"DELETE FROM {TABLE} WHERE company_id = %s"  # noqa: S608 (a table's name)
    " AND kind = %s AND value = %s AND customer_id = %s"
)
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
