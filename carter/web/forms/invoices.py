"""Forms about invoices: what is on a draft, the letter that takes it out, the credit over it."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from carter.billing.models import Charge, Invoice
from carter.companies.models import Company
from carter.customers.emails import is_plausible
from carter.web.forms import EditForm, is_key
from carter.web.forms.money import AmountField, BusinessDayField

BETWEEN = re.compile(r"[,;\s]+")


class InvoiceForm(EditForm):
    """What a draft says beside its charges."""

    class Meta:
        model = Invoice
        fields = ("bill_to", "terms", "purchase_order", "notes")
        labels = {"bill_to": "Bill to", "purchase_order": "Purchase order number"}
        help_texts = {"notes": "Printed below the total."}
        widgets = {
            "bill_to": forms.Textarea(attrs={"rows": 4}),
            "notes": forms.Textarea(attrs={"rows": 3}),
        }
        error_messages = {"bill_to": {"required": "Write who the invoice is for."}}


class ChargesTicked(forms.Form):
    """Which charges are on the invoice."""

    charges = forms.TypedMultipleChoiceField(
        coerce=int,
        required=False,
        error_messages={"invalid_choice": "A charge is on another invoice by now. Look again."},
    )

    def __init__(self, *args: Any, offered: Sequence[Charge], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = offered
        field: Any = self.fields["charges"]
        field.choices = [(charge.pk, str(charge)) for charge in offered]

    @property
    def ticked(self) -> set[int]:
        """The keys of the charges that are ticked now, typed or offered."""
        value = self["charges"].value() or []
        return {int(one) for one in value if is_key(str(one))}

    @property
    def chosen(self) -> list[Charge]:
        wanted = set(self.cleaned_data["charges"])
        return [charge for charge in self.offered if charge.pk in wanted]

    def clean_charges(self) -> list[int]:
        ticked: list[int] = self.cleaned_data["charges"]
        if not ticked:
            raise ValidationError("Tick what the invoice is for.")
        return ticked


class IssueForm(forms.Form):
    """The day of an invoice."""

    on = BusinessDayField(label="Invoice date")

    def __init__(self, *args: Any, company: Company, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].of(company)  # type: ignore[attr-defined]


class CreditNoteForm(IssueForm):
    """How much of an invoice is credited, and why."""

    amount = AmountField()
    reason = forms.CharField(
        max_length=300, error_messages={"required": "Say what the credit note is for."}
    )

    field_order = ("amount", "reason", "on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].label = "Date"


class AddressesField(forms.CharField):
    """Email addresses with commas or spaces between them, as a list."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return [address for address in BETWEEN.split(text or "") if address]

    def validate(self, value: Any) -> None:
        super().validate(value)
        for address in value:
            if not is_plausible(address):
                raise ValidationError(
                    f"“{address}” is not an email address. One looks like ann@example.com."
                )

    def run_validators(self, value: Any) -> None:
        """The addresses are judged one by one, in `validate`."""


class LetterForm(forms.Form):
    """The mail that takes an invoice out."""

    to = AddressesField(label="To", error_messages={"required": "Write to whom it goes."})
    cc = AddressesField(label="Copy to", required=False)
    subject = forms.CharField(max_length=300, error_messages={"required": "Write a subject."})
    text = forms.CharField(
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        label="Message",
        error_messages={"required": "Write the message."},
    )
