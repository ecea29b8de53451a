"""Settings: the payment gateway."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from carter.companies.rights import Right
from carter.configuration import public_url
from carter.gateway.connecting import (
    CannotConnect,
    account_for,
    change_account,
    disconnect,
    gateway_of,
)
from carter.gateway.protocol import GatewayTrouble
from carter.web.access import needs
from carter.web.forms.gateway import GatewayForm
from carter.web.middleware.company import StaffRequest
from carter.web.views.deeds import Asked


@require_http_methods(["GET", "POST"])
@needs(Right.SETTINGS)
def page(request: StaffRequest) -> HttpResponse:
    """**Payment Gateway**: its keys, the address for its events, auto-pay on or off."""
    account = account_for(request.company)
    form = GatewayForm(
        request.POST if request.method == "POST" else None,
        is_connected=account.is_connected,
        has_secret=bool(account.webhook_secret),
        initial={"has_auto_pay": account.has_auto_pay},
    )
    if request.method == "POST" and form.is_valid():
        try:
            change_account(request.company, **form.cleaned_data, by=request.member)
        except CannotConnect as reason:
            form.add_error(reason.field, str(reason))
        else:
            messages.success(request, "The payment gateway is saved.")
            return redirect("gateway_settings")
    context = {
        "form": form,
        "account": account,
        "is_off_for_all": not settings.AUTO_PAY,
        "address": public_url() + reverse("stripe_hook", args=[account.token]),
    }
    return render(request, "settings/gateway.html", context, status=422 if form.errors else 200)


@require_POST
@needs(Right.SETTINGS)
def test(request: StaffRequest) -> HttpResponse:
    """Ask the gateway whose account the keys open."""
    try:
        name = gateway_of(request.company).name()
    except GatewayTrouble as trouble:
        messages.error(request, str(trouble))
    else:
        messages.success(request, f"The gateway answers: the keys open the account of {name}.")
    return redirect("gateway_settings")


@require_http_methods(["GET", "POST"])
@needs(Right.SETTINGS)
def disconnection(request: StaffRequest) -> HttpResponse:
    """Forget the keys."""
    if request.method == "GET":
        words = (
            "The keys are forgotten: nothing is charged, and no link takes a payment. Cards stay on"
            " file for when you connect again."
        )
        back = reverse("gateway_settings")
        asked = Asked("Disconnect the Payment Gateway", words, "Disconnect", back, True)
        return render(request, "billing/deed.html", {"asked": asked})
    disconnect(request.company, by=request.member)
    messages.success(request, "The payment gateway is disconnected. Nothing is charged any more.")
    return redirect("gateway_settings")
