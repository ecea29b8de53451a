"""The tables of a made book, and which of their columns differ from row to row."""

from typing import Any

from django.db import connection, models

from carter.billing.models import (
    Allocation,
    Charge,
    Entry,
    Invoice,
    InvoiceLine,
    MonthTotal,
    Owed,
    Payment,
    PaymentPart,
)
from carter.customers.models import Address, Contact, Customer, Email, Event, Phone
from carter.jobs.models import Job
from carter.matching.models import Key, Profile
from carter.search.models import Word

Row = tuple[Any, ...]

OWNED = "id customer_id born_to_id"
DETAIL = f"{OWNED} is_primary created_at"
POSTED = f"{OWNED} on created_at job_id"

VARYING: dict[type[models.Model], str] = {
    Customer: "id number name sort_name kind category lead_source created_at origin keys_due"
    " words_due",
    Phone: f"{DETAIL} text key",
    Email: f"{DETAIL} text key",
    Address: f"{DETAIL} street city state postcode key",
    Contact: f"{DETAIL} name",
    Event: f"{OWNED} at what about_kind about_id",
    Job: f"{OWNED} number stage category name company_name phone email move_on origin_street"
    " origin_city origin_state origin_postcode destination_street destination_city"
    " destination_state destination_postcode move_size lead_source estimate_cents created_at"
    " booked_at words_due",
    Charge: f"{POSTED} kind description quantity_thousandths unit_price_cents amount_cents",
    Payment: "id on created_at method reference amount_cents",
    PaymentPart: f"{POSTED} payment_id amount_cents is_spent",
    Entry: f"{POSTED} charge_id part_id amount_cents",
    Invoice: f"{OWNED} job_id terms bill_to created_at number issued_on issued_at due_on"
    " total_cents document is_open settled_on",
    InvoiceLine: f"{OWNED} invoice_id charge_id job_id position",
    Allocation: f"{POSTED} part_id invoice_id amount_cents",
    Owed: "customer_id balance_cents",
    MonthTotal: "month customer_id amount_cents",
    Key: "kind value customer_id",
    Profile: "customer_id stored compare_due",
    Word: "subject start subject_id word",
}
"""By table, in the order they are written: the attributes a row gives, in the order it does."""


def columns_of(model: type[models.Model]) -> list[str]:
    """Every column of a table, those that differ first."""
    by_name = {field.attname: field.column for field in model._meta.concrete_fields}
    varying = [by_name[name] for name in VARYING[model].split()]
    return [*varying, *(field.column for field in _constant(model))]


def constants_of(model: type[models.Model], company_id: int) -> Row:
    """The values of the others, the same in every row, as the database takes them."""
    return tuple(
        company_id
        if field.attname == "company_id"
        else field.get_db_prep_save(field.get_default(), connection)
        for field in _constant(model)
    )


def _constant(model: type[models.Model]) -> list[Any]:
    varying = VARYING[model].split()
    return [field for field in model._meta.concrete_fields if field.attname not in varying]
