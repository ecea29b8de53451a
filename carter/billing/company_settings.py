"""Changing what is set for a company in one go, whichever floor each setting belongs to."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from carter.billing.currency import change_currency
from carter.companies.changing import change_company
from carter.companies.models import Company, Member
from carter.companies.rights import Right, require
from carter.customers.changing import changed_fields
from carter.jobs.country import change_country


@transaction.atomic
def change_settings(
    company: Company, *, values: Mapping[str, Any], was: Mapping[str, Any], by: Member | None
) -> Company:
    """Change settings, given what each was when the form was opened: all of them or none.

    Only what the person changed is written, so two owners may change different settings at once.
    Raises ChangedMeanwhile when both changed the same one, CurrencyIsFixed and LacksSecondStep.
    """
    require(by, Right.SETTINGS)
    current: Any = Company.objects.select_for_update().get(pk=company.pk)
    changes = changed_fields(current, values=values, was=was)
    if "currency" in changes:
        change_currency(company, changes["currency"], by=by)
    if "country" in changes:
        change_country(company, changes["country"], by=by)
    return change_company(company, values=changes, by=by)
