"""Money that goes back or never was there, and the invoices money is applied to."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from carter.billing.applying import apply_payment, take_off
from carter.billing.models import Payment
from carter.billing.posting import CannotPost
from carter.billing.taking_back import refund_payment, return_payment, void_payment
from carter.companies.money import money
from carter.companies.rights import Right
from carter.gateway.refunding import came_through_gateway
from carter.paperwork.words import payment_words
from carter.web.access import handles_money
from carter.web.forms.payments import ApplyForm, ReasonForm, RefundForm, ReturnForm
from carter.web.middleware.company import StaffRequest
from carter.web.once import do_or_tell, done_before, fresh_token
from carter.web.open_invoices import answers, open_invoices
from carter.web.views.deeds import Asked, ask
from carter.web.views.finding_money import payer_of, the_invoice, the_payment


@require_http_methods(["GET", "POST"])
@handles_money(Right.TAKE_BACK)
def refund(request: StaffRequest, payment_id: int) -> HttpResponse:
    """Give back what is not applied to an invoice."""
    payment = the_payment(request, payment_id)
    if came_through_gateway(payment) and "by-hand" not in request.GET:
        return redirect("gateway_refund", payment.pk)
    left = unapplied_of(payment)
    initial = {"amount": left or None, "method": payment.method or Payment.Method.CHECK}
    form = RefundForm(request.POST or None, company=request.company, initial=initial)
    words = f"{_in_money(payment, left)} of it is neither applied to an invoice nor given back."
    asked = Asked(f"Refund of {_named(payment)}", words, "Give Refund", _page_of(payment))

    def deed(said: dict[str, Any]) -> str:
        values = {name: said[name] for name in ("method", "reference", "on")}
        made = refund_payment(payment, amount_cents=said["amount"], **values, by=request.member)
        return _page_of(made)

    return ask(request, asked, form, deed)


@require_http_methods(["GET", "POST"])
@handles_money(Right.TAKE_BACK)
def coming_back(request: StaffRequest, payment_id: int) -> HttpResponse:
    """A check bounced, or a card payment was charged back: it is owed again."""
    payment = the_payment(request, payment_id)
    initial = {"kind": Payment.Kind.CHARGEBACK} if payment.method == Payment.Method.CARD else {}
    form = ReturnForm(request.POST or None, company=request.company, initial=initial)
    words = (
        "What is left of it is taken off its invoices, which are open again, and the customer owes"
        " it again."
    )
    asked = Asked(
        f"{_named(payment)} came back", words, "Record Returned Payment", _page_of(payment), True
    )

    def deed(said: dict[str, Any]) -> str:
        values = {name: said[name] for name in ("kind", "reference", "on")}
        made = return_payment(payment, fee_cents=said["fee"] or 0, **values, by=request.member)
        return _page_of(made)

    return ask(request, asked, form, deed)


@require_http_methods(["GET", "POST"])
@handles_money(Right.TAKE_BACK)
def void(request: StaffRequest, payment_id: int) -> HttpResponse:
    """A payment or credit that was logged by mistake."""
    payment = the_payment(request, payment_id)
    words = (
        "For what was logged by mistake and never was. It stays in the account with its mirror, on"
        " the same day. Money that really went back is a refund or a returned payment."
    )
    asked = Asked(f"Void {_named(payment)}", words, "Void It", _page_of(payment), True)

    def deed(said: dict[str, Any]) -> str:
        void_payment(payment, reason=said["reason"], by=request.member)
        return _page_of(payment)

    return ask(request, asked, ReasonForm(request.POST or None), deed)


@require_http_methods(["GET", "POST"])
@handles_money(Right.TAKE_PAYMENT)
def applying(request: StaffRequest, payment_id: int) -> HttpResponse:
    """Apply what is left of a payment or credit to open invoices."""
    payment = the_payment(request, payment_id)
    if (done := done_before(request)) is not None:
        return done
    customer, left = payer_of(payment), unapplied_of(payment)
    still_open = open_invoices(request, customer, {})
    form = ApplyForm(
        **answers(request), company=request.company, invoices=still_open.rows, left=left
    )

    def deed() -> str:
        said = form.cleaned_data
        apply_payment(payment, customer=customer, to=form.to, on=said["on"], by=request.member)
        return _page_of(payment)

    if form.is_valid() and (done := do_or_tell(request, form, deed, CannotPost)):
        return done
    context = {
        "payment": payment,
        "customer": customer,
        "left": left,
        "form": form,
        "open": still_open,
        "back": _page_of(payment),
        "once": request.POST.get("once") or fresh_token(),
    }
    return render(request, "payments/apply.html", context, status=422 if form.errors else 200)


@require_POST
@handles_money(Right.TAKE_PAYMENT)
def taking_off(request: StaffRequest, payment_id: int, invoice_id: int) -> HttpResponse:
    """Take a payment off an invoice; what was applied is a deposit or credit again."""
    payment, invoice = the_payment(request, payment_id), the_invoice(request, invoice_id)
    try:
        take_off(payment, invoice=invoice, by=request.member)
    except CannotPost as reason:
        return render(request, "cannot_change.html", {"reason": reason}, status=409)
    asked = request.POST.get("next", "")
    return redirect(asked if asked == f"/invoices/{invoice.pk}/" else _page_of(payment))


def unapplied_of(payment: Payment) -> int:
    """Cents that are neither applied nor given back."""
    return sum(part.unapplied_cents for part in payment.parts.unapplied())


def _named(payment: Payment) -> str:
    words = payment_words(payment)
    return f"{words} of {_in_money(payment, abs(payment.amount_cents))}"


def _in_money(payment: Payment, cents: int) -> str:
    return money(cents, payment.company.currency)


def _page_of(payment: Payment) -> str:
    return reverse("payment", args=[payment.pk])
