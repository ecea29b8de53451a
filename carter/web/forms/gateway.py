"""Forms about the payment gateway: its keys, cards on file, what is charged and given back."""

from typing import Any

from django import forms

from carter.gateway.models import StoredMethod
from carter.jobs.models import Job
from carter.web.forms.money import AmountField

KEPT = "Leave it empty to keep the one there is."


class GatewayForm(forms.Form):
    """The keys of the gateway, never shown again, and whether auto-pay is on."""

    secret_key = forms.CharField(
        required=False,
        max_length=300,
        label="Secret key",
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    webhook_secret = forms.CharField(
        required=False,
        max_length=300,
        label="Signing secret",
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    has_auto_pay = forms.BooleanField(
        required=False,
        label="Auto-pay",
        help_text="Charge cards and bank accounts on file by themselves when an invoice is due."
        " Switched off, what is due waits; a card can still be charged by hand.",
    )

    def __init__(self, *args: Any, is_connected: bool, has_secret: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["secret_key"].help_text = (
            KEPT if is_connected else "At Stripe under Developers, API keys. It begins with sk_."
        )
        self.fields["webhook_secret"].help_text = (
            KEPT if has_secret else "Stripe shows it once the address below is entered there."
        )


class AgreedForm(forms.Form):
    """A customer agreed that a card is kept; for one of their jobs, or for all of them."""

    job = forms.ModelChoiceField[Job](
        queryset=None,
        required=False,
        empty_label="All invoices of this customer",
        label="For",
        help_text="A card that is given for one job goes along when the job is linked elsewhere.",
    )
    agreed = forms.BooleanField(
        error_messages={"required": "Ask the customer first, and tick it when they agree."}
    )

    def __init__(self, *args: Any, jobs: Any, words: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["job"].queryset = jobs  # type: ignore[attr-defined]
        self.fields["agreed"].label = words


class ChooseMethodForm(forms.Form):
    """Which card or bank account on file is charged."""

    method = forms.ModelChoiceField[StoredMethod](
        queryset=None, empty_label=None, label="Charge", widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, methods: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["method"].queryset = methods  # type: ignore[attr-defined]
        first: StoredMethod | None = methods.first()
        self.initial.setdefault("method", first and first.pk)


class GatewayRefundForm(forms.Form):
    """How much of a payment through the gateway goes back to where it came from."""

    amount = AmountField(label="Amount to give back")
