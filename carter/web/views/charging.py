"""Charging a card on file by hand, and giving back through the gateway.

Neither is done inside of a transaction, as other deeds about money are: what the gateway was asked
must be in the book whatever happens next. The form's token becomes the attempt's own.
"""

from uuid import NAMESPACE_URL, UUID, uuid5

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from carter.billing.models import Payment
from carter.billing.posting import CannotPost
from carter.companies.money import money
from carter.companies.rights import Right
from carter.gateway.charging import charge_on_file
from carter.gateway.models import PaymentAttempt, RefundAttempt
from carter.gateway.protocol import GatewayTrouble
from carter.gateway.refunding import came_through_gateway, refund_through_gateway
from carter.web.access import handles_money
from carter.web.forms.gateway import ChooseMethodForm, GatewayRefundForm
from carter.web.middleware.company import StaffRequest
from carter.web.once import fresh_token, tell
from carter.web.views.deeds import Asked
from carter.web.views.finding_money import the_invoice, the_payment

UNKNOWN = (
    "The payment gateway did not answer. Carter keeps asking what became of it; nothing is done"
    " twice meanwhile."
)


@require_http_methods(["GET", "POST"])
@handles_money(Right.TAKE_PAYMENT)
def charge(request: StaffRequest, invoice_id: int) -> HttpResponse:
    """Charge what is open of an invoice to a card or bank account on file."""
    invoice = the_invoice(request, invoice_id)
    back = reverse("invoice", args=[invoice.pk])
    methods = invoice.customer.stored_methods.chargeable(request.company.today)
    form = ChooseMethodForm(request.POST or None, methods=methods)
    amount = money(invoice.open_cents, request.company.currency)
    words = f"{amount} of {invoice} is charged now, and a receipt sent."
    asked = Asked("Charge a Card on File", words, f"Charge {amount}", back)
    if request.method == "POST" and form.is_valid():
        try:
            attempt = charge_on_file(
                invoice,
                method=form.cleaned_data["method"],
                token=token_of(request),
                by=request.member,
            )
        except (CannotPost, GatewayTrouble) as reason:
            tell(form, reason)
        else:
            _tell(request, attempt)
            return redirect(back)
    return _asked(request, asked, form)


@require_http_methods(["GET", "POST"])
@handles_money(Right.TAKE_BACK)
def refund(request: StaffRequest, payment_id: int) -> HttpResponse:
    """Give back, through the gateway, what came through it and is not applied to an invoice."""
    payment = the_payment(request, payment_id)
    if not came_through_gateway(payment):
        return redirect("payment_refund", payment.pk)
    left = sum(part.unapplied_cents for part in payment.parts.unapplied())
    form = GatewayRefundForm(request.POST or None, initial={"amount": left or None})
    back = reverse("payment", args=[payment.pk])
    if request.method == "POST" and form.is_valid():
        try:
            attempt = refund_through_gateway(
                payment,
                amount_cents=form.cleaned_data["amount"],
                token=token_of(request),
                by=request.member,
            )
        except (CannotPost, GatewayTrouble) as reason:
            tell(form, reason)
        else:
            return _given_back(request, attempt, back)
    return _asked(request, _refund_asked(request, payment, left, back), form)


def token_of(request: StaffRequest) -> UUID:
    """The attempt's token from the form's: sent twice, it is asked of the gateway once."""
    once = request.POST.get("once") or fresh_token()
    return uuid5(NAMESPACE_URL, f"{request.company.pk}/{once}")


def _refund_asked(request: StaffRequest, payment: Payment, left: int, back: str) -> Asked:
    currency = request.company.currency
    words = (
        f"It goes back to {payment.reference or 'where it came from'}, through the payment gateway."
        f" {money(left, currency)} of {money(payment.amount_cents, currency)} is neither applied"
        " to an invoice nor given back."
    )
    return Asked("Refund through the Gateway", words, "Give Refund", back)


def _tell(request: StaffRequest, attempt: PaymentAttempt) -> None:
    match attempt.status:
        case attempt.Status.SUCCEEDED:
            messages.success(request, f"{attempt.invoice} is paid with {attempt.method}.")
        case attempt.Status.FAILED:
            messages.error(request, f"{attempt.method} was declined. {attempt.words}")
        case attempt.Status.UNKNOWN:
            messages.warning(request, UNKNOWN)
        case attempt.Status.PENDING:
            messages.info(request, "It is under way at the bank, which takes some days to answer.")


def _given_back(request: StaffRequest, attempt: RefundAttempt, back: str) -> HttpResponse:
    if attempt.refund_id is not None:
        return redirect("payment", attempt.refund_id)
    if attempt.status == attempt.Status.FAILED:
        messages.error(request, f"Nothing was given back. {attempt.words}")
    else:
        messages.warning(request, UNKNOWN)
    return redirect(back)


def _asked(request: StaffRequest, asked: Asked, form: object) -> HttpResponse:
    once = request.POST.get("once") or fresh_token()
    context = {"asked": asked, "form": form, "once": once}
    status = 422 if request.method == "POST" else 200
    return render(request, "billing/deed.html", context, status=status)
