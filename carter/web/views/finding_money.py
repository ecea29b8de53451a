"""Charges, payments and invoices of the company that an address names; 404 for anything else."""

from typing import Any

from django.shortcuts import get_object_or_404

from carter.billing.models import Charge, Invoice, Payment
from carter.customers.models import Customer
from carter.jobs.models import Job
from carter.web.middleware.company import StaffRequest
from carter.web.views.finding import row_id


def the_charge(request: StaffRequest, charge_id: int) -> Charge:
    rows = request.company.charges.select_related("company", "customer__company", "job__company")
    request.section = "/billing/"
    found: Charge = get_object_or_404(rows, pk=charge_id)
    return found


def the_payment(request: StaffRequest, payment_id: int) -> Payment:
    rows = request.company.payments.select_related("company", "by__user", "of", "invoice__company")
    request.section = "/billing/"
    found: Payment = get_object_or_404(rows, pk=payment_id)
    return found


def the_invoice(request: StaffRequest, invoice_id: int) -> Invoice:
    """An invoice with its status."""
    rows = request.company.invoices.with_status().select_related(
        "company", "customer__company", "job__company", "by__user", "issued_by__user", "voided"
    )
    request.section = "/billing/"
    found: Invoice = get_object_or_404(rows, pk=invoice_id)
    return found


def payer_of(payment: Payment) -> Customer:
    """Who has the payment now, or most of it when a job took some elsewhere."""
    part = payment.parts.select_related("customer__company").order_by("-amount_cents", "id")[0]
    return part.customer


def job_asked_for(request: StaffRequest, customer: Customer) -> Job | None:
    """The job of the customer that `?job=` names."""
    asked: Any = request.POST.get("job") or request.GET.get("job")
    if not asked:
        return None
    job: Job = get_object_or_404(
        customer.jobs.select_related("company", "customer__company"), pk=row_id(asked) or 0
    )
    return job
