"""What templates about money write: states of invoices, quantities, payments in words."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from carter.billing.models import Charge, Invoice, Payment
from carter.companies.money import percent
from carter.outbox.models import Letter
from carter.paperwork.words import charge_words, means_words, payment_words
from carter.web.forms.money import quantity_text

register = template.Library()

STATUS_TONES = {
    Invoice.Status.DRAFT: "grey",
    Invoice.Status.OPEN: "blue",
    Invoice.Status.PARTLY_PAID: "amber",
    Invoice.Status.PAID: "green",
    Invoice.Status.OVERDUE: "red",
    Invoice.Status.VOID: "grey",
}
LETTER_TONES = {
    Letter.State.SENT: "green",
    Letter.State.FAILED: "red",
    Letter.State.UNSURE: "amber",
}

register.filter("charge_words", charge_words)
register.filter("payment_words", payment_words)
register.filter("means_words", means_words)
register.filter("quantity", quantity_text)
register.filter("percent", percent)


@register.simple_tag
def invoice_chip(invoice: Invoice) -> SafeString:
    """The state of an invoice as a dot and a word."""
    status = invoice.status
    return format_html(
        '<span class="chip" data-tone="{}">{}</span>', STATUS_TONES[status], status.label
    )


@register.simple_tag
def letter_chip(letter: Letter) -> SafeString:
    """How a letter fares, as a dot and a word."""
    tone = LETTER_TONES.get(Letter.State(letter.state), "blue")
    return format_html(
        '<span class="chip" data-tone="{}">{}</span>', tone, letter.get_state_display()
    )


@register.filter
def minus(cents: int) -> int:
    """The amount with its sign turned."""
    return -cents


@register.filter
def is_taken_back(charge: Charge) -> bool:
    """Whether a charge was countered, or counters another one."""
    return charge.counters_id is not None or hasattr(charge, "countered_by")


@register.filter
def can_be_taken_back(charge: Any) -> bool:
    """Whether it stands and is on no issued invoice. Wants `standing_lines`."""
    issued = any(not line.invoice.is_draft for line in charge.standing_lines)
    return not issued and not is_taken_back(charge)


@register.filter
def was_received(payment: Payment) -> bool:
    """Whether it is money or a credit that came in, not what takes one back."""
    return payment.of_id is None
