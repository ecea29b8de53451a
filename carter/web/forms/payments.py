"""Forms that take money, give it back, and apply it to invoices."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from carter.billing.models import Invoice, Payment
from carter.companies.models import Company
from carter.companies.money import money
from carter.web.forms import MoneyField
from carter.web.forms.money import AmountField, BusinessDayField

OLDEST, CHOSEN, NOTHING = "oldest", "chosen", "nothing"
APPLY = [
    (OLDEST, "Oldest due first"),
    (CHOSEN, "As written below"),
    (NOTHING, "Nothing yet: hold it as a deposit"),
]
REFERENCE = "Check number or transaction id"


class _Dated(forms.Form):
    """A deed on a business day of the company."""

    on = BusinessDayField(label="Date")

    def __init__(self, *args: Any, company: Company, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.company = company
        self.fields["on"].of(company)  # type: ignore[attr-defined]


class Applied(_Dated):
    """Money with the invoices it may go to; each has a field for its share."""

    amount = AmountField()
    apply = forms.ChoiceField(
        choices=APPLY, initial=OLDEST, widget=forms.RadioSelect, label="Apply it to invoices"
    )

    def __init__(self, *args: Any, invoices: Sequence[Invoice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invoices = invoices
        self.fields["amount"].widget.attrs["autofocus"] = True
        for invoice in invoices:
            field = MoneyField(required=False, label=f"Applied to {invoice}")
            field.widget.attrs |= {
                "aria-label": f"Applied to {invoice}",
                "data-open": invoice.open_cents,
                "class": "amount-field",
            }
            self.fields[f"to-{invoice.pk}"] = field
        if not invoices:
            del self.fields["apply"]

    @property
    def shares(self) -> list[tuple[Invoice, forms.BoundField]]:
        return [(invoice, self[f"to-{invoice.pk}"]) for invoice in self.invoices]

    @property
    def to(self) -> dict[Invoice, int] | None:
        """What goes to which invoices; None: the oldest due first."""
        how = self.cleaned_data.get("apply", OLDEST)
        if how == OLDEST:
            return None
        if how == NOTHING:
            return {}
        found = {each: self.cleaned_data.get(f"to-{each.pk}") for each in self.invoices}
        return {invoice: cents for invoice, cents in found.items() if cents}

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        self._refuse_what_is_closed()
        if said.get("apply") == CHOSEN and "amount" in said and not self.errors:
            self._check_shares(said["amount"])
        return said

    def _refuse_what_is_closed(self) -> None:
        """Something was written for an invoice that nothing can be paid on any more."""
        names = [name for name in self.data if name.startswith("to-") and self.data[name].strip()]
        if self.data.get("apply") == CHOSEN and not self.fields.keys() >= set(names):
            raise ValidationError(
                "An invoice you wrote an amount for was paid or voided meanwhile. Look at what is"
                " open now, and send it again."
            )

    def _check_shares(self, amount: int) -> None:
        shares = self.to or {}
        for invoice, cents in shares.items():
            if cents > invoice.open_cents:
                left = money(invoice.open_cents, self.company.currency)
                self.add_error(f"to-{invoice.pk}", f"Only {left} of it is open.")
        if not shares:
            raise ValidationError("Write how much goes to which invoice, or choose another way.")
        if (total := sum(shares.values())) > amount:
            over = money(total - amount, self.company.currency)
            raise ValidationError(f"That is {over} more than the payment.")


class PaymentForm(Applied):
    """Money received."""

    method = forms.ChoiceField(choices=Payment.Method.choices)
    reference = forms.CharField(max_length=100, required=False, label=REFERENCE)

    field_order = ("amount", "method", "reference", "on", "apply")

    def clean_reference(self) -> str:
        return _reference_of(self)


class CreditForm(Applied):
    """A credit: what the company gives up, say for a broken lamp."""

    description = forms.CharField(
        max_length=300,
        label="What for",
        error_messages={"required": "Say what the credit is for."},
    )

    field_order = ("amount", "description", "on", "apply")


class ApplyForm(Applied):
    """What is left of a payment or credit, to be applied now."""

    def __init__(self, *args: Any, left: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.left = left
        del self.fields["amount"]
        if self.invoices:
            field: Any = self.fields["apply"]
            field.choices = APPLY[:2]

    def clean(self) -> dict[str, Any]:
        self.cleaned_data["amount"] = self.left
        return super().clean()


class RefundForm(_Dated):
    """Money given back."""

    amount = AmountField(label="Amount to give back")
    method = forms.ChoiceField(choices=Payment.Method.choices, label="How it goes back")
    reference = forms.CharField(max_length=100, required=False, label=REFERENCE)

    field_order = ("amount", "method", "reference", "on")

    def clean_reference(self) -> str:
        return _reference_of(self)


class ReturnForm(_Dated):
    """A check that bounced, or a card payment that was charged back."""

    kind = forms.ChoiceField(
        label="What happened",
        choices=[
            (Payment.Kind.RETURNED, "The bank returned it"),
            (Payment.Kind.CHARGEBACK, "The card holder had it charged back"),
        ],
        widget=forms.RadioSelect,
        initial=Payment.Kind.RETURNED,
    )
    fee = AmountField(
        required=False,
        label="Returned-payment fee",
        help_text="Charged to the customer. Leave it empty for none.",
    )
    reference = forms.CharField(max_length=100, required=False, label="The bank’s reference")

    field_order = ("kind", "on", "fee", "reference")


class ReasonForm(forms.Form):
    """Why something is taken back."""

    reason = forms.CharField(max_length=300, error_messages={"required": "Say why."})


def _reference_of(form: forms.Form) -> str:
    """What was typed; a check has a number."""
    reference: str = form.cleaned_data["reference"].strip()
    if not reference and form.cleaned_data.get("method") == Payment.Method.CHECK:
        raise ValidationError("Write the number of the check.")
    return reference
