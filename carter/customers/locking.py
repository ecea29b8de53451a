"""Lock the customer, then look, then write: the one order in which a book's rows are locked.

Customers come first, the lower key before the higher, then the row that hangs on them. Whoever
keeps to it cannot deadlock with anybody, and what a deed has looked at stays so until it is done.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import connection, transaction

from carter.among import many
from carter.customers.following import FollowsCustomer
from carter.prepared import Given, Prepared

if TYPE_CHECKING:
    from carter.customers.models import Customer

Row = TypeVar("Row", bound=FollowsCustomer)
Answer = TypeVar("Answer")


class CannotChange(Exception):
    """What was asked makes no sense for the customer as it is now; the words say why."""


class _Moved(Exception):
    """What was to be locked went to somebody else while we waited for it."""


def lock_customer(customer: "Customer") -> "Customer":
    """The current customer a record leads to, as it is now, locked until the deed is done.

    Raises CannotChange when the customer was taken back with its import.
    """
    head = _again_until_it_stands(lambda: _locked_head(customer))
    if head.withdrawn_at is not None:
        raise CannotChange(f"{head.name} was taken back with its import: import it again first.")
    return head


def lock_customers(model: "type[Customer]", ids: Iterable[int]) -> "dict[int, Customer]":
    """Customers by key, as they are now, locked in the one order."""
    wanted = set(ids)
    if not wanted:
        return {}
    rows = _locking(model)(keys=many(wanted))
    return {customer.pk: customer for customer in rows}


@cache
def _locking(model: "type[Customer]") -> "Prepared[Customer]":
    # Rows that only point at a customer may be written meanwhile: their key stays (no_key).
    found: Any = model._base_manager.select_for_update(no_key=True, of=("self",))
    rows = found.select_related("company").filter(pk__among=Given("keys")).order_by("pk")
    return Prepared(lambda: rows)


def lock_groups(
    model: "type[Customer]", concerned: Callable[[], Iterable[int]]
) -> "dict[int, Customer]":
    """Customers by key, with every record that leads where they lead, locked in the one order.

    What changes an edge writes to all of these. `concerned` gives the keys; it is asked again
    once they are locked, since somebody else may have been concerned meanwhile.
    """
    return _again_until_it_stands(lambda: _locked_groups(model, concerned))


def lock_row(row: Row, *, with_customers: Callable[[], set[int]] = set) -> Row:
    """A row as it is now, locked after the customers who have it, so that nobody moves it.

    `with_customers` gives the keys of further customers to lock along. Raises CannotChange when
    somebody threw it away.
    """
    return lock_row_among(row, lambda _: with_customers())[0]


def lock_row_among(
    row: Row, with_customers: Callable[[int], set[int]]
) -> "tuple[Row, dict[int, Customer]]":
    """The same, and every customer that was locked, by key, as they are now.

    `with_customers` is told the key of the record that the row is made for.
    """
    return _again_until_it_stands(lambda: _locked_row(row, with_customers))


def lock_rows(model: type[Row], ids: Iterable[int]) -> dict[int, Row]:
    """Rows of one kind by key, as they are now, locked after all the customers who have them."""
    wanted = set(ids)
    return _again_until_it_stands(lambda: _locked_rows(model, wanted))


def _again_until_it_stands(lock: Callable[[], Answer]) -> Answer:
    """Lock; what was locked for nothing is given back before it is tried again."""
    while True:
        with suppress(_Moved), transaction.atomic():
            return lock()


def _locked_groups(
    model: "type[Customer]", concerned: Callable[[], Iterable[int]]
) -> "dict[int, Customer]":
    ids = group_ids(model, concerned())
    locked = lock_customers(model, ids)
    if not group_ids(model, concerned()) <= ids:
        raise _Moved
    return locked


def group_ids(model: "type[Customer]", ids: Iterable[int]) -> set[int]:
    """The keys of customers, of whom they lead to, and of every record that leads there."""
    if not (wanted := set(ids)):
        return wanted
    places = ", ".join(["%s"] * len(wanted))
    with connection.cursor() as cursor:
        cursor.execute(GROUP.format(table=model._meta.db_table, places=places), [*wanted])
        return wanted | {pk for (pk,) in cursor.fetchall()}


# Asked before and after the locks are had: Django would take longer to write it than to answer.
GROUP = """
    WITH ends AS (SELECT COALESCE(head_id, id) AS id FROM {table} WHERE id IN ({places}))
    SELECT id FROM ends UNION SELECT c.id FROM {table} c JOIN ends ON c.head_id = ends.id
"""


def _locked_head(customer: "Customer") -> "Customer":
    model = type(customer)
    head_id = _head_id(customer)
    head = lock_customers(model, [head_id])[head_id]
    # Who led nowhere else says itself, as it is now, whether that still holds.
    stands = head.head_id is None if head_id == customer.pk else _head_id(customer) == head_id
    if not stands:
        raise _Moved
    return head


def _head_id(customer: "Customer") -> int:
    ((head_id,),) = _heads(type(customer))(key=customer.pk)
    return head_id or customer.pk


@cache
def _heads(model: "type[Customer]") -> "Prepared[Any]":
    return Prepared(lambda: model._base_manager.filter(pk=Given("key")).values_list("head"))


def _locked_rows(model: type[Row], wanted: set[int]) -> dict[int, Row]:
    rows: Any = model._base_manager.filter(pk__in=wanted)
    ids = {pk for both in rows.values_list("born_to", "customer") for pk in both}
    record: Any = model._meta.get_field("customer").related_model
    customers = lock_customers(record, ids)
    locked: dict[int, Row] = {}
    for row in rows.select_for_update().order_by("pk"):
        if not {row.born_to_id, row.customer_id} <= ids:
            raise _Moved
        row.customer, row.born_to = customers[row.customer_id], customers[row.born_to_id]
        row.company = row.customer.company
        locked[row.pk] = row
    return locked


def _locked_row(
    row: Row, with_customers: Callable[[int], set[int]]
) -> "tuple[Row, dict[int, Customer]]":
    born_to_id, customer_id = _still_there(row, _holding(type(row))(key=row.pk))
    ids = {born_to_id, customer_id} | with_customers(born_to_id)
    model: Any = type(row)._meta.get_field("customer").related_model
    customers = lock_customers(model, ids)
    now = _still_there(row, _locking_row(type(row))(key=row.pk))
    if not {now.born_to_id, now.customer_id} | with_customers(now.born_to_id) <= ids:
        raise _Moved
    now.customer, now.born_to = customers[now.customer_id], customers[now.born_to_id]
    now.company = now.customer.company
    return now, customers


def _still_there(row: Row, found: list[Answer]) -> Answer:
    """The only thing that was found of a row; some, such as drafts, can be thrown away."""
    if not found:
        kind = row._meta.verbose_name
        raise CannotChange(f"This {kind} is not there any more: somebody threw it away meanwhile.")
    return found[0]


@cache
def _locking_row(model: type[Row]) -> Prepared[Row]:
    rows: Any = model._base_manager.select_for_update()
    return Prepared(lambda: rows.filter(pk=Given("key")))


@cache
def _holding(model: type[FollowsCustomer]) -> Prepared[Any]:
    rows: Any = model._base_manager.filter(pk=Given("key"))
    return Prepared(lambda: rows.values_list("born_to", "customer"))
