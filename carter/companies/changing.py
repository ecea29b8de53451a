"""Changing what is set for the whole company."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from carter.companies.models import Company, Member
from carter.companies.money import percent
from carter.companies.rights import Right, require
from carter.companies.signing_in import has_second_step

CHANGEABLE = (
    "name",
    "time_zone",
    "customer_prefix",
    "job_prefix",
    "storage_prefix",
    "invoice_prefix",
    "credit_note_prefix",
    "payment_terms",
    "tax_rate_millionths",
    "books_closed_through",
    "has_storage",
    "requires_second_step",
    "address",
    "phone",
    "email",
    "website",
    "tax_number",
    "paper_footer",
)
"""All but what more than the company hangs on: the country (jobs) and the currency (billing)."""


class LacksSecondStep(Exception):
    """Nobody may ask of everybody what they do not do themselves; they would be shut out."""

    def __init__(self) -> None:
        super().__init__("Set up your own second step first, under Your profile.")


@transaction.atomic
def change_company(company: Company, *, values: Mapping[str, Any], by: Member | None) -> Company:
    """Change settings of the company; what they were and are goes into the settings' history.

    Raises ValidationError for what no company can have, such as an unknown time zone, and
    LacksSecondStep.
    """
    require(by, Right.SETTINGS)
    company = Company.objects.select_for_update().get(pk=company.pk)
    names = [
        name for name in CHANGEABLE if name in values and values[name] != getattr(company, name)
    ]
    is_required = "requires_second_step" in names and values["requires_second_step"]
    if by and is_required and not has_second_step(by.user):
        raise LacksSecondStep
    changes = {}
    for name in names:
        before = _shown(company, name)
        setattr(company, name, values[name])
        changes[_label(name)] = [before, _shown(company, name)]
    if changes:
        company.full_clean(exclude=_all_but(names))
        company.save(update_fields=names)
        company.record("changed the settings", by=by, changes=changes)
    return company


def _all_but(names: list[str]) -> set[str]:
    """What is not judged: an old value that would not pass today stands in nobody's way."""
    return {field.name for field in Company._meta.concrete_fields} - {*names}


def _label(name: str) -> str:
    return str(Company._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def _shown(company: Company, name: str) -> str:
    value = getattr(company, name)
    if name == "tax_rate_millionths":
        return percent(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "on" if value else "off"
    display = getattr(company, f"get_{name}_display", None)
    return str(display() if display else value)
