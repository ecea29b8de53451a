"""Forms about leads and jobs."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Q

from carter.companies.models import Company, Member
from carter.companies.rights import Right
from carter.customers.models import Customer
from carter.jobs.intake import NothingToCallBack
from carter.jobs.models import Job, Stage
from carter.matching.models import MatchDecision
from carter.web.forms import EditForm, EmailField, MoneyField, PhoneField
from carter.web.forms.days import DayField

ADDRESS_PARTS = ("street", "city", "state", "postcode")
CALLED_BY = ("name", "company_name", "phone", "email")


class OwnerField(forms.ModelChoiceField[Member]):
    """Who looks after a lead: somebody who works here, or who did when it was theirs."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Member.across_companies.none(), required=False, **kwargs)

    def offer(self, company: Company, *, besides: int | None) -> None:
        """Offer everybody who works in the company, and the owner until now."""
        who = Q(left_at=None) | Q(pk=besides)
        self.queryset = company.members.filter(who).select_related("user")

    def label_from_instance(self, member: Any) -> str:
        return str(member) if member.is_working else f"{member} (left)"


class CallerForm(EditForm):
    """Who calls, about whatever it is: one of name, phone and email is enough."""

    phone = PhoneField(required=False)
    email = EmailField(required=False)
    owner = OwnerField(label="Sales owner", empty_label="Nobody yet")

    def __init__(
        self,
        *args: Any,
        company: Company,
        member: Member,
        chosen: Customer | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.chosen = chosen
        self.fields["category"].choices = Customer.Category.choices  # type: ignore[attr-defined]
        self.fields["owner"].offer(company, besides=self.instance.owner_id)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        named = any(cleaned.get(field) for field in CALLED_BY)
        mistyped = any(field in self.errors for field in CALLED_BY)
        if not named and not mistyped and self.chosen is None:
            self.add_error("name", str(NothingToCallBack()))
        return cleaned

    @property
    def who(self) -> list[forms.BoundField]:
        return [self[name] for name in CALLED_BY]


class IntakeForm(CallerForm):
    """What is said on the phone when a lead comes in."""

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
        field_classes = {"move_on": DayField}
        widgets = {
            "category": forms.RadioSelect,
            "extra_stops": forms.Textarea(attrs={"rows": 2}),
            "intake_notes": forms.Textarea(attrs={"rows": 4}),
            "name": forms.TextInput(attrs={"autocomplete": "off"}),
            "company_name": forms.TextInput(attrs={"autocomplete": "off"}),
        }

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, member=member, **kwargs)
        for name in ("move_size", "distance"):
            choice: Any = self.fields[name]
            choice.choices = [("", "Not said yet"), *choice.choices[1:]]
        if not member.may(Right.SEE_MONEY):
            del self.fields["estimate_cents"]

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
        shown = ("lead_source", "owner", "estimate_cents")
        return [self[name] for name in shown if name in self.fields]


class StageForm(forms.Form):
    """Where a job goes, and why when it is given up; the stage is known unless it is asked for."""

    stage = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(
        max_length=500,
        required=False,
        label="Why",
        widget=forms.TextInput(attrs={"placeholder": "Price, date taken, moved themselves …"}),
    )

    def __init__(self, *args: Any, asks_among: Sequence[Stage] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if asks_among:
            choices = [(stage.value, stage.label) for stage in asks_among]
            self.fields["stage"].widget = forms.Select(choices=choices)


class ReasonForm(forms.Form):
    """Why somebody decided so, for those who wonder later."""

    reason = forms.CharField(max_length=500, required=False)


class DecisionForm(ReasonForm):
    """What a person says of two customers, and why."""

    verdict = forms.ChoiceField(choices=MatchDecision.Verdict.choices)
