"""What the lists of **Billing** can be narrowed by."""

from typing import Any

import django_filters as filters
from django import forms
from django.db.models import QuerySet

from carter.billing.models import Invoice
from carter.customers.names import fold
from carter.web.filtering import Filters
from carter.web.forms.days import DayField, DayFilter
from carter.web.middleware.company import StaffRequest

STATES = [
    ("overdue", "Overdue"),
    ("not-due", "Open, not due yet"),
    ("draft", "Draft"),
    ("paid", "Paid"),
    ("void", "Void"),
    ("all", "All issued"),
]


class InvoiceFilter(Filters):
    """Filters of the invoices; without one those that are open."""

    status = filters.ChoiceFilter(
        choices=STATES, method="by_status", label="Status", empty_label="Open and overdue"
    )
    customer = filters.CharFilter(method="by_customer", label="Customer begins with")
    number = filters.CharFilter(method="by_number", label="Invoice number")
    start = DayFilter(
        field_name="due_on",
        lookup_expr="gte",
        label="Due from",
    )
    end = DayFilter(
        field_name="due_on",
        lookup_expr="lte",
        label="Due until",
    )

    class Meta:
        model = Invoice
        fields: list[str] = []

    def __init__(self, *args: Any, request: StaffRequest, **kwargs: Any) -> None:
        super().__init__(*args, request=request, **kwargs)
        self.company = request.company

    def filter_queryset(self, queryset: QuerySet[Any]) -> Any:
        rows: Any = super().filter_queryset(queryset)
        said = self.form.cleaned_data
        return rows if said.get("status") or said.get("number") else rows.open()

    def by_status(self, rows: Any, _: str, value: str) -> Any:
        today = self.company.today
        return {
            "overdue": lambda: rows.overdue(today),
            "not-due": lambda: rows.open().filter(due_on__gte=today),
            "draft": lambda: rows.drafts().filter(issued_on=None),
            "paid": lambda: rows.standing().filter(is_open=False),
            "void": lambda: rows.filter(pk__in=self.company.invoice_voids.values("invoice")),
            "all": rows.issued,
        }[value]()

    def by_customer(self, rows: Any, _: str, value: str) -> Any:
        return rows.filter(customer__sort_name__startswith=fold(value))

    def by_number(self, rows: Any, _: str, value: str) -> Any:
        """A number however it is written: INV-204, 204."""
        digits = "".join(filter(str.isdecimal, value.removeprefix(self.company.invoice_prefix)))
        return rows.filter(number=int(digits)) if 0 < len(digits) < 18 else rows.none()


class DaysForm(forms.Form):
    """The days that a list is about: today unless others are asked for."""

    since = DayField(required=False, label="From")
    through = DayField(required=False, label="Until")


class DayForm(forms.Form):
    """The day a list looks back from."""

    on = DayField(required=False, label="At the end of")


class StatementForm(DaysForm):
    """Which statement, and of which days."""

    kind = forms.ChoiceField(
        required=False,
        label="Statement",
        choices=[
            ("open-item", "Open items"),
            ("balance-forward", "Balance forward"),
            ("activity", "Activity"),
        ],
    )

    field_order = ("kind", "since", "through")
