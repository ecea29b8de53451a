"""Forms about leads and jobs."""

from typing import Any

from django import forms

from carter.companies.models import Company
from carter.customers.models import Customer
from carter.jobs.intake import NothingToCallBack
from carter.jobs.models import Job
from carter.web.forms import EditForm, EmailField, MoneyField, PhoneField

ADDRESS_PARTS = ("street", "city", "state", "postcode")


class IntakeForm(EditForm):
    """What is said on the phone when a lead comes in."""

    phone = PhoneField(required=False)
    email = EmailField(required=False)
    services = forms.MultipleChoiceField(
        choices=Job.Service.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    estimate_cents = MoneyField(required=False, label="Estimated amount")

    class Meta:
        model = Job
        fields = (
            "category",
            "name",
            "company_name",
            "phone",
            "email",
            "move_on",
            "flexibility",
            "move_size",
            "distance",
            "services",
            *(f"origin_{part}" for part in ADDRESS_PARTS),
            *(f"destination_{part}" for part in ADDRESS_PARTS),
            "extra_stops",
            "lead_source",
            "owner",
            "estimate_cents",
            "intake_notes",
        )
        labels = {
            "company_name": "Company name",
            "move_on": "Move date",
            "move_size": "Move size",
            "extra_stops": "Extra stops",
            "lead_source": "Lead source",
            "owner": "Sales owner",
            "intake_notes": "Notes",
            **{
                f"{end}_{part}": part.capitalize()
                for end in ("origin", "destination")
                for part in ADDRESS_PARTS[:3]
            },
            "origin_postcode": "ZIP",
            "destination_postcode": "ZIP",
        }
        help_texts = {"move_on": "Empty: to be decided."}
        widgets = {
            "category": forms.RadioSelect,
            "move_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "extra_stops": forms.Textarea(attrs={"rows": 2}),
            "intake_notes": forms.Textarea(attrs={"rows": 4}),
            "name": forms.TextInput(attrs={"autocomplete": "off"}),
            "company_name": forms.TextInput(attrs={"autocomplete": "off"}),
        }

    def __init__(
        self, *args: Any, company: Company, chosen: Customer | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.chosen = chosen
        for name in ("move_size", "distance"):
            choice: Any = self.fields[name]
            choice.choices = [("", "Not said yet"), *choice.choices[1:]]
        self.fields["category"].choices = Customer.Category.choices  # type: ignore[attr-defined]
        owner: Any = self.fields["owner"]
        owner.queryset = company.members.filter(left_at=None).select_related("user")
        owner.empty_label = "Nobody yet"

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        named = any(cleaned.get(field) for field in ("name", "company_name", "phone", "email"))
        mistyped = any(field in self.errors for field in ("name", "company_name", "phone", "email"))
        if not named and not mistyped and self.chosen is None:
            self.add_error("name", str(NothingToCallBack()))
        return cleaned

    @property
    def who(self) -> list[forms.BoundField]:
        return [self[name] for name in ("name", "company_name", "phone", "email")]

    @property
    def what(self) -> list[forms.BoundField]:
        return [self[name] for name in ("move_on", "flexibility", "move_size", "distance")]

    @property
    def origin(self) -> list[forms.BoundField]:
        return [self[f"origin_{part}"] for part in ADDRESS_PARTS]

    @property
    def destination(self) -> list[forms.BoundField]:
        return [self[f"destination_{part}"] for part in ADDRESS_PARTS]

    @property
    def office(self) -> list[forms.BoundField]:
        return [self[name] for name in ("lead_source", "owner", "estimate_cents")]


class StageForm(forms.Form):
    """Where a job goes, and why when it is given up."""

    stage = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(
        max_length=500,
        required=False,
        label="Why",
        widget=forms.TextInput(attrs={"placeholder": "Price, date taken, moved themselves …"}),
    )
