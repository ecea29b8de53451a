"""Rows that join two others, as a line joins a charge and an invoice: both stay with one customer.

Who moves rows from customer to customer (a link, an undo, a split) knows nothing of invoices. It
moves, and then asks here whether something that belongs together is with two customers now.
"""

from collections.abc import Iterator
from functools import cache, reduce
from operator import or_
from typing import Any, ClassVar, cast

from django.db import connection, models
from django.db.models import F, Q, QuerySet

from carter.customers.following import FollowsCustomer, followers
from carter.customers.models import Customer
from carter.prepared import Given, Prepared


class CannotSeparate(Exception):
    """Rows that belong together would go to two customers; the words name what joins them."""


class Tied(FollowsCustomer):
    """A row that joins others: all that its columns `tied_to` name stay with its customer."""

    tied_to: ClassVar[tuple[str, ...]]

    class Meta:
        abstract = True

    @classmethod
    def binding(cls) -> QuerySet[Any]:
        """The rows that still join what they name; not, say, the lines of a void invoice."""
        return cls._base_manager.all()

    @property
    def why_together(self) -> str:
        """What joins the rows, and how a person may part them, in a sentence or two."""
        raise NotImplementedError


def refuse_to_tear(*customers: Customer) -> None:
    """After rows went from some customers to others: raise CannotSeparate when something tore.

    To be called in the transaction that moved the rows, so that they are back when it is refused.
    """
    for model in _ties():
        if _seems_torn(model, customers):
            torn = _torn_of(model, customers).order_by("pk").first()
            if torn is not None:
                raise CannotSeparate(torn.why_together)


def refuse_to_part(*rows: FollowsCustomer) -> None:
    """The same when it is known which rows went, with all that hangs on them.

    Only what these are tied to is looked at: a customer may have thousands of invoices.
    """
    for model in _ties():
        asked = [torn(row=row.pk) for row in rows for torn in _torn_by(model, type(row))]
        if torn := [key for found in asked for (key,) in found]:
            raise CannotSeparate(model._base_manager.get(pk=min(torn)).why_together)


def torn_rows(model: type[Tied]) -> QuerySet[Any]:
    """Rows whose other ends are with another customer. There must be none."""
    torn = Q()
    for name in model.tied_to:
        torn |= ~Q(customer=F(f"{name}__customer"))
    return model.binding().filter(torn)


def _ties() -> list[type[Tied]]:
    return [model for model in followers() if issubclass(model, Tied)]


@cache
def _torn_by(model: type[Tied], kind: type[FollowsCustomer]) -> list[Prepared[Any]]:
    """What asks for the keys of ties of which one end went along with a row, if any can."""
    row: Any = kind
    ends = {"pk": model, **{name: _end(model, name).related_model for name in model.tied_to}}
    went = {name: _going_with(row(pk=Given("row")), end) for name, end in ends.items()}
    torn = [
        torn_rows(model).filter(**{f"{name}__in": rows}).values_list("pk")
        for name, rows in went.items()
        if rows is not None
    ]
    return [Prepared(lambda: torn[0].union(*torn[1:], all=True))] if torn else []


def _going_with(row: FollowsCustomer, model: type[Any]) -> QuerySet[Any] | None:
    """The rows of a model that hang on a row, or are it; None when none can."""
    carried = model.carried_by(row)
    either = [carried] if carried is not None else []
    either += [Q(pk=row.pk)] if isinstance(row, model) else []
    return model._base_manager.filter(reduce(or_, either)) if either else None


def _seems_torn(model: type[Tied], customers: tuple[Customer, ...]) -> bool:
    """Whether a row or an end is elsewhere than the other, even if it does not join them any more.

    Mostly not, and to write the exact question takes Django longer than this answer.
    """
    pks = [customer.pk for customer in customers]
    arms = list(_apart(model, places=", ".join(["%s"] * len(pks))))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {' OR '.join(arms)}", pks * len(arms))
        return bool(cursor.fetchone()[0])


def _apart(model: type[Tied], places: str) -> Iterator[str]:
    for name in model.tied_to:
        end = _end(model, name)
        ties = f"FROM {model._meta.db_table} t JOIN {end.related_model._meta.db_table} e"
        joined = f"SELECT 1 {ties} ON e.id = t.{end.column} WHERE e.customer_id <> t.customer_id"
        yield f"EXISTS ({joined} AND t.customer_id IN ({places}))"
        yield f"EXISTS ({joined} AND e.customer_id IN ({places}))"


def _end(model: type[Tied], name: str) -> "models.ForeignKey[Any, Any]":
    return cast("models.ForeignKey[Any, Any]", model._meta.get_field(name))


def _torn_of(model: type[Tied], customers: tuple[Customer, ...]) -> QuerySet[Any]:
    """Those of which the row or an end is with one of the customers.

    A question for each, put together: asked with OR, no index helps and every row is read.
    """
    ends = ["customer", *(f"{name}__customer" for name in model.tied_to)]
    own, *others = (torn_rows(model).filter(**{f"{end}__in": customers}) for end in ends)
    return own.union(*others)
