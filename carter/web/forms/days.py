"""Days as forms take them."""

from datetime import date
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError

FIRST, LAST = 1900, 2099
"""The years that mean something to a moving company, as for imports; beyond, sums of days break."""


class DayInput(forms.DateInput):
    """A day, chosen from a calendar or typed."""

    def __init__(self) -> None:
        super().__init__(attrs={"type": "date"}, format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day of a year that can be meant."""

    widget = DayInput
    default_error_messages = {
        "invalid": "Write a day such as 2026-05-31.",
        "required": "Say on which day.",
    }

    def validate(self, value: Any) -> None:
        super().validate(value)
        if isinstance(value, date) and not is_sensible(value):
            raise ValidationError(f"Write a day from {FIRST} to {LAST}, such as 2026-05-31.")


def is_sensible(day: date) -> bool:
    """Whether somebody can mean the day."""
    return FIRST <= day.year <= LAST


class DayFilter(django_filters.DateFilter):
    """Narrows a list by such a day."""

    field_class = DayField
