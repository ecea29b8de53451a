"""A company's whole book as plain values, so that two books can be compared."""

from collections.abc import Collection
from datetime import datetime

from django.apps import apps
from django.db import connection
from django.db.models import ForeignKey

from carter.billing.models import Invoice, Payment
from carter.companies.models import Company
from carter.companies.tenancy import CompanyOwned
from carter.customers.models import (
    Address,
    Contact,
    Customer,
    Email,
    Event,
    FormerName,
    MainChoice,
    Phone,
)
from carter.gateway.models import AutoPayStop, PaymentAttempt, StoredMethod
from carter.gateway.models import Collection as ToCollect
from carter.jobs.models import Job
from carter.matching.keying import refresh_keys
from carter.matching.models import Key
from carter.matching.sharing import look_at_changes, note_changes
from carter.outbox.models import Letter
from carter.recurring.models import RecurringInvoice, SchedulePeriod
from carter.search.indexing import refresh_words
from carter.search.models import Word

LEFT_OUT = {
    *("merging.Merge", "merging.MergedRecord", "merging.ChosenValue"),
    *("merging.Split", "merging.SplitRow", "jobs.JobLink", "billing.MovedRow"),
    "customers.FieldWrite",  # Names what merges wrote; the fields it explains are compared.
    *("matching.PossibleDuplicate", "matching.DuplicateGroup", "matching.BookRun"),  # By a chore.
    *("companies.Member", "companies.Invitation", "companies.SettingsEvent"),
    *("companies.Submission", "companies.CompanyLogo"),
}
"""What merges, splits and links wrote of themselves, and what is not about customers.

Of History the lines by which they told of themselves are left out, and what a value was before a
change: a merge may have chosen it.
"""
ASIDE = {"company", "write", "keys_due", "words_due"}
NAMED = {"contact": Contact, "phone": Phone, "email": Email, "address": Address, "job": Job}
UNORDERED = {FormerName, Key, Word}
SUBJECTS = {"c": Customer, "j": Job, "l": Job, "s": Job}
AGREED = (
    *(RecurringInvoice, SchedulePeriod, StoredMethod, AutoPayStop, ToCollect),
    *(PaymentAttempt, Letter),
)
MADE_OUT = {(Invoice, "bill_to"), (Invoice, "document"), (Payment, "document")}


def book_of(
    company: Company, *, besides: Collection[int] = (), made_out: bool = True
) -> dict[str, list[list[object]]]:
    """Every row of every table of a company, but for what is LEFT_OUT and events by key.

    A row is named by its place in its table instead of by its key. Where a customer leads who was
    made by a split that is undone is not compared: it differs from who was never split. Without
    `made_out`, nor is whose name is printed on invoices: theirs who had the job when it was issued.
    Shared phones and mailboxes are looked for here: they are noted after a commit, and where two
    books are compared there may be none.
    """
    refresh_keys(company)
    refresh_words(company)
    note_changes(company, company.keys.values_list("kind", "value"))
    look_at_changes(company)
    rows = {model: _rows(model, company, besides) for model in _tables()}
    places = {
        (model, row.pk): place
        for model, some in rows.items()
        for place, row in enumerate(some, start=1)
    }
    aside = set() if made_out else MADE_OUT
    return {
        model._meta.label: _sorted(model, [_plain(row, places, aside) for row in some])
        for model, some in rows.items()
    }


def what_is_agreed(company: Company) -> list[list[tuple[object, ...]]]:
    """What no merge changes, but for who has it, nor adds to, as the database has it.

    Schedules, their periods, cards, consents, what is to be collected; nobody is charged by itself
    or written to.
    """
    with connection.cursor() as cursor:
        return [_agreed(cursor, model, company) for model in AGREED]


def _agreed(cursor, model, company):
    columns = [field.column for field in model._meta.concrete_fields]
    shown = ", ".join(f'"{each}"' for each in columns if each not in ("customer_id", "born_to_id"))
    asked = f"SELECT {shown} FROM {model._meta.db_table} WHERE company_id = %s ORDER BY id"
    cursor.execute(asked, [company.pk])
    return cursor.fetchall()


def _tables() -> list[type[CompanyOwned]]:
    owned = (model for model in apps.get_models() if issubclass(model, CompanyOwned))
    return [model for model in owned if model._meta.label not in LEFT_OUT]


def _rows(model, company, besides):
    rows = model._base_manager.filter(company=company).order_by("pk")
    if model is MainChoice:
        return [choice for choice in rows if _is_at_home(choice)]
    return [row for row in rows if model is not Event or row.pk not in besides]


def _is_at_home(choice):
    """A choice among what a merge or a link only lent has no effect once that is undone."""
    details = NAMED[choice.kind]._base_manager.filter(pk=choice.detail_id)
    return details.filter(born_to=choice.customer_id).exists()


def _sorted(model, plain):
    """What is made anew, or named by what it says, has no order of its own."""
    return sorted(plain, key=repr) if model in UNORDERED else plain


def _plain(row, places, aside):
    return [
        _value(row, field, places)
        for field in row._meta.concrete_fields
        if field.name not in ASIDE and field is not row._meta.auto_field
        if (type(row), field.name) not in aside
    ]


def _value(row, field, places):
    value = getattr(row, field.attname)
    match field.name:
        case "head" | "retired_into" if row.origin == Customer.Origin.SPLIT:
            return None
        case "about_id" if value:
            return places[NAMED[row.about_kind], value]
        case "detail_id":
            return places[NAMED[row.kind], value]
        case "subject_id":
            return places[SUBJECTS[row.subject], value]
        case "changes":
            return {name: after for name, (_, after) in value.items()}
    if isinstance(field, ForeignKey) and value is not None:
        return places.get((field.related_model, value))
    return value.isoformat() if isinstance(value, datetime) else value
