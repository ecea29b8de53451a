"""The company stands in every key, so that a book of many companies can be divided by it."""

import pytest
from django.apps import apps
from django.db import models

from carter.companies.tenancy import CompanyOwned

OWNED = [model for model in apps.get_models() if issubclass(model, CompanyOwned)]


def keys_without_company(model):
    """Unique keys that another company's row could offend.

    A one-to-one is none of them: the row it points at is of the same company.
    """
    alone = [
        field.name
        for field in model._meta.concrete_fields
        if field.unique and not field.primary_key and not points_at_own(field)
    ]
    several = [
        key.name
        for key in model._meta.constraints
        if isinstance(key, models.UniqueConstraint) and "company" not in key.fields
    ]
    return [*alone, *several, *model._meta.unique_together]


def points_at_own(field):
    return isinstance(field, models.OneToOneField) and issubclass(field.related_model, CompanyOwned)


@pytest.mark.parametrize("model", OWNED, ids=lambda model: model._meta.label)
def test_every_unique_key_has_the_company_in_it(model):
    assert keys_without_company(model) == []


def test_a_key_without_the_company_would_be_seen():
    """The control: the people, who belong to no company, have such a key."""
    assert keys_without_company(apps.get_model("companies", "User")) == ["email"]
