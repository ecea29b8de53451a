"""What templates about recurring invoices write: days, prices, states."""

from datetime import date, timedelta
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from carter.companies.money import money
from carter.recurring.leaving import MoveOutPlan
from carter.recurring.models import RecurringInvoice
from carter.recurring.months import day_words
from carter.web.forms.money import quantity_text

register = template.Library()

ENDINGS = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd", 31: "st"}


@register.filter
def days(span: Any) -> str:
    """The days of a period: Dec 1 – 31, 2026."""
    return day_words(span.starts_on, span.ends_on)


@register.filter
def day_before(day: date) -> date:
    """The last day before one on which something ends."""
    return day - timedelta(days=1)


@register.filter
def nth(number: int) -> str:
    """A day of the month: 1st, 22nd."""
    return f"{number}{ENDINGS.get(number, 'th')}"


@register.filter
def price_words(price: Any, currency: str) -> str:
    """What a month costs: $85.00, or 2 × $85.00."""
    amount = money(price.unit_price_cents, currency)
    quantity = price.quantity_thousandths
    return amount if quantity == 1000 else f"{quantity_text(quantity)} × {amount}"


@register.simple_tag
def schedule_chip(schedule: RecurringInvoice) -> SafeString:
    """Whether a schedule runs, as a dot and a word."""
    if not schedule.is_running:
        tone, word = "grey", "Ended"
    elif schedule.ends_on is not None:
        tone, word = "amber", "Ending"
    else:
        tone, word = "green", "Running"
    return format_html('<span class="chip" data-tone="{}">{}</span>', tone, word)


@register.simple_tag
def balance_after(balance: int, plan: MoveOutPlan, currency: str) -> str:
    """What is owed once the goods are out."""
    return money(balance + plan.billed_cents - plan.back_cents, currency)
