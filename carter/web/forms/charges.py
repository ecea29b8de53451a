"""Forms that log charges, several at once."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from carter.billing.lines import Line
from carter.billing.models import Charge
from carter.companies.models import Company
from carter.web.forms.money import AmountField, BusinessDayField, QuantityField

BLANK_ROWS, MORE_ROWS, MOST_ROWS = 3, 5, 60
KINDS = [("", "Kind"), *((kind.value, kind.label) for kind in Charge.Kind)]


class ChargeRow(forms.Form):
    """One charge as it is typed; a row that is left empty is none."""

    kind = forms.ChoiceField(choices=KINDS, error_messages={"required": "Choose the kind."})
    description = forms.CharField(max_length=300, required=False)
    quantity = QuantityField(required=False)
    price = AmountField(error_messages={"required": "Write the price of one."})
    taxed = forms.BooleanField(required=False, label="Tax")

    def __init__(self, *args: Any, company: Company, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not company.tax_rate_millionths:
            del self.fields["taxed"]
        for name, field in self.fields.items():
            label = {"price": "Unit price"}.get(name, name.capitalize())
            field.widget.attrs["aria-label"] = label
        for name, place in {"description": "Description", "quantity": "1", "price": "0.00"}.items():
            self.fields[name].widget.attrs["placeholder"] = place

    @property
    def cells(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields]

    @property
    def line(self) -> Line:
        """The charge. A discount is typed as an amount and lowers what is owed."""
        said = self.cleaned_data
        sign = -1 if said["kind"] == Charge.Kind.DISCOUNT else 1
        return Line(
            kind=said["kind"],
            unit_price_cents=sign * said["price"],
            quantity_thousandths=said["quantity"] or 1000,
            description=said["description"],
            is_taxed=said.get("taxed", False),
        )


class ChargesDayForm(forms.Form):
    """The business day of the charges."""

    on = BusinessDayField(label="Date")

    def __init__(self, *args: Any, company: Company, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].of(company)  # type: ignore[attr-defined]


class _Rows(forms.BaseFormSet[ChargeRow]):
    def clean(self) -> None:
        if not any(self.errors) and not self.lines:
            raise ValidationError("Write at least one charge: its kind and its price.")

    @property
    def lines(self) -> list[Line]:
        return [row.line for row in self.forms if row.has_changed()]


ChargeRows = forms.formset_factory(
    ChargeRow, formset=_Rows, extra=BLANK_ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS
)


def with_more_rows(data: Any) -> Any:
    """What was typed, with some more empty rows below it."""
    typed = data.copy()
    now = typed.get("form-TOTAL_FORMS", "")
    count = int(now) if now.isascii() and now.isdigit() and len(now) < 4 else BLANK_ROWS
    typed["form-TOTAL_FORMS"] = str(min(count + MORE_ROWS, MOST_ROWS))
    return typed
