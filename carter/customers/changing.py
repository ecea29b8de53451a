"""Changing what is known of a customer: every change is signed in History, nothing is lost."""

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from django.db import models, transaction
from django.utils import timezone

from carter.companies.models import Member
from carter.companies.money import money
from carter.companies.rights import Right, require
from carter.companies.tenancy import CompanyOwned
from carter.customers.following import FollowsCustomer
from carter.customers.models import Customer, Detail

Row = TypeVar("Row", bound=Customer | Detail)


class ChangedMeanwhile(Exception):
    """Somebody else changed the same fields since the form was opened.

    `theirs` holds, by field, the value that is there now.
    """

    def __init__(self, theirs: dict[str, Any]) -> None:
        self.theirs = theirs
        super().__init__("Somebody else changed this while you were typing.")


@transaction.atomic
def change_customer(
    customer: Customer, *, values: Mapping[str, Any], was: Mapping[str, Any], by: Member | None
) -> Customer:
    """Change fields of a customer, given what each was when the form was opened.

    Only what the person changed is written, so two people may change different fields at once.
    Raises ChangedMeanwhile, and writes nothing, when both changed the same field.
    """
    require(by, Right.EDIT)
    current = _locked(customer)
    changes = changed_fields(current, values=values, was=was)
    if not changes:
        return current
    if "name" in changes:
        current.former_names.create(name=current.name, former_at=timezone.now())
    shown = write_fields(current, changes)
    current.keys_due = current.words_due = True
    current.save()
    current.record("changed the details", by=by, changes=shown)
    return current


@transaction.atomic
def add_detail(customer: Customer, kind: str, *, by: Member | None, **fields: Any) -> Detail:
    """Add a phone, email, address or contact; `kind` is the name of the customer's collection.

    The first of a kind is the main one.
    """
    require(by, Right.EDIT)
    collection = getattr(customer, kind)
    detail: Detail = collection.create(
        is_primary=not collection.current().filter(is_primary=True).exists(), **fields
    )
    customer.mark_changed()
    customer.record(f"added the {detail.noun} {detail}", by=by)
    return detail


@transaction.atomic
def change_detail(
    detail: Detail, *, values: Mapping[str, Any], was: Mapping[str, Any], by: Member | None
) -> Detail:
    """Correct a phone, email, address or contact; see `change_customer` for `was`."""
    require(by, Right.EDIT)
    current = _locked(detail)
    changes = changed_fields(current, values=values, was=was)
    if not changes:
        return current
    before = str(current)
    write_fields(current, changes)
    current.save()
    current.born_to.mark_changed()
    current.customer.record(
        f"changed the {current.noun}", by=by, changes={current.noun: [before, str(current)]}
    )
    return current


@transaction.atomic
def make_former(detail: Detail, *, by: Member | None) -> None:
    """Say that a detail is no longer in use. It is kept, and still finds the customer."""
    require(by, Right.EDIT)
    detail.former_at, was_primary = timezone.now(), detail.is_primary
    detail.is_primary = False
    detail.save()
    if was_primary:
        _promote_next(detail)
    detail.customer.record(f"marked the {detail.noun} {detail} as former", by=by)


@transaction.atomic
def make_current(detail: Detail, *, by: Member | None) -> None:
    """Take a former detail into use again."""
    require(by, Right.EDIT)
    detail.former_at = None
    detail.save()
    detail.customer.record(f"marked the {detail.noun} {detail} as in use again", by=by)


@transaction.atomic
def make_primary(detail: Detail, *, by: Member | None) -> None:
    """Make a detail the main one of its kind."""
    require(by, Right.EDIT)
    be_main(detail)
    detail.customer.record(f"made {detail} the main {detail.noun}", by=by)


def be_main(detail: Detail) -> None:
    """Let a detail be the main one of its kind, and no other."""
    _siblings(detail).filter(is_primary=True).update(is_primary=False)
    detail.is_primary = True
    detail.save()


def changed_fields(
    row: FollowsCustomer | Customer, *, values: Mapping[str, Any], was: Mapping[str, Any]
) -> dict[str, Any]:
    """What the person changed, unless somebody else changed the same: then ChangedMeanwhile."""
    wanted = {name: value for name, value in values.items() if not _same(value, was[name])}
    stored = {name: getattr(row, name) for name in wanted}
    theirs = {
        name: there
        for name, there in stored.items()
        if not _same(there, was[name]) and not _same(there, wanted[name])
    }
    if theirs:
        raise ChangedMeanwhile(theirs)
    return {name: value for name, value in wanted.items() if not _same(value, stored[name])}


def as_written(value: Any) -> Any:
    """Text without what browsers add on their own: spaces around it, and how a line ends.

    A form sent plainly ends its lines otherwise than the same form sent by a script.
    """
    if not isinstance(value, str):
        return value
    return value.replace("\r\n", "\n").replace("\r", "\n").strip()


def write_fields(row: CompanyOwned, changes: Mapping[str, Any]) -> dict[str, list[str]]:
    """Set the fields; returns before and after of each as shown on screen, for History."""
    shown = {}
    for name, value in changes.items():
        before = as_shown(row, name)
        setattr(row, name, value)
        shown[_words_for(row, name)] = [before, as_shown(row, name)]
    return shown


def as_shown(row: CompanyOwned, name: str) -> str:
    """A field's value in the words of the screen."""
    value = getattr(row, name)
    if name.endswith("_cents") and value is not None:
        return money(value, row.company.currency)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    label = getattr(row, f"get_{name}_display", None)
    return str(label() if label else "" if value is None else value)


def _same(one: Any, other: Any) -> bool:
    return bool(as_written(one) == as_written(other))


def _words_for(row: models.Model, name: str) -> str:
    return str(getattr(row._meta.get_field(name), "verbose_name", name))


def _locked(row: Row) -> Row:
    locked: Any = type(row).across_companies.select_for_update().get(pk=row.pk)
    return cast("Row", locked)


def _siblings(detail: Detail) -> "models.QuerySet[Any]":
    return type(detail).across_companies.filter(customer=detail.customer_id).exclude(pk=detail.pk)


def _promote_next(detail: Detail) -> None:
    heir = _siblings(detail).filter(former_at=None).first()
    if heir is not None:
        heir.is_primary = True
        heir.save()
