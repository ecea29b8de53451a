"""Forms about the company, its people and oneself."""

import re
from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib.auth import password_validation

from carter.billing.currency import WHY, money_exists
from carter.companies.models import Company, User
from carter.companies.money import percent
from carter.companies.rights import Role
from carter.printing.logos import LARGEST_BYTES, BadLogo, read_logo
from carter.web.forms import EditForm, PhoneField
from carter.web.forms.days import DayField

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
            "storage_prefix",
            "has_storage",
            "requires_second_step",
        )
        help_texts = {
            "requires_second_step": "Besides the password, everybody who works here gives the code"
            " of an app, or uses a passkey. Who has neither sets one up before anything else.",
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
        for kind, series in (("customer", "customer"), ("job", "job"), ("storage", "job")):
            field, prefix = self.fields[f"{kind}_prefix"], getattr(company, f"{kind}_prefix")
            field.label = f"{kind.capitalize()} numbers begin with"
            field.help_text = f"Next: {prefix}{last.get(series, 0) + 1}"
        if money_exists(company):
            self.fields["currency"].disabled = True
            self.fields["currency"].help_text = WHY


class PercentField(forms.Field):
    """A rate as people write it (8.81%), as integer millionths."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "decimal"}), **kwargs)

    def to_python(self, value: Any) -> int:
        text = str(value or "").strip().removesuffix("%").strip()
        if not re.fullmatch(r"[0-9]{0,2}(\.[0-9]{1,4})?", text):
            raise forms.ValidationError("Write a percentage below 100, such as 8.81.")
        return int(Decimal(text or 0).scaleb(4))

    def prepare_value(self, value: Any) -> Any:
        return percent(value) if isinstance(value, int) else value


class PaperForm(EditForm):
    """What stands on invoices, receipts and statements, and what invoices begin with."""

    tax_rate_millionths = PercentField(
        label="Sales tax",
        required=False,
        help_text="For charges on which tax is ticked. Charges that were logged keep their rate.",
    )
    phone = PhoneField(required=False)

    class Meta:
        model = Company
        fields = (
            "address",
            "phone",
            "email",
            "website",
            "tax_number",
            "paper_footer",
            "payment_terms",
            "tax_rate_millionths",
            "invoice_prefix",
            "credit_note_prefix",
            "books_closed_through",
        )
        labels = {
            "invoice_prefix": "Invoice numbers begin with",
            "credit_note_prefix": "Credit note numbers begin with",
            "books_closed_through": "Books are closed through",
        }
        field_classes = {"books_closed_through": DayField}
        widgets = {
            "address": forms.Textarea(attrs={"rows": 4}),
            "paper_footer": forms.Textarea(attrs={"rows": 2}),
        }


class LogoForm(forms.Form):
    """The picture at the head of the paper."""

    logo = forms.FileField(
        required=False,
        help_text="PNG, JPEG or SVG, up to 1 MB.",
        widget=forms.FileInput(attrs={"accept": ".png,.jpg,.jpeg,.svg"}),
    )
    without_logo = forms.BooleanField(required=False, label="Print no logo")

    def clean_logo(self) -> bytes | None:
        file = self.cleaned_data["logo"]
        if file is None:
            return None
        # One byte more than is allowed is enough to tell that it is too large.
        data: bytes = file.read(LARGEST_BYTES + 1)
        try:
            read_logo(data)
        except BadLogo as reason:
            raise forms.ValidationError(str(reason)) from None
        return data

    @property
    def is_changed(self) -> bool:
        return bool(self.cleaned_data["logo"] or self.cleaned_data["without_logo"])


class InviteForm(forms.Form):
    """Somebody to work here."""

    email = forms.EmailField(max_length=254)
    role = forms.ChoiceField(choices=Role.choices, initial=Role.SALES)


class RoleForm(forms.Form):
    """What somebody may do."""

    role = forms.ChoiceField(choices=Role.choices)


class JoinForm(forms.Form):
    """Who takes the place that an invitation to an address offers."""

    name = forms.CharField(max_length=200, label="Your name")
    password = forms.CharField(
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 10 characters, and not what everybody chooses.",
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        person = User(email=self.email, name=self.cleaned_data.get("name", ""))
        password_validation.validate_password(password, person)
        return password


class NameForm(forms.ModelForm[User]):
    """One's own name, as colleagues see it."""

    class Meta:
        model = User
        fields = ("name",)
        labels = {"name": "Your name"}
