"""Forms about customers."""

from typing import Any

from django import forms

from carter.customers.adding import NewCustomer
from carter.customers.field_log import FIELDS
from carter.customers.models import Address, Contact, Customer, Email, Phone
from carter.web.forms import EditForm, EmailField, PhoneField


class CustomerForm(EditForm):
    """What is said of a customer on **Customer Details**."""

    class Meta:
        model = Customer
        fields = FIELDS
        labels = {
            "lead_source": "Lead source",
            "bill_to": "Bill-to",
            "do_not_service": "Do not service",
            "do_not_service_reason": "Why not",
        }
        widgets = {"bill_to": forms.Textarea(attrs={"rows": 3})}


class NewCustomerForm(forms.Form):
    """A customer who is added without a lead."""

    name = forms.CharField(max_length=300)
    kind = forms.ChoiceField(choices=Customer.Kind.choices)
    category = forms.ChoiceField(choices=Customer.Category.choices, label="Move Category")
    phone = PhoneField(required=False)
    email = EmailField(required=False)
    contact = forms.CharField(
        max_length=300, required=False, help_text="Who is reached there, for a company."
    )
    street = forms.CharField(max_length=300, required=False)
    city = forms.CharField(max_length=100, required=False)
    state = forms.CharField(max_length=100, required=False)
    postcode = forms.CharField(max_length=20, required=False, label="ZIP")
    lead_source = forms.CharField(max_length=100, required=False, label="Lead source")

    def as_new_customer(self) -> NewCustomer:
        """What was typed, as it is added."""
        said = self.cleaned_data
        place = (said["street"], said["city"], said["state"], said["postcode"])
        return NewCustomer(
            name=said["name"],
            kind=said["kind"],
            category=said["category"],
            phones=((said["phone"], "mobile"),) if said["phone"] else (),
            emails=((said["email"], "personal"),) if said["email"] else (),
            addresses=(place,) if any(place) else (),
            contacts=((said["contact"], "primary"),) if said["contact"] else (),
            lead_source=said["lead_source"],
        )


class PhoneForm(EditForm):
    """One phone number."""

    text = PhoneField(label="Phone")

    class Meta:
        model = Phone
        fields = ("text", "label")


class EmailForm(EditForm):
    """One email address."""

    text = EmailField(label="Email")

    class Meta:
        model = Email
        fields = ("text", "label")


class AddressForm(EditForm):
    """One postal address."""

    class Meta:
        model = Address
        fields = ("street", "city", "state", "postcode", "label")
        labels = {"postcode": "ZIP"}


class ContactForm(EditForm):
    """One person reached for the customer."""

    class Meta:
        model = Contact
        fields = ("name", "role")


DETAIL_FORMS: dict[str, type[EditForm]] = {
    "contacts": ContactForm,
    "phones": PhoneForm,
    "emails": EmailForm,
    "addresses": AddressForm,
}


class NoteForm(forms.Form):
    """A remark for the log."""

    text = forms.CharField(
        label="Note", max_length=10_000, widget=forms.Textarea(attrs={"rows": 3})
    )


class TagForm(forms.Form):
    """A tag to put on."""

    tag = forms.CharField(max_length=50)

    def clean_tag(self) -> Any:
        return " ".join(self.cleaned_data["tag"].split())
