"""Forms about warehouses, zones and locations."""

from typing import Any

from django import forms

from carter.storage.models import Location, Warehouse, Zone
from carter.storage.setting_up import CannotSetUp, names_in
from carter.web.forms.days import DayField

UNNAMED = {"name": {"required": "Write what it is called."}}


class WarehouseForm(forms.ModelForm[Warehouse]):
    """What a building is called, and where it is."""

    class Meta:
        model = Warehouse
        fields = ("name", "address")
        error_messages = UNNAMED
        widgets = {"address": forms.Textarea(attrs={"rows": 2})}

    def _post_clean(self) -> None:
        """Leave the row alone: a form only asks, the deed writes."""


class ZoneForm(forms.ModelForm[Zone]):
    """What a part of a warehouse is called, and how it is drawn."""

    per_row = forms.IntegerField(
        label="Locations in a row of the plan",
        min_value=1,
        max_value=40,
        initial=10,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), "Write a number from 1 to 40."
        ),
    )

    class Meta:
        model = Zone
        fields = ("name", "per_row")
        error_messages = UNNAMED

    def _post_clean(self) -> None:
        """Leave the row alone."""


class LocationForm(forms.ModelForm[Location]):
    """What a location is called, and of which kind it is."""

    class Meta:
        model = Location
        fields = ("name", "kind")
        error_messages = UNNAMED

    def _post_clean(self) -> None:
        """Leave the row alone."""


class LocationsForm(forms.Form):
    """Many locations of one kind."""

    kind = forms.ChoiceField(choices=Location.Kind.choices)
    names = forms.CharField(
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": "V-001 … V-040"}),
        help_text="One a line or with commas. V-001 … V-040 adds forty.",
        error_messages={"required": "Type at least one name."},
    )

    def clean_names(self) -> list[str]:
        try:
            return names_in(self.cleaned_data["names"])
        except CannotSetUp as reason:
            raise forms.ValidationError(str(reason)) from reason


class LocationsField(forms.ModelMultipleChoiceField[Location]):
    """Several locations. A key that no database could hold is none of theirs."""

    LONGEST_KEY = 18

    def clean(self, value: Any) -> Any:
        if any(len(str(key)) > self.LONGEST_KEY for key in value or ()):
            raise forms.ValidationError("Choose among the locations that are shown.")
        return super().clean(value)


class PlacesForm(forms.Form):
    """The locations a storage job is to have, ticked on the plan, and from when."""

    on = DayField(label="From")
    locations = LocationsField(Location.across_companies.none(), required=False)

    def __init__(self, *args: Any, offered: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["locations"].queryset = offered  # type: ignore[attr-defined]
