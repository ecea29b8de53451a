"""What a person chooses in a merge, an undo and a split, read back from the form."""

from typing import Any

from django import forms

from carter.companies.models import Company
from carter.customers.adding import NewCustomer
from carter.customers.field_log import FIELDS
from carter.customers.models import Customer
from carter.web.forms import is_key

MOST = 50
"""More customers than this nobody compares side by side."""


class MergeForm(forms.Form):
    """Who is merged, who survives, whose value each field has, and why."""

    survivor = forms.IntegerField(required=False)
    fingerprint = forms.CharField(max_length=64, required=False)
    seen = forms.CharField(required=False)
    reason = forms.CharField(max_length=500, required=False)

    def choices(self) -> dict[str, int]:
        """By field: the customer whose value was chosen."""
        chosen = {field: self.data.get(f"choice-{field}", "") for field in FIELDS}
        return {field: int(said) for field, said in chosen.items() if is_key(said)}


class SplitForm(forms.Form):
    """Who gets what is split: a new customer by name, or one who is there by number."""

    TO = [("new", "A new customer"), ("other", "A customer who is there")]

    to = forms.ChoiceField(choices=TO, widget=forms.RadioSelect, initial="new", label="Goes to")
    name = forms.CharField(label="Name of the new customer", max_length=300, required=False)
    number = forms.CharField(
        label="Number of the other customer",
        max_length=30,
        required=False,
        help_text="As on the customer’s page, such as C-1042.",
    )
    reason = forms.CharField(max_length=500, required=False)
    fingerprint = forms.CharField(max_length=64, required=False)
    seen = forms.CharField(required=False)

    def __init__(self, *args: Any, company: Company, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.company = company
        self.other: Customer | None = None

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("to") == "new" and not said.get("name"):
            self.add_error("name", "Say what the new customer is called.")
        if said.get("to") == "other":
            self.other = self._found(said.get("number", ""))
        return said

    @property
    def new(self) -> NewCustomer | None:
        """The customer to be made, when one is."""
        if self.other is not None:
            return None
        return NewCustomer(name=self.cleaned_data["name"], origin=Customer.Origin.SPLIT)

    def _found(self, number: str) -> Customer | None:
        digits = number.strip().upper().removeprefix(self.company.customer_prefix.upper())
        customers = self.company.customers.select_related("company", "head")
        found = customers.filter(number=int(digits)).first() if is_key(digits) else None
        if found is None:
            self.add_error("number", "No customer has this number.")
        return found.leads_to if found else None
