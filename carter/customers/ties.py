"""Rows that join two others, as a line joins a charge and an invoice: both stay with one customer.

Who moves rows from customer to customer (a link, an undo, a split) knows nothing of invoices. It
moves, and then asks here whether something that belongs together is with two customers now.
"""

from typing import Any, ClassVar

from django.db.models import F, Q, QuerySet

from carter.customers.following import FollowsCustomer, followers
from carter.customers.models import Customer


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
    for model in followers():
        if issubclass(model, Tied):
            torn = torn_rows(model).filter(_concerning(model, customers)).order_by("pk").first()
            if torn is not None:
                raise CannotSeparate(torn.why_together)


def torn_rows(model: type[Tied]) -> QuerySet[Any]:
    """Rows whose other ends are with another customer. There must be none."""
    torn = Q()
    for name in model.tied_to:
        torn |= ~Q(customer=F(f"{name}__customer"))
    return model.binding().filter(torn)


def _concerning(model: type[Tied], customers: tuple[Customer, ...]) -> Q:
    concerned = Q(customer__in=customers)
    for name in model.tied_to:
        concerned |= Q(**{f"{name}__customer__in": customers})
    return concerned
