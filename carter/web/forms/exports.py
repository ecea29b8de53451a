"""Which days are exported."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from carter.web.forms.days import DayField


class DaysForm(forms.Form):
    """The first and the last day, both included; empty is without an end."""

    first = DayField(label="From", required=False)
    last = DayField(label="To", required=False)

    def clean(self) -> dict[str, Any]:
        days: dict[str, Any] = super().clean() or {}
        first, last = days.get("first"), days.get("last")
        if first and last and last < first:
            raise ValidationError({"last": "This is before the first day."})
        return days
