"""Who has a row: the only module that writes `customer` on what follows a customer.

Records are never folded together. A row remembers the customer it was made for, or was
deliberately moved to (`born_to`), and names the customer who has it now (`customer`). The rule,
checkable for every row at any time: `customer` is the end of `born_to`'s chain of merges, and
what hangs on a job (or another carrier) has the carrier's `born_to`. So a merge or a link can be
taken back exactly, at any time, in any order.
"""

from collections.abc import Iterable
from enum import Enum
from typing import TYPE_CHECKING, Any, Optional

from django.apps import apps
from django.db import models
from django.db.models import Q

from carter.companies.tenancy import CompanyOwned

if TYPE_CHECKING:
    from carter.customers.models import Customer


class OnMerge(Enum):
    """What happens to a row that points at a customer when that customer is merged."""

    FOLLOWS = "follows the survivor, and comes back on undo"
    STAYS = "stays with the record it was made for"
    REFUSES = "keeps the customer from being merged"


class FollowsCustomer(CompanyOwned):
    """A row of a customer that follows when the customer is merged, linked or split."""

    on_merge = OnMerge.FOLLOWS

    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT)
    born_to = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Fill in what the customer says: the company, for whom the row is made, who has it.

        A row that is there already stays with whom it is: the instance may have been read before
        a colleague moved it.
        """
        self.company_id = self.company_id or self.customer.company_id
        if self._state.adding:
            self._be_born()
        elif kwargs.get("update_fields") is None:
            kwargs["update_fields"] = [
                field.name
                for field in self._meta.concrete_fields
                if not field.primary_key and field.name not in ("customer", "born_to")
            ]
        super().save(*args, **kwargs)

    def _be_born(self) -> None:
        if not self.born_to_id:
            self.born_to_id = self.carrier.born_to_id if self.carrier else self.customer_id
        own = self.born_to_id == self.customer_id
        self.customer = holder_of(self.customer if own else self.born_to)

    @property
    def carrier(self) -> Optional["FollowsCustomer"]:
        """The row this one hangs on and moves along with, such as the job of a charge."""
        return None

    @classmethod
    def carried_by(cls, row: "FollowsCustomer") -> Q | None:
        """Which rows of this model hang on `row`; None when none can."""
        for field in cls._meta.concrete_fields:
            if field.name != "born_to" and field.related_model is type(row):
                return Q(**{field.name: row.pk})
        return None


def followers() -> list[type[FollowsCustomer]]:
    """Every model whose rows follow a customer."""
    return [model for model in apps.get_models() if issubclass(model, FollowsCustomer)]


def move(row: FollowsCustomer, *, to: "Customer") -> None:
    """Give a row, with everything that hangs on it, to another customer's record."""
    holder = holder_of(to)
    for rows in (_only(row), *_carried(row)):
        rows.update(born_to=to, customer=holder)
    row.born_to, row.customer = to, holder


def holder_of(record: "Customer") -> "Customer":
    """The customer who has the rows made for `record`: the end of its chain of merges."""
    while record.merged_into is not None:
        record = record.merged_into
    return record


def head_of(record: "Customer") -> "Customer":
    """The current customer the address of `record` leads to, merges and links both followed."""
    while (following := record.merged_into or record.retired_into) is not None:
        record = following
    return record


def reroute(record: "Customer") -> None:
    """After an edge of `record` changed: set where it, and all that lead to it, now lead.

    Keys are made anew of it and of whom it led to before: what is known of both is other now.
    """
    head, before = head_of(record), record.head_id
    record.head = None if head == record else head
    record.keys_due = True
    record.save(update_fields=["head", "merged_into", "retired_into", "keys_due"])
    type(record)._base_manager.filter(pk=before).update(keys_due=True)
    holder = holder_of(record)
    for model in followers():
        _rows(model).filter(born_to=record).exclude(customer=holder).update(customer=holder)
    for below in _below(record):
        reroute(below)


def _below(record: "Customer") -> Iterable["Customer"]:
    return record.company.customers.filter(Q(merged_into=record) | Q(retired_into=record))


def _only(row: FollowsCustomer) -> "models.QuerySet[Any]":
    return _rows(type(row)).filter(pk=row.pk)


def _carried(row: FollowsCustomer) -> Iterable["models.QuerySet[Any]"]:
    for model in followers():
        hanging = model.carried_by(row)
        if hanging is not None:
            yield _rows(model).filter(hanging, company=row.company_id)


def _rows(model: type[FollowsCustomer]) -> "models.QuerySet[Any]":
    return model._base_manager.all()
