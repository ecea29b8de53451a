"""Changing what a company does about late invoices."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from carter.companies.models import Company, Member
from carter.companies.rights import Right, require
from carter.customers.changing import changed_fields, write_fields
from carter.recurring.late_fees import policy_of
from carter.recurring.models import LatePolicy


@transaction.atomic
def change_policy(
    company: Company, *, values: Mapping[str, Any], was: Mapping[str, Any], by: Member | None
) -> LatePolicy:
    """Change the policy, given what it was when the form was opened.

    Switched on, it looks at what falls due from today on. Raises ChangedMeanwhile.
    """
    require(by, Right.SETTINGS)
    company = Company.objects.select_for_update().get(pk=company.pk)
    policy = policy_of(company)
    was_on = policy.is_on
    changes = changed_fields(policy, values=values, was=was)
    if not changes:
        return policy
    shown = write_fields(policy, changes)
    if policy.is_on and not was_on:
        policy.since_on = company.today
    policy.save()
    company.record("changed what is done about late invoices", by=by, changes=shown)
    return policy
