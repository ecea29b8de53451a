"""Late fees: the company's policy, and waiving one."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from carter.companies.money import money
from carter.companies.rights import Right
from carter.customers.changing import ChangedMeanwhile
from carter.recurring.late_fees import policy_of, waive_late_fee
from carter.recurring.policies import change_policy
from carter.web.access import handles_money, needs, of_storage
from carter.web.forms.payments import ReasonForm
from carter.web.forms.recurring import LatePolicyForm
from carter.web.middleware.company import StaffRequest
from carter.web.views.deeds import Asked, ask
from carter.web.views.finding_recurring import the_late_fee


@of_storage
@require_http_methods(["GET", "POST"])
@needs(Right.SETTINGS)
def policy(request: StaffRequest) -> HttpResponse:
    """What is done about storage invoices that are late."""
    form = LatePolicyForm(request.POST or None, instance=policy_of(request.company))
    if request.method == "POST" and form.is_valid():
        try:
            change_policy(
                request.company, values=form.cleaned_data, was=form.was, by=request.member
            )
        except ChangedMeanwhile as clash:
            form.tell_apart(clash)
        else:
            messages.success(request, "Saved.")
            return redirect("late_fees")
    return render(
        request, "recurring/late_fees.html", {"form": form}, status=422 if form.errors else 200
    )


@of_storage
@require_http_methods(["GET", "POST"])
@handles_money(Right.TAKE_BACK)
def waiver(request: StaffRequest, late_fee_id: int) -> HttpResponse:
    """**Waive** a late fee; asks for the reason."""
    fee = the_late_fee(request, late_fee_id)
    job = fee.charge.job
    back = job.get_absolute_url() if job else reverse("invoice", args=[fee.invoice_id])
    amount = money(fee.charge.amount_cents, request.company.currency)
    asked = Asked(
        f"Waive {amount}?",
        f"{fee.charge}. The account keeps both the fee and what takes it back.",
        "Waive",
        back,
    )

    def deed(said: dict[str, Any]) -> str:
        waive_late_fee(fee, reason=said["reason"], by=request.member)
        return back

    return ask(request, asked, ReasonForm(request.POST or None), deed)
