"""The page of an invoice that a customer opens by its link, without signing in."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from carter.billing.models import Invoice
from carter.gateway.paying import can_be_paid
from carter.paperwork.invoices import invoice_paper
from carter.paperwork.keeping import pdf_of_invoice
from carter.paperwork.links import linked_invoice
from carter.printing.compiling import CannotPrint
from carter.web.files import as_pdf
from carter.web.middleware.company import public
from carter.web.throttling import at_most

A_MINUTE = 60


@require_GET
@never_cache
@public
@at_most(A_MINUTE, "invoice-link")
def page(request: HttpRequest, token: str) -> HttpResponse:
    """The invoice, what is still to be paid on it, and whom to call."""
    invoice = _the_invoice(token)
    context = {
        "invoice": invoice,
        "company": invoice.company,
        "paper": invoice_paper(invoice),
        "token": token,
        "can_be_paid": can_be_paid(invoice),
    }
    answer = render(request, "invoices/public.html", context)
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Referrer-Policy"] = "same-origin"
    return answer


@require_GET
@never_cache
@public
@at_most(A_MINUTE, "invoice-link")
def paper(request: HttpRequest, token: str) -> HttpResponse:
    """Its PDF."""
    invoice = _the_invoice(token)
    try:
        return as_pdf(pdf_of_invoice(invoice), invoice.code)
    except CannotPrint:
        return render(request, "500.html", status=503)


def _the_invoice(token: str) -> Invoice:
    invoice = linked_invoice(token)
    if invoice is None:
        raise Http404
    return invoice
