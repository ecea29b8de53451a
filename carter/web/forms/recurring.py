"""Forms about recurring invoices, late fees, and what goes out of the warehouse."""

from datetime import date
from typing import Any

from django import forms

from carter.companies.models import Company
from carter.customers.models import Customer
from carter.recurring.models import LatePolicy, Pause, RecurringInvoice
from carter.storage.models import StorageJob
from carter.web.forms import EditForm, MoneyField
from carter.web.forms.days import DayField
from carter.web.forms.money import AmountField, QuantityField
from carter.web.forms.warehouses import LocationsField

HOW = ("months", "days_ahead", "terms")
PAID = ("auto_pay", "method", "is_mailed")
SAYS = ("purchase_order", "notes")
LONGEST_AHEAD = 60
LONGEST_LATE = 365


def _only_methods_of(field: Any, customer: Customer) -> None:
    """Offer what the customer has on file."""
    field.queryset = customer.stored_methods.on_file().order_by("id")
    field.empty_label = "None"


class DaysField(forms.IntegerField):
    """How many days."""

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        wrong = ("required", "invalid", "min_value", "max_value")
        words = dict.fromkeys(wrong, f"Write how many days, from 0 to {most}.")
        super().__init__(min_value=0, max_value=most, error_messages=words, **kwargs)


class DaysAheadField(DaysField):
    """How many days before its period begins an invoice is made."""

    def __init__(self) -> None:
        super().__init__(
            most=LONGEST_AHEAD,
            initial=0,
            label="Invoice days ahead",
            help_text="Before the period begins. It is due when it begins, or by its terms.",
        )


class ScheduleForm(forms.ModelForm[RecurringInvoice]):
    """How a storage job is to be invoiced. Nothing is saved by it; the deed does that."""

    anchor = forms.ChoiceField(
        label="Billing month",
        choices=[("first", "From the first of the month"), ("day", "From the day it begins on")],
        widget=forms.RadioSelect,
        initial="first",
    )

    days_ahead = DaysAheadField()

    class Meta:
        model = RecurringInvoice
        fields = ("starts_on", "ends_on", *HOW, "prorates_in", "prorates_out", *PAID, *SAYS)
        labels = {"ends_on": "Last day", "auto_pay": "Turn auto-pay on"}
        field_classes = {"starts_on": DayField, "ends_on": DayField}
        widgets = {"notes": forms.Textarea(attrs={"rows": 2})}
        help_texts = {
            "ends_on": "Empty: until the goods move out.",
            "method": "Cards and bank accounts on file, see the customer’s page.",
        }

    def __init__(self, *args: Any, storage_job: StorageJob, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["months"].choices = RecurringInvoice.Cycle.choices  # type: ignore[attr-defined]
        self.fields["terms"].choices = Company.Terms.choices  # type: ignore[attr-defined]
        _only_methods_of(self.fields["method"], storage_job.customer)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", "The last day is not before the first.")
        if cleaned.get("auto_pay") and not cleaned.get("method"):
            self.add_error("method", "For auto-pay, choose a card or bank account on file.")
        return cleaned

    def _post_clean(self) -> None:
        """Leave the row alone: a form only asks."""

    @property
    def starts_on(self) -> date:
        found: date = self.cleaned_data["starts_on"]
        return found

    @property
    def values(self) -> dict[str, Any]:
        """Fields of RecurringInvoice. People name the last day, which is billed."""
        said = dict(self.cleaned_data)
        first, last = said.pop("starts_on"), said.pop("ends_on")
        said["anchor_day"] = first.day if said.pop("anchor") == "day" else 1
        said["ends_on"] = date.fromordinal(last.toordinal() + 1) if last else None
        return said


class ScheduleEditForm(EditForm):
    """How a running schedule invoices from its next period on."""

    anchor_day = forms.IntegerField(
        min_value=1,
        max_value=31,
        label="Day of the month",
        help_text="On which billing months begin; in a shorter month on its last day.",
        error_messages={
            "min_value": "Write a day of the month, from 1 to 31.",
            "max_value": "Write a day of the month, from 1 to 31.",
        },
    )
    days_ahead = DaysAheadField()

    class Meta:
        model = RecurringInvoice
        fields = ("months", "anchor_day", "days_ahead", "terms", "prorates_out", *PAID, *SAYS)
        labels = {"auto_pay": "Turn auto-pay on"}
        widgets = {"notes": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["months"].choices = RecurringInvoice.Cycle.choices  # type: ignore[attr-defined]
        self.fields["terms"].choices = Company.Terms.choices  # type: ignore[attr-defined]
        _only_methods_of(self.fields["method"], self.instance.storage_job.customer)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("auto_pay") and not cleaned.get("method"):
            self.add_error("method", "For auto-pay, choose a card or bank account on file.")
        return cleaned


class PriceForm(forms.Form):
    """What a month of something costs from a day on."""

    line: Any = forms.ModelChoiceField(queryset=None, label="What", empty_label=None)
    from_on = DayField(label="From")
    unit_price_cents = MoneyField(label="New price of one")
    quantity_thousandths = QuantityField(
        required=False, label="Quantity", help_text="Empty: as it is."
    )

    def __init__(self, *args: Any, schedule: RecurringInvoice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines: Any = self.fields["line"]
        lines.queryset = schedule.lines.all()
        self.fields["from_on"].initial = schedule.next_starts_on


class PauseForm(forms.ModelForm[Pause]):
    """Days that are not billed."""

    class Meta:
        model = Pause
        fields = ("from_on", "until_on", "reason")
        field_classes = {"from_on": DayField, "until_on": DayField}
        labels = {"until_on": "Billed again from", "reason": "Why"}
        help_texts = {"until_on": "Empty: until further notice."}

    def _post_clean(self) -> None:
        """Leave the row alone: a form only asks."""


class MoveOutForm(forms.Form):
    """What went out of the warehouse, when, and what the rest costs."""

    on = DayField(label="The goods went out on")
    what = forms.ChoiceField(
        label="What went out",
        choices=[("all", "Everything"), ("some", "Only what was in some locations")],
        widget=forms.RadioSelect,
        initial="all",
    )
    locations: Any = LocationsField(
        queryset=None,
        required=False,
        label="Empty now",
        widget=forms.CheckboxSelectMultiple,
    )
    new_monthly_price_cents = MoneyField(
        required=False,
        label="New monthly price",
        help_text="For what stays, from that day on. Empty: the price stays as it is.",
    )

    def __init__(self, *args: Any, storage_job: StorageJob, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = storage_job.stays.standing().values_list("location", flat=True)
        places: Any = self.fields["locations"]
        rows = storage_job.company.locations.filter(pk__in=held)
        places.queryset = rows.select_related("zone__warehouse").order_by("name", "id")
        self.has_parts = rows.count() > 1
        if not self.has_parts:
            for name in ("what", "locations", "new_monthly_price_cents"):
                del self.fields[name]

    @property
    def asked(self) -> dict[str, Any]:
        """What the move-out deed takes."""
        said = self.cleaned_data
        if said.get("what", "all") == "all":
            return {"on": said["on"]}
        return {
            "on": said["on"],
            "locations": list(said["locations"]),
            "new_monthly_price_cents": said["new_monthly_price_cents"],
        }


class PercentField(forms.DecimalField):
    """A percentage, as integer millionths: 5 is 50,000."""

    def __init__(self, **kwargs: Any) -> None:
        wrong = ("invalid", "min_value", "max_value", "max_digits", "max_decimal_places")
        words = dict.fromkeys(wrong, "Write a percentage from 0 to 100, such as 1.5.")
        super().__init__(
            max_digits=6,
            decimal_places=3,
            min_value=0,
            max_value=100,
            error_messages=words,
            **kwargs,
        )

    def clean(self, value: Any) -> int | None:
        number = super().clean(value)
        return None if number is None else int(number * 10_000)

    def prepare_value(self, value: Any) -> Any:
        return f"{value / 10_000:g}" if isinstance(value, int) else value


class LatePolicyForm(EditForm):
    """What the company does about storage invoices that are late."""

    fee_cents = MoneyField(required=False, label="Amount")
    fee_millionths = PercentField(required=False, label="Percent of what is open")
    cap_cents = AmountField(
        required=False, label="At most", help_text="Of all late fees on one invoice."
    )
    fee_days = DaysField(
        most=LONGEST_LATE,
        label="Grace days",
        help_text="So many days after it was due nothing is charged.",
    )
    reminder_days = DaysField(
        most=LONGEST_LATE,
        required=False,
        label="Reminder letter",
        help_text="Days after due. Empty: none.",
    )
    second_letter_days = DaysField(
        most=LONGEST_LATE,
        required=False,
        label="Second letter",
        help_text="Days after due. Empty: none.",
    )
    lien_notice_days = DaysField(
        most=LONGEST_LATE,
        required=False,
        label="Notice before lien",
        help_text="Days after due. Many laws want it by certified mail, too.",
    )

    class Meta:
        model = LatePolicy
        fields = (
            "is_on",
            "fee",
            "fee_cents",
            "fee_millionths",
            "cap_cents",
            "often",
            "fee_days",
            "reminder_days",
            "second_letter_days",
            "lien_notice_days",
        )
        labels = {"often": "How often"}
        widgets = {"fee": forms.RadioSelect, "often": forms.RadioSelect}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for fee, name, words in (
            (LatePolicy.Fee.FIXED, "fee_cents", "Write the amount of the fee."),
            (LatePolicy.Fee.PERCENT, "fee_millionths", "Write how many percent."),
        ):
            if cleaned.get("fee") == fee and not cleaned.get(name) and name not in self.errors:
                self.add_error(name, words)
        return cleaned
