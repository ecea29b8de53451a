"""The people and firms who are moved or stored, and everything known about them."""

from carter.customers.models.customer import Customer, CustomerQuerySet
from carter.customers.models.details import (
    Address,
    Contact,
    Detail,
    Email,
    FormerName,
    MainChoice,
    Phone,
)
from carter.customers.models.history import Event, Note
from carter.customers.models.labels import CustomerTag, ExternalId, Tag
from carter.customers.models.writes import FieldWrite

__all__ = [
    "Address",
    "Contact",
    "Customer",
    "CustomerQuerySet",
    "CustomerTag",
    "Detail",
    "Email",
    "Event",
    "ExternalId",
    "FieldWrite",
    "FormerName",
    "MainChoice",
    "Note",
    "Phone",
    "Tag",
]
