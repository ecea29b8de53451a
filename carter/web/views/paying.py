"""**Pay** on the page of an invoice that a customer opens by its link."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from carter.billing.models import Invoice
from carter.configuration import public_url
from carter.gateway.charging import CannotCharge
from carter.gateway.models import PaymentAttempt
from carter.gateway.paying import come_back, start_paying
from carter.gateway.protocol import GatewayTrouble
from carter.paperwork.links import linked_invoice
from carter.web.middleware.company import public
from carter.web.throttling import at_most

A_MINUTE = 30


@require_POST
@never_cache
@public
@at_most(A_MINUTE, "invoice-pay")
def pay(request: HttpRequest, token: str) -> HttpResponse:
    """On to the gateway's page; whoever presses twice gets the same one."""
    invoice = _the_invoice(token)

    def way_back(attempt: PaymentAttempt) -> str:
        return public_url() + reverse("public_paid", args=[token, attempt.token])

    given_up = public_url() + reverse("public_invoice", args=[token])
    try:
        attempt = start_paying(invoice, back=way_back, given_up=given_up)
    except CannotCharge as reason:
        return _said(request, token, invoice, str(reason), 409)
    except GatewayTrouble:
        words = "Paying is not possible just now. Nothing was charged; try again in a few minutes."
        return _said(request, token, invoice, words, 503)
    return redirect("public_going_on", token, attempt.token)


@require_GET
@never_cache
@public
@at_most(A_MINUTE, "invoice-pay")
def going_on(request: HttpRequest, token: str, attempt: UUID) -> HttpResponse:
    """A page that leads on to the gateway's: a form may not be answered by another site."""
    found = _the_attempt(token, attempt)
    if not (found.is_live and found.page):
        return redirect("public_invoice", token)
    return _discreet(render(request, "cards/going_on.html", {"address": found.page}))


@require_GET
@never_cache
@public
@at_most(A_MINUTE, "invoice-pay")
def paid(request: HttpRequest, token: str, attempt: UUID) -> HttpResponse:
    """Back from the gateway's page: what happened."""
    found = come_back(_the_attempt(token, attempt))
    context = {"attempt": found, "invoice": found.invoice, "company": found.company, "token": token}
    return _discreet(render(request, "invoices/paid.html", context))


def _said(
    request: HttpRequest, token: str, invoice: Invoice, words: str, status: int
) -> HttpResponse:
    context = {"words": words, "invoice": invoice, "company": invoice.company, "token": token}
    return _discreet(render(request, "invoices/paid.html", context, status=status))


def _discreet(answer: HttpResponse) -> HttpResponse:
    """Keep the link out of search engines, and from the gateway; forms need to say whence."""
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Referrer-Policy"] = "same-origin"
    return answer


def _the_invoice(token: str) -> Invoice:
    invoice = linked_invoice(token)
    if invoice is None:
        raise Http404
    return invoice


def _the_attempt(token: str, attempt: UUID) -> PaymentAttempt:
    """A customer's own attempt at the invoice of the link."""
    rows = _the_invoice(token).attempts.select_related(
        "invoice__company", "invoice__customer__company", "company", "method"
    )
    found: PaymentAttempt = get_object_or_404(rows, token=attempt, method=None)
    return found
