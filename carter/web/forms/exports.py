"""Which days are exported."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError


class DaysForm(forms.Form):
    """The first and the last day, both included; empty is without an end."""

    first = forms.DateField(
        label="From", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    last = forms.DateField(
        label="To", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def clean(self) -> dict[str, Any]:
        days: dict[str, Any] = super().clean() or {}
        first, last = days.get("first"), days.get("last")
        if first and last and last < first:
            raise ValidationError({"last": "This is before the first day."})
        return days
