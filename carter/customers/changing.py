"""Changing what is known of a customer: every change is signed in History, nothing is lost."""

from collections.abc import Mapping
from copy import copy
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from carter.companies.models import Member
from carter.companies.money import money
from carter.companies.rights import Right, require
from carter.companies.tenancy import CompanyOwned
from carter.customers.alike import alike
from carter.customers.field_log import write_values
from carter.customers.locking import CannotChange, lock_customer, lock_groups, lock_row
from carter.customers.mains import choose_main, settle_mains
from carter.customers.models import Customer, Detail, FieldWrite


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
    current = lock_customer(customer)
    changes = changed_fields(current, values=values, was=was)
    if not changes:
        return current
    event = current.record("changed the details", by=by, changes=shown_changes(current, changes))
    write_values(current, changes, event=event, by=by)
    return current


@transaction.atomic
def revert_field(write: FieldWrite, *, seen: Any, by: Member | None) -> Customer:
    """Give a field the value it had before it was written, given the value a person sees now.

    Raises ChangedMeanwhile when the field has another value by now, and CannotChange when the
    record it was written to is no longer a current customer.
    """
    require(by, Right.EDIT)
    if lock_customer(write.customer).pk != write.customer_id:
        raise CannotChange(f"{write.customer.name} is no longer a current customer.")
    return change_customer(
        write.customer, values={write.field: write.old}, was={write.field: seen}, by=by
    )


@transaction.atomic
def add_detail(customer: Customer, kind: str, *, by: Member | None, **fields: Any) -> Detail:
    """Add a phone, email, address or contact; `kind` is the name of the customer's collection.

    The first of a kind is the main one.
    """
    require(by, Right.EDIT)
    customer = lock_customer(customer)
    detail: Detail = getattr(customer, kind).create(**fields)
    settle_mains([customer.pk], type(detail))
    customer.mark_changed()
    customer.record(f"added the {detail.noun} {detail}", by=by)
    detail.refresh_from_db(fields=["is_primary"])
    return detail


@transaction.atomic
def change_detail(
    detail: Detail, *, values: Mapping[str, Any], was: Mapping[str, Any], by: Member | None
) -> Detail:
    """Correct a phone, email, address or contact; see `change_customer` for `was`."""
    require(by, Right.EDIT)
    current = lock_row(detail)
    changes = changed_fields(current, values=values, was=was)
    if not changes:
        return current
    before = str(current)
    write_fields(current, changes)
    current.save()
    current.born_to.mark_changed()
    _record(
        current,
        f"changed the {current.noun}",
        by=by,
        changes={current.noun: [before, str(current)]},
    )
    return current


@transaction.atomic
def make_former(detail: Detail, *, by: Member | None) -> None:
    """Say that a detail is no longer in use. It is kept, and still finds the customer."""
    require(by, Right.EDIT)
    detail = lock_row(detail)
    _be_former(detail, timezone.now())
    _record(detail, f"marked the {detail.noun} {detail} as former", by=by)


@transaction.atomic
def change_alike(
    detail: Detail, *, values: Mapping[str, Any], was: Mapping[str, Any], by: Member | None
) -> None:
    """Correct a detail, and what a merge brought that says the same: it is shown as one."""
    lock_groups(Customer, lambda: [detail.customer_id])
    others = [row for row in alike(detail) if row != detail]
    change_detail(detail, values=values, was=was, by=by)
    changed = {name: value for name, value in values.items() if not _same(value, was[name])}
    for row in others:
        stored = {name: getattr(row, name) for name in changed}
        change_detail(row, values=changed, was=stored, by=by)


@transaction.atomic
def make_alike_former(detail: Detail, *, by: Member | None) -> None:
    """Say that a detail is no longer in use, with what a merge brought that says the same."""
    lock_groups(Customer, lambda: [detail.customer_id])
    for row in alike(detail):
        if not row.is_former:
            make_former(row, by=by)


@transaction.atomic
def make_current(detail: Detail, *, by: Member | None) -> None:
    """Take a former detail into use again."""
    require(by, Right.EDIT)
    detail = lock_row(detail)
    _be_former(detail, None)
    _record(detail, f"marked the {detail.noun} {detail} as in use again", by=by)


@transaction.atomic
def make_primary(detail: Detail, *, by: Member | None) -> None:
    """Make a detail the main one of its kind. Raises CannotChange for one no longer in use."""
    require(by, Right.EDIT)
    detail = lock_row(detail)
    if detail.is_former:
        raise CannotChange(f"{detail} is no longer in use: take it into use again first.")
    choose_main(detail)
    _record(detail, f"made {detail} the main {detail.noun}", by=by)


def changed_fields(
    row: CompanyOwned, *, values: Mapping[str, Any], was: Mapping[str, Any]
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
        shown[words_for_field(row, name)] = [before, as_shown(row, name)]
    return shown


def shown_changes(row: CompanyOwned, changes: Mapping[str, Any]) -> dict[str, list[str]]:
    """Before and after of each field as shown on screen; nothing is set on the row."""
    return write_fields(copy(row), changes)


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


def words_for_field(row: models.Model, name: str) -> str:
    """What a field is called on screen."""
    return str(getattr(row._meta.get_field(name), "verbose_name", name))


def _same(one: Any, other: Any) -> bool:
    return bool(as_written(one) == as_written(other))


def _be_former(detail: Detail, since: datetime | None) -> None:
    detail.former_at = since
    detail.save(update_fields=["former_at"])
    settle_mains([detail.customer_id], type(detail))


def _record(
    detail: Detail, what: str, *, by: Member | None, changes: dict[str, list[str]] | None = None
) -> None:
    """A line of History where people look: with the current customer."""
    detail.customer.leads_to.record(what, by=by, changes=changes)
