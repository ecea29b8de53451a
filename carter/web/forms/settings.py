"""Forms about the company, its people and oneself."""

from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib.auth import password_validation

from carter.billing.currency import WHY, money_exists
from carter.companies.models import Company, User
from carter.companies.rights import Role
from carter.web.forms import EditForm

REGIONS = ("America", "Europe", "Australia", "Pacific", "Atlantic", "Asia", "Africa", "Indian")


@cache
def time_zones() -> list[tuple[str, list[tuple[str, str]]]]:
    """The world's time zones by region, for a list to choose from."""
    names = sorted(available_timezones())
    return [
        (region, [(name, _place(name)) for name in names if name.startswith(f"{region}/")])
        for region in REGIONS
    ]


def _place(zone: str) -> str:
    return zone.partition("/")[2].replace("_", " ").replace("/", ", ")


class CompanyForm(EditForm):
    """What is set for the whole company."""

    class Meta:
        model = Company
        fields = (
            "name",
            "time_zone",
            "country",
            "currency",
            "customer_prefix",
            "job_prefix",
            "has_storage",
        )
        help_texts = {
            "time_zone": "It decides which day “today” is, and how moments are shown.",
            "has_storage": "Goods in the warehouse: a tab on every customer, a place in the"
            " navigation, recurring invoices. Switched off, its pages are gone; what is in them"
            " is kept.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        company = self.instance
        zone = company.time_zone
        known = any((zone, _place(zone)) in places for _, places in time_zones())
        mine: list[Any] = [] if known else [(zone, zone)]
        self.fields["time_zone"] = forms.ChoiceField(
            choices=[*mine, *time_zones()], help_text=self.fields["time_zone"].help_text
        )
        last = dict(company.series.values_list("name", "last"))
        for series in ("customer", "job"):
            field, prefix = self.fields[f"{series}_prefix"], getattr(company, f"{series}_prefix")
            field.label = f"{series.capitalize()} numbers begin with"
            field.help_text = f"Next: {prefix}{last.get(series, 0) + 1}"
        if money_exists(company):
            self.fields["currency"].disabled = True
            self.fields["currency"].help_text = WHY


class InviteForm(forms.Form):
    """Somebody to work here."""

    email = forms.EmailField(max_length=254)
    role = forms.ChoiceField(choices=Role.choices, initial=Role.SALES)


class RoleForm(forms.Form):
    """What somebody may do."""

    role = forms.ChoiceField(choices=Role.choices)


class JoinForm(forms.Form):
    """Who takes the place that an invitation offers."""

    name = forms.CharField(max_length=200, label="Your name")
    password = forms.CharField(
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 10 characters, and not what everybody chooses.",
    )

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        password_validation.validate_password(password)
        return password


class NameForm(forms.ModelForm[User]):
    """One's own name, as colleagues see it."""

    class Meta:
        model = User
        fields = ("name",)
        labels = {"name": "Your name"}
