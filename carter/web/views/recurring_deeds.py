"""What is done with a recurring invoice: new prices, pauses, its end, going on."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from carter.companies.days import written
from carter.companies.rights import Right
from carter.recurring.ending import end_schedule, keep_going
from carter.recurring.models import RecurringInvoice
from carter.recurring.pausing import end_pause, pause_schedule
from carter.recurring.prices import change_price, withdraw_change
from carter.web.access import handles_money, of_storage
from carter.web.forms.recurring import PauseForm, PriceForm
from carter.web.forms.storage import DayForm
from carter.web.middleware.company import StaffRequest
from carter.web.views.deeds import Asked, ask
from carter.web.views.finding_recurring import the_change, the_pause, the_schedule

both = require_http_methods(["GET", "POST"])


@of_storage
@both
@handles_money(Right.TAKE_PAYMENT)
def price(request: StaffRequest, recurring_invoice_id: int) -> HttpResponse:
    """**Change Price** from a day on; nothing ends, nothing begins anew."""
    schedule = the_schedule(request, recurring_invoice_id)
    form = PriceForm(request.POST or None, schedule=schedule)
    asked = Asked(
        "Change the price",
        f"Invoices of days before {written(schedule.next_starts_on)} are made already."
        " A change within a period is charged by the day.",
        "Change Price",
        _page(schedule),
    )

    def deed(said: dict[str, Any]) -> str:
        change_price(**said, by=request.member)
        return _page(schedule)

    return ask(request, asked, form, deed)


@of_storage
@both
@handles_money(Right.TAKE_PAYMENT)
def price_withdrawal(request: StaffRequest, price_change_id: int) -> HttpResponse:
    """Let a price change that is still to come not happen."""
    change = the_change(request, price_change_id)
    back = _page(change.line.schedule)
    asked = Asked(
        "Withdraw the price change?",
        f"{change.line} keeps the price that it has before {written(change.from_on)}.",
        "Withdraw",
        back,
    )

    def deed(said: dict[str, Any]) -> str:
        withdraw_change(change, by=request.member)
        return back

    return ask(request, asked, _agreed(request), deed)


@of_storage
@both
@handles_money(Right.TAKE_PAYMENT)
def pause(request: StaffRequest, recurring_invoice_id: int) -> HttpResponse:
    """**Pause**: days that are not billed."""
    schedule = the_schedule(request, recurring_invoice_id)
    initial = {"from_on": schedule.next_starts_on}
    form = PauseForm(request.POST or None, initial=initial)
    asked = Asked(
        "Pause the Recurring Invoice",
        "Paused days cost nothing. What was invoiced of them is given back by a credit note.",
        "Pause",
        _page(schedule),
    )

    def deed(said: dict[str, Any]) -> str:
        pause_schedule(schedule, **said, by=request.member)
        return _page(schedule)

    return ask(request, asked, form, deed)


@of_storage
@both
@handles_money(Right.TAKE_PAYMENT)
def pause_end(request: StaffRequest, pause_id: int) -> HttpResponse:
    """Bill again, or never pause."""
    found = the_pause(request, pause_id)
    schedule = the_schedule(request, found.schedule_id)
    first = max(schedule.next_starts_on, found.from_on)
    form = DayForm(request.POST or None, label="Billed again from", initial={"on": first})
    asked = Asked(
        "End the pause",
        f"It is paused from {written(found.from_on)}.",
        "End the Pause",
        _page(schedule),
    )

    def deed(said: dict[str, Any]) -> str:
        end_pause(found, on=said["on"], by=request.member)
        return _page(schedule)

    return ask(request, asked, form, deed)


@of_storage
@both
@handles_money(Right.TAKE_PAYMENT)
def end(request: StaffRequest, recurring_invoice_id: int) -> HttpResponse:
    """**End** it while the goods stay; a move-out ends it by itself."""
    schedule = the_schedule(request, recurring_invoice_id)
    last = schedule.next_starts_on - timedelta(days=1)
    form = DayForm(request.POST or None, label="The last day billed", initial={"on": last})
    asked = Asked(
        "End the Recurring Invoice?",
        "What was invoiced of later days is given back by a credit note. When the goods go out,"
        " use Move Out instead: it ends the billing, too.",
        "End It",
        _page(schedule),
        is_grave=True,
    )

    def deed(said: dict[str, Any]) -> str:
        end_schedule(schedule, on=said["on"] + timedelta(days=1), by=request.member)
        return _page(schedule)

    return ask(request, asked, form, deed)


@of_storage
@both
@handles_money(Right.TAKE_PAYMENT)
def continuation(request: StaffRequest, recurring_invoice_id: int) -> HttpResponse:
    """Let one that was to end go on."""
    schedule = the_schedule(request, recurring_invoice_id)
    if schedule.ends_on is None:
        return redirect("recurring_invoice", schedule.pk)
    asked = Asked(
        "Let it go on?",
        f"It is invoiced on from {written(schedule.ends_on)}, as before, until it is ended.",
        "Let It Go On",
        _page(schedule),
    )

    def deed(said: dict[str, Any]) -> str:
        keep_going(schedule, by=request.member)
        return _page(schedule)

    return ask(request, asked, _agreed(request), deed)


def _agreed(request: StaffRequest) -> forms.Form:
    """A form that asks for nothing but the button."""
    return forms.Form(request.POST if request.method == "POST" else None)


def _page(schedule: RecurringInvoice) -> str:
    return reverse("recurring_invoice", args=[schedule.pk])
