"""What becomes of an invoice: issued, discarded, void, credited, sent, seen by a link."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from carter.billing.crediting import credit_invoice
from carter.billing.invoicing import discard_draft, issue_invoice, void_invoice
from carter.billing.models import Invoice
from carter.billing.posting import CannotPost
from carter.companies.money import money
from carter.companies.rights import Right
from carter.paperwork.keeping import pdf_of_invoice
from carter.paperwork.links import make_link, revoke_link
from carter.paperwork.sending import letter_about, send_invoice
from carter.printing.compiling import CannotPrint
from carter.web.access import handles_money
from carter.web.forms.invoices import CreditNoteForm, IssueForm, LetterForm
from carter.web.forms.payments import ReasonForm
from carter.web.middleware.company import StaffRequest
from carter.web.once import do_or_tell, fresh_token
from carter.web.views.deeds import Asked, ask
from carter.web.views.finding_money import the_invoice


@require_http_methods(["GET", "POST"])
@handles_money(Right.TAKE_PAYMENT)
def issue(request: StaffRequest, invoice_id: int) -> HttpResponse:
    """Give a draft its number, and print it; then send it, when that was asked for."""
    invoice = the_invoice(request, invoice_id)
    if not invoice.is_draft:
        return redirect("invoice", invoice.pk)
    form = IssueForm(request.POST or None, company=request.company)

    def deed() -> str:
        issued = issue_invoice(invoice, on=form.cleaned_data["on"], by=request.member)
        name = "invoice_letter" if "send" in request.POST else "invoice"
        return reverse(name, args=[issued.pk])

    if request.method == "POST" and form.is_valid():
        done = do_or_tell(request, form, deed, CannotPost)
        if done is not None:
            _print(request, invoice)
            return done
    context = {
        "invoice": invoice,
        "form": form,
        "total": sum(line.charge.amount_cents for line in invoice.lines.select_related("charge")),
        "once": request.POST.get("once") or fresh_token(),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "invoices/issue.html", context, status=status)


@require_http_methods(["GET", "POST"])
@handles_money(Right.TAKE_PAYMENT)
def discard(request: StaffRequest, invoice_id: int) -> HttpResponse:
    """Throw a draft away."""
    invoice = the_invoice(request, invoice_id)
    if request.method == "POST":
        try:
            discard_draft(invoice, by=request.member)
        except CannotPost as reason:
            return render(request, "cannot_change.html", {"reason": reason}, status=409)
        messages.success(request, "The draft is gone. Its charges can be invoiced again.")
        return redirect("customer_invoices", invoice.customer_id)
    return render(request, "invoices/discard.html", {"invoice": invoice})


@require_http_methods(["GET", "POST"])
@handles_money(Right.TAKE_BACK)
def void(request: StaffRequest, invoice_id: int) -> HttpResponse:
    """Void an issued invoice; its charges are still owed."""
    invoice = the_invoice(request, invoice_id)
    words = (
        "Its number stays used, its link shows that it is void, and its charges are still owed: put"
        " them on a new invoice, or take them back."
    )
    asked = Asked(f"Void {invoice}", words, "Void Invoice", _page_of(invoice), True)

    def deed(said: dict[str, Any]) -> str:
        void_invoice(invoice, reason=said["reason"], by=request.member)
        return _page_of(invoice)

    return ask(request, asked, ReasonForm(request.POST or None), deed)


@require_http_methods(["GET", "POST"])
@handles_money(Right.TAKE_BACK)
def credit_note(request: StaffRequest, invoice_id: int) -> HttpResponse:
    """Credit some or all of an issued invoice, by a document with a number of its own."""
    invoice = the_invoice(request, invoice_id)
    company = request.company
    initial = {"amount": invoice.open_cents or None}
    form = CreditNoteForm(request.POST or None, company=company, initial=initial)
    words = (
        f"{money(invoice.open_cents, company.currency)} of"
        f" {money(invoice.total_cents or 0, company.currency)} is open. What is credited beyond"
        " that stays with the customer as a credit."
    )
    asked = Asked(f"Credit Note over {invoice}", words, "Give Credit Note", _page_of(invoice))

    def deed(said: dict[str, Any]) -> str:
        made = credit_invoice(
            invoice,
            amount_cents=said["amount"],
            reason=said["reason"],
            on=said["on"],
            by=request.member,
        )
        return reverse("payment", args=[made.pk])

    return ask(request, asked, form, deed)


@require_http_methods(["GET", "POST"])
@handles_money(Right.TAKE_PAYMENT)
def letter(request: StaffRequest, invoice_id: int) -> HttpResponse:
    """Send an invoice by email, or send it again."""
    invoice = the_invoice(request, invoice_id)
    if not invoice.stands:
        return redirect("invoice", invoice.pk)
    offered = letter_about(invoice)
    form = LetterForm(request.POST or None, initial=vars(offered))

    def deed() -> str:
        send_invoice(invoice, **form.cleaned_data, by=request.member)
        return _page_of(invoice)

    if form.is_valid():
        done = do_or_tell(request, form, deed, CannotPost, CannotPrint)
        if done is not None:
            messages.success(
                request,
                "The letter is in the outbox and leaves as soon as the mail server is there.",
            )
            return done
    context = {
        "invoice": invoice,
        "form": form,
        "once": request.POST.get("once") or fresh_token(),
    }
    return render(request, "invoices/letter.html", context, status=422 if form.errors else 200)


@require_POST
@handles_money(Right.TAKE_PAYMENT)
def link(request: StaffRequest, invoice_id: int) -> HttpResponse:
    """Revoke the link under which the customer sees the invoice, or make a new one."""
    invoice = the_invoice(request, invoice_id)
    try:
        if "revoke" in request.POST:
            revoke_link(invoice, by=request.member)
        else:
            make_link(invoice, by=request.member)
    except CannotPost as reason:
        return render(request, "cannot_change.html", {"reason": reason}, status=409)
    return redirect("invoice", invoice.pk)


def _print(request: StaffRequest, invoice: Invoice) -> None:
    """Print it once it is issued. That it cannot be printed now undoes nothing: it is said."""
    try:
        pdf_of_invoice(the_invoice(request, invoice.pk))
    except CannotPrint as reason:
        messages.warning(request, str(reason))


def _page_of(invoice: Invoice) -> str:
    return reverse("invoice", args=[invoice.pk])
