"""Amounts, quantities and business days as people type them."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from carter.billing.posting import CannotPost, business_day
from carter.companies.models import Company
from carter.web.forms import MoneyField
from carter.web.forms.days import DayField

QUANTITY = re.compile(r"(?P<whole>[0-9]{0,7})(?:\.(?P<part>[0-9]*))?")


class AmountField(MoneyField):
    """An amount of more than zero, as integer cents; whether it is owed or given says the form."""

    def to_python(self, value: Any) -> int | None:
        cents = super().to_python(value)
        if cents == 0:
            raise ValidationError("The amount is more than zero.")
        return cents


class QuantityField(forms.Field):
    """How many, as integer thousandths: 3.5 is 3500."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "decimal"}), **kwargs)

    def to_python(self, value: Any) -> int | None:
        text = str(value or "").strip().replace(",", "")
        if not text:
            return None
        number = QUANTITY.fullmatch(text)
        if number is None or not (number["whole"] or number["part"]):
            raise ValidationError("Write a number such as 3 or 3.5, at most a million.")
        part = number["part"] or ""
        if len(part) > 3:
            raise ValidationError("At most three digits after the point, such as 3.125.")
        thousandths = int(number["whole"] or 0) * 1000 + int(part.ljust(3, "0"))
        if thousandths == 0:
            raise ValidationError("The quantity is more than zero.")
        return thousandths

    def prepare_value(self, value: Any) -> Any:
        return quantity_text(value) if isinstance(value, int) else value


class BusinessDayField(DayField):
    """The day something is posted on: not in the future, not in closed books."""

    company: Company

    def of(self, company: Company) -> None:
        """Judge days by this company's today and closed books."""
        self.company = company
        self.initial = company.today
        self.widget.attrs["max"] = str(company.today)

    def validate(self, value: Any) -> None:
        if isinstance(value, date):
            try:
                business_day(self.company, value)
            except CannotPost as reason:
                raise ValidationError(str(reason)) from None
        super().validate(value)


def quantity_text(thousandths: int) -> str:
    """3500 as 3.5."""
    return f"{Decimal(thousandths).scaleb(-3).normalize():,f}"
