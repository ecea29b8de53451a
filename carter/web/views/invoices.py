"""Invoices: the customer's tab, one invoice, drafting and changing a draft."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from carter.billing.invoicing import billed_to, change_draft, draft_invoice
from carter.billing.models import Charge, Invoice
from carter.billing.posting import CannotPost
from carter.companies.rights import Right
from carter.customers.changing import ChangedMeanwhile, changed_fields
from carter.customers.models import Customer
from carter.jobs.models import Job
from carter.paperwork.invoices import invoice_paper
from carter.paperwork.keeping import pdf_of_invoice
from carter.web.access import handles_money, hidden_without
from carter.web.files import pdf_answer
from carter.web.forms.invoices import ChargesTicked, InvoiceForm
from carter.web.lists import SHORT_PAGE, page_of
from carter.web.middleware.company import StaffRequest
from carter.web.once import do_or_tell, done_before, fresh_token
from carter.web.recurring_panels import schedules_of
from carter.web.views.finding import the_current_customer, the_customer
from carter.web.views.finding_money import job_asked_for, the_invoice
from carter.web.views.pages import customer_page, lead_on

MOST_CHARGES = 300
MOST_DRAFTS = 20


@require_GET
@hidden_without(Right.SEE_MONEY)
def of_customer(request: StaffRequest, customer_id: int) -> HttpResponse:
    """The tab **Invoices**: drafts and what is not invoiced first, then what was issued."""
    customer = the_customer(request, customer_id)
    if not customer.is_current:
        return lead_on(request, customer, "customer_invoices")
    rows = customer.invoices.with_status().select_related("company", "job__company")
    context = {
        "schedules": schedules_of(customer) if request.company.has_storage else [],
        "drafts": drafts_first(rows)[:MOST_DRAFTS],
        "uninvoiced": _uninvoiced(customer)[:MOST_DRAFTS],
        "page": page_of(
            rows.filter(issued_on__isnull=False).order_by("-issued_on", "-id"), request, SHORT_PAGE
        ),
    }
    return customer_page(request, customer, "customer_invoices", "invoices/customer.html", context)


@require_GET
@hidden_without(Right.SEE_MONEY)
def page(request: StaffRequest, invoice_id: int) -> HttpResponse:
    """One invoice as it is printed, with its state and what can be done."""
    invoice = the_invoice(request, invoice_id)
    sendings = invoice.sendings.select_related("letter__by__user").order_by("-id")
    context = {
        "invoice": invoice,
        "customer": invoice.customer,
        "paper": invoice_paper(invoice),
        "applied": _applied(invoice),
        "letters": [sending.letter for sending in sendings[:10]],
        "invoice_link": invoice.links.order_by("-id").first(),
        "has_card": invoice.customer.stored_methods.on_file().exists(),
        "credit_notes": invoice.credited.select_related("company").order_by("id"),
        "unprinted": request.company.papers_due.troubled().filter(invoice=invoice).first(),
    }
    return render(request, "invoices/page.html", context)


@require_GET
@hidden_without(Right.SEE_MONEY)
def paper(request: StaffRequest, invoice_id: int) -> HttpResponse:
    """The PDF: as it was issued, or as the draft would be."""
    invoice = the_invoice(request, invoice_id)
    return pdf_answer(request, lambda: pdf_of_invoice(invoice), invoice.code or "draft")


@require_http_methods(["GET", "POST"])
@handles_money(Right.TAKE_PAYMENT)
def new(request: StaffRequest, customer_id: int) -> HttpResponse:
    """**New Invoice**: from the charges of one job, or of several."""
    customer = the_current_customer(request, customer_id)
    if (done := done_before(request)) is not None:
        return done
    job = job_asked_for(request, customer)
    offered = list(_uninvoiced(customer)[:MOST_CHARGES])
    first = [charge.pk for charge in offered if job is None or charge.job_id == job.pk]
    empty = Invoice(terms=request.company.payment_terms, bill_to=billed_to(customer))
    form = InvoiceForm(request.POST or None, instance=empty)
    ticked = ChargesTicked(request.POST or None, offered=offered, initial={"charges": first})

    def deed() -> str:
        said = form.cleaned_data
        made = draft_invoice(customer=customer, charges=ticked.chosen, **said, by=request.member)
        return reverse("invoice", args=[made.pk])

    is_right = request.method == "POST" and form.is_valid() & ticked.is_valid()
    if is_right and (done := do_or_tell(request, ticked, deed, CannotPost)):
        return done
    back = reverse("job_charges", args=[job.pk]) if job else _tab_of(customer)
    return _form_page(request, customer, form, ticked, job=job, back=back)


@require_http_methods(["GET", "POST"])
@handles_money(Right.TAKE_PAYMENT)
def edit(request: StaffRequest, invoice_id: int) -> HttpResponse:
    """Change a draft: what is on it, and what it says."""
    invoice = the_invoice(request, invoice_id)
    if not invoice.is_draft:
        return redirect("invoice", invoice.pk)
    lines = invoice.lines.select_related("charge__job__company").order_by("position")
    on_it = [line.charge for line in lines]
    offered = [*on_it, *_uninvoiced(invoice.customer)[:MOST_CHARGES]]
    form = InvoiceForm(request.POST or None, instance=invoice)
    initial = {"charges": [charge.pk for charge in on_it]}
    ticked = ChargesTicked(request.POST or None, offered=offered, initial=initial)
    if request.method == "POST" and form.is_valid() & ticked.is_valid():
        try:
            changes = changed_fields(invoice, values=form.cleaned_data, was=form.was)
            change_draft(invoice, charges=ticked.chosen, values=changes, by=request.member)
            return redirect("invoice", invoice.pk)
        except ChangedMeanwhile as clash:
            form.tell_apart(clash)
        except CannotPost as reason:
            ticked.add_error(None, str(reason))
    back = reverse("invoice", args=[invoice.pk])
    return _form_page(request, invoice.customer, form, ticked, invoice=invoice, back=back)


def _form_page(
    request: StaffRequest,
    customer: Customer,
    form: InvoiceForm,
    ticked: ChargesTicked,
    *,
    invoice: Invoice | None = None,
    job: Job | None = None,
    back: str,
) -> HttpResponse:
    context = {
        "customer": customer,
        "invoice": invoice,
        "job": job,
        "form": form,
        "ticked": ticked,
        "by_job": _by_job(ticked.offered),
        "back": back,
        "once": request.POST.get("once") or fresh_token(),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "invoices/form.html", context, status=status)


def drafts_first(rows: Any) -> Any:
    """The drafts, the newest first. They have no day of issue, and an index begins with that."""
    return rows.drafts().filter(issued_on=None).order_by("-id")


def _uninvoiced(customer: Customer) -> Any:
    rows = customer.charges.uninvoiced().select_related("company", "job__company")
    return rows.order_by("on", "id")


def _by_job(charges: Sequence[Charge]) -> list[tuple[Job | None, list[Charge]]]:
    """Charges under the job they are for; those on account last."""
    found: dict[Job | None, list[Charge]] = {}
    for charge in charges:
        found.setdefault(charge.job, []).append(charge)
    return sorted(found.items(), key=lambda pair: pair[0].number if pair[0] else float("inf"))


def _applied(invoice: Invoice) -> list[dict[str, Any]]:
    """Payments and credits that are applied to the invoice, each with its amount."""
    rows = invoice.allocations.select_related("part__payment__company").order_by("id")
    found: dict[int, dict[str, Any]] = {}
    for row in rows:
        payment = row.part.payment
        line = found.setdefault(payment.pk, {"payment": payment, "on": row.on, "cents": 0})
        line["cents"] += row.amount_cents
    return [line for line in found.values() if line["cents"]]


def _tab_of(customer: Customer) -> str:
    return reverse("customer_invoices", args=[customer.pk])
