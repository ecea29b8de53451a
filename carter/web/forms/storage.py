"""Forms about storage jobs."""

from typing import Any

from django import forms

from carter.companies.models import Company, Member
from carter.companies.rights import Right
from carter.jobs.models import Job
from carter.storage.models import StorageJob
from carter.web.forms import EditForm, MoneyField, is_key
from carter.web.forms.days import DayField
from carter.web.forms.jobs import CallerForm


class StorageIntakeForm(CallerForm):
    """What is said when somebody asks for storage."""

    class Meta:
        model = Job
        fields = (
            "category",
            "name",
            "company_name",
            "phone",
            "email",
            "lead_source",
            "owner",
            "intake_notes",
        )
        labels = {
            "company_name": "Company name",
            "lead_source": "Lead source",
            "intake_notes": "Notes",
        }
        widgets = {
            "category": forms.RadioSelect,
            "intake_notes": forms.Textarea(attrs={"rows": 4}),
            "name": forms.TextInput(attrs={"autocomplete": "off"}),
            "company_name": forms.TextInput(attrs={"autocomplete": "off"}),
        }

    @property
    def office(self) -> list[forms.BoundField]:
        return [self[name] for name in ("lead_source", "owner")]


class StorageForm(EditForm):
    """What is agreed about storage: what kind, from when until when, at what price."""

    monthly_price_cents = MoneyField(required=False, label="Monthly price")

    class Meta:
        model = StorageJob
        fields = ("type", "move_in_on", "move_out_on", "monthly_price_cents", "volume")
        field_classes = {"move_in_on": DayField, "move_out_on": DayField}
        help_texts = {
            "move_in_on": "Empty: to be decided.",
            "move_out_on": "As planned; empty when nobody knows yet.",
        }

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["type"].choices = StorageJob.Type.choices  # type: ignore[attr-defined]
        if not member.may(Right.SEE_MONEY):
            del self.fields["monthly_price_cents"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = cleaned.get("move_in_on"), cleaned.get("move_out_on")
        if first and last and last < first:
            self.add_error("move_out_on", "The move-out date is not before the move-in date.")
        return cleaned


class DayForm(forms.Form):
    """On which day."""

    on = DayField(label="On")

    def __init__(self, *args: Any, label: str = "On", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].label = label


class WhyForm(forms.Form):
    """Why something is given up."""

    reason = forms.CharField(
        max_length=500,
        label="Why",
        error_messages={"required": "Say why."},
        widget=forms.TextInput(attrs={"placeholder": "Price, found a garage, date changed …"}),
    )


class MoveForm(forms.Form):
    """A move that is named by its number."""

    move = forms.CharField(
        max_length=30,
        label="Link a move by its number",
        error_messages={"required": "Write the number of a move."},
        widget=forms.TextInput(attrs={"size": 10}),
    )

    def __init__(self, *args: Any, company: Company, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.company = company

    def clean_move(self) -> Job:
        typed: str = self.cleaned_data["move"]
        digits = typed.strip().upper().removeprefix(self.company.job_prefix.upper()).strip()
        is_number = is_key(digits)
        moves = self.company.jobs.moves().filter(number=int(digits) if is_number else 0)
        found: Job | None = moves.select_related("company").first()
        if found is None:
            raise forms.ValidationError(f"There is no move {typed}. Its number is on its page.")
        return found
