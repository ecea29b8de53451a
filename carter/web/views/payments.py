"""Payments: the customer's tab, one payment, taking money, receipts."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from carter.billing.balances import balance_of, total_of
from carter.billing.ledger import give_credit, record_payment
from carter.billing.models import Payment
from carter.billing.posting import CannotPost
from carter.companies.rights import Right
from carter.customers.models import Customer
from carter.jobs.models import Job
from carter.paperwork.keeping import pdf_of_credit_note
from carter.paperwork.receipts import receipt
from carter.web.access import handles_money, hidden_without
from carter.web.files import pdf_answer
from carter.web.forms.payments import Applied, CreditForm, PaymentForm
from carter.web.lists import SHORT_PAGE, page_of
from carter.web.middleware.company import StaffRequest
from carter.web.once import do_or_tell, done_before, fresh_token
from carter.web.open_invoices import OpenInvoices, answers, open_invoices
from carter.web.received import lines_of, received
from carter.web.views.finding import row_id, the_current_customer, the_customer
from carter.web.views.finding_money import job_asked_for, payer_of, the_payment
from carter.web.views.pages import customer_page, lead_on


@require_GET
@hidden_without(Right.SEE_MONEY)
def of_customer(request: StaffRequest, customer_id: int) -> HttpResponse:
    """The tab **Payments**: of all jobs, with what each is applied to."""
    customer = the_customer(request, customer_id)
    if not customer.is_current:
        return lead_on(request, customer, "customer_payments")
    parts = received(request.company, customer.payment_parts.all())
    page = page_of(parts.order_by("-on", "-id"), request, SHORT_PAGE)
    context = {"page": page, "received": lines_of(request.company, page.rows)}
    return customer_page(request, customer, "customer_payments", "payments/customer.html", context)


@require_GET
@hidden_without(Right.SEE_MONEY)
def page(request: StaffRequest, payment_id: int) -> HttpResponse:
    """One payment or credit: for which jobs, applied to what, and what of it went back."""
    payment = the_payment(request, payment_id)
    parts = received(request.company, payment.parts.all()).order_by("id")
    lines = lines_of(request.company, list(parts))
    back = payment.taken_back_by.select_related("company", "by__user").order_by("on", "id")
    returned = sum(each.amount_cents for each in back)
    context = {
        "payment": payment,
        "customer": payer_of(payment),
        "received": lines,
        "taken_back": back,
        "unapplied_cents": sum(line.unapplied_cents for line in lines),
        "left_cents": payment.amount_cents + returned,
    }
    return render(request, "payments/page.html", context)


@require_GET
@hidden_without(Right.SEE_MONEY)
def paper(request: StaffRequest, payment_id: int) -> HttpResponse:
    """The receipt of a payment or refund, or the credit note, as PDF."""
    payment = the_payment(request, payment_id)
    if payment.kind == Payment.Kind.CREDIT_NOTE:
        return pdf_answer(request, lambda: pdf_of_credit_note(payment), payment.code)
    return pdf_answer(request, lambda: receipt(payment, payer_of(payment)), f"receipt-{payment.pk}")


@require_http_methods(["GET", "POST"])
@handles_money(Right.TAKE_PAYMENT)
def new(request: StaffRequest, customer_id: int) -> HttpResponse:
    """**Take Payment**: of a customer, for one job, or for one invoice."""
    return _taking(request, customer_id, PaymentForm, "payments/new.html")


@require_http_methods(["GET", "POST"])
@handles_money(Right.TAKE_BACK)
def credit(request: StaffRequest, customer_id: int) -> HttpResponse:
    """**Give Credit**, which is applied like a payment."""
    return _taking(request, customer_id, CreditForm, "payments/credit.html")


def _taking(
    request: StaffRequest, customer_id: int, form_class: type[Applied], template: str
) -> HttpResponse:
    customer = the_current_customer(request, customer_id)
    if (done := done_before(request)) is not None:
        return done
    job = job_asked_for(request, customer)
    still_open = _open_invoices(request, customer, job)
    form = form_class(**answers(request), company=request.company, invoices=still_open.rows)
    owed = _owed(customer, job, still_open)
    if form_class is PaymentForm and owed > 0:
        form.initial.setdefault("amount", owed)
    if form.is_valid():
        done = do_or_tell(request, form, lambda: _taken(request, customer, job, form), CannotPost)
        if done is not None:
            return done
    context = {
        "customer": customer,
        "job": job,
        "form": form,
        "owed": owed,
        "open": still_open,
        "back": _back_to(customer, job),
        "once": request.POST.get("once") or fresh_token(),
    }
    return render(request, template, context, status=422 if form.errors else 200)


def _taken(request: StaffRequest, customer: Customer, job: Job | None, form: Applied) -> str:
    said: dict[str, Any] = form.cleaned_data
    shared: dict[str, Any] = {
        "customer": customer,
        "job": job,
        "amount_cents": said["amount"],
        "on": said["on"],
        "to": form.to,
        "by": request.member,
    }
    if isinstance(form, PaymentForm):
        made = record_payment(**shared, method=said["method"], reference=said["reference"])
    else:
        made = give_credit(**shared, description=said["description"])
    return reverse("payment", args=[made.pk])


def _open_invoices(request: StaffRequest, customer: Customer, job: Job | None) -> OpenInvoices:
    """Those to which the money may go."""
    narrowed = {} if job is None else {"lines__job": job.pk}
    if asked := row_id(request.POST.get("invoice") or request.GET.get("invoice", "")):
        narrowed["pk"] = asked
    return open_invoices(request, customer, narrowed)


def _owed(customer: Customer, job: Job | None, still_open: OpenInvoices) -> int:
    """What is to be paid: the open invoices, else what the job or the account comes to."""
    if still_open.rows:
        return still_open.cents
    return total_of(job.entries.all()) if job else balance_of(customer)


def _back_to(customer: Customer, job: Job | None) -> str:
    if job is not None:
        return reverse("job_charges", args=[job.pk])
    return reverse("customer_payments", args=[customer.pk])
