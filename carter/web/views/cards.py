"""Cards and bank accounts of a customer that are on file at the gateway."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from carter.companies.rights import Right
from carter.configuration import public_url
from carter.customers.models import Customer
from carter.gateway.models import StoredMethod
from carter.gateway.protocol import GatewayTrouble
from carter.gateway.storing import (
    begin_storing,
    consent_words,
    finish_storing,
    forget_at_gateway,
    remove_method,
)
from carter.gateway.switches import (
    account_of,
    allow_auto_pay,
    auto_pay_is_on,
    auto_pay_is_on_for,
    stop_auto_pay,
)
from carter.web.access import handles_money, hidden_without
from carter.web.forms.gateway import AgreedForm
from carter.web.middleware.company import StaffRequest
from carter.web.views.deeds import Asked
from carter.web.views.finding import the_current_customer, the_customer
from carter.web.views.pages import customer_page, lead_on

MOST_SHOWN = 50


@require_GET
@hidden_without(Right.SEE_MONEY)
def index(request: StaffRequest, customer_id: int) -> HttpResponse:
    """**Cards on File** of a customer, and whether they are charged by themselves."""
    customer = the_customer(request, customer_id)
    if not customer.is_current:
        return lead_on(request, customer, "customer_cards")
    methods = customer.stored_methods.on_file().select_related("job__company", "by__user")
    account = account_of(request.company)
    context = {
        "methods": methods.order_by("-ready_at", "-id")[:MOST_SHOWN],
        "today": request.company.today,
        "is_connected": bool(account and account.is_connected),
        "is_on": auto_pay_is_on(request.company),
        "is_on_for": auto_pay_is_on_for(customer),
    }
    return customer_page(request, customer, "customer_payments", "cards/index.html", context)


@require_http_methods(["GET", "POST"])
@handles_money(Right.TAKE_PAYMENT)
def new(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Note that the customer agrees, then on to the gateway's own page for the card."""
    customer = the_current_customer(request, customer_id)
    jobs = customer.jobs.select_related("company").order_by("-number")
    asked = {"job": request.GET.get("job")}
    form = AgreedForm(
        request.POST if request.method == "POST" else None,
        jobs=jobs,
        words=consent_words(customer),
        initial=asked,
    )
    if form.is_valid():
        try:
            page = begin_storing(
                customer,
                job=form.cleaned_data["job"],
                back=_way_back,
                given_up=public_url() + reverse("customer_cards", args=[customer.pk]),
                by=request.member,
            )
        except GatewayTrouble as trouble:
            form.add_error(None, str(trouble))
        else:
            return going_on(request, page.address)
    context = {"customer": customer, "form": form}
    return render(request, "cards/new.html", context, status=422 if form.errors else 200)


@require_GET
@handles_money(Right.TAKE_PAYMENT)
def back(request: StaffRequest, method_id: int) -> HttpResponse:
    """Back from the gateway's page: is the card on file?"""
    method = the_method(request, method_id)
    try:
        method = finish_storing(method)
    except GatewayTrouble as trouble:
        messages.error(request, str(trouble))
    else:
        if method.is_on_file:
            messages.success(request, f"{method} is on file.")
        else:
            messages.info(request, "The page was not finished: no card was put on file.")
    return redirect("customer_cards", method.customer_id)


@require_http_methods(["GET", "POST"])
@handles_money(Right.TAKE_PAYMENT)
def removal(request: StaffRequest, method_id: int) -> HttpResponse:
    """Take a card off file, here and at the gateway."""
    method = the_method(request, method_id)
    if request.method == "GET":
        words = "Nothing is charged to it any more. To charge it again the customer adds it anew."
        back = reverse("customer_cards", args=[method.customer_id])
        asked = Asked(f"Remove {method} from file", words, "Remove", back, True)
        return render(request, "billing/deed.html", {"asked": asked})
    method = remove_method(method, by=request.member)
    forget_at_gateway(method)
    messages.success(request, f"{method} is removed. Nothing is charged to it any more.")
    return redirect("customer_cards", method.customer_id)


@require_POST
@handles_money(Right.TAKE_PAYMENT)
def auto_pay(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Charge this customer's cards by themselves, or not."""
    customer: Customer = the_current_customer(request, customer_id)
    change = allow_auto_pay if "on" in request.POST else stop_auto_pay
    change(customer, by=request.member)
    return redirect("customer_cards", customer.pk)


def going_on(request: StaffRequest, address: str) -> HttpResponse:
    """A page that leads on by itself, and by a link.

    A form may not be answered by another site (`form-action`), a page may lead to one.
    """
    return render(request, "cards/going_on.html", {"address": address})


def the_method(request: StaffRequest, method_id: int) -> StoredMethod:
    rows = request.company.stored_methods.select_related("customer__company", "company", "job")
    found: StoredMethod = get_object_or_404(rows, pk=method_id)
    return found


def _way_back(method: StoredMethod) -> str:
    return public_url() + reverse("card_back", args=[method.pk])
