"""**Charges & Payments** of a job: logging charges, and taking a wrong one back."""

from typing import Any

from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from carter.billing.balances import total_of, with_job_balances
from carter.billing.ledger import counter_charge, log_charges
from carter.billing.posting import CannotPost
from carter.companies.rights import Right
from carter.customers.models import Customer
from carter.jobs.models import Job
from carter.web.access import handles_money, hidden_without
from carter.web.forms.charges import ChargeRows, ChargesDayForm, with_more_rows
from carter.web.lists import page_of
from carter.web.middleware.company import StaffRequest
from carter.web.once import do_or_tell, done_before, fresh_token
from carter.web.received import lines_of, received
from carter.web.views.finding import the_current_customer, the_job
from carter.web.views.finding_money import the_charge
from carter.web.views.pages import job_page

MOST_SHOWN = 100


@require_http_methods(["GET", "POST"])
@hidden_without(Right.SEE_MONEY)
def of_job(request: StaffRequest, job_id: int) -> HttpResponse:
    """The tab **Charges & Payments**: what was charged and paid; log charges here."""
    job = the_job(request, job_id)
    forms = _forms(request)
    if request.method == "POST" and (done := _log(request, job.customer, job, forms)):
        return done
    context = {**_forms_context(request, *forms), **_money_of(request, job)}
    status = _status(request)
    return job_page(request, job, "job_charges", "charges/job.html", context, status=status)


@require_http_methods(["GET", "POST"])
@handles_money(Right.TAKE_PAYMENT)
def on_account(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Log charges that are for no job."""
    customer = the_current_customer(request, customer_id)
    forms = _forms(request)
    if request.method == "POST" and (done := _log(request, customer, None, forms)):
        return done
    context = {"customer": customer, **_forms_context(request, *forms)}
    status = _status(request)
    return render(request, "charges/new.html", context, status=status)


@require_http_methods(["GET", "POST"])
@handles_money(Right.TAKE_PAYMENT)
def taking_back(request: StaffRequest, charge_id: int) -> HttpResponse:
    """Take a wrong charge back: ask, then post its mirror."""
    charge = the_charge(request, charge_id)
    reason = None
    if request.method == "POST":
        try:
            counter_charge(charge, by=request.member)
            return HttpResponse(status=302, headers={"Location": place_of_charges(charge)})
        except CannotPost as refusal:
            reason = refusal
    context = {"charge": charge, "reason": reason, "back": place_of_charges(charge)}
    return render(request, "charges/taking_back.html", context, status=422 if reason else 200)


def place_of_charges(charge: Any) -> str:
    """Where a charge is listed: on its job, or among the customer's invoices."""
    if charge.job_id:
        return reverse("job_charges", args=[charge.job_id])
    return reverse("customer_invoices", args=[charge.customer_id])


def _forms(request: StaffRequest) -> tuple[ChargesDayForm, Any]:
    """The day and the rows; with more empty rows when those were asked for."""
    data: Any = request.POST or None
    if "more" in request.POST:
        data = with_more_rows(request.POST)
    company = request.company
    day = ChargesDayForm(data, company=company)
    return day, ChargeRows(data, form_kwargs={"company": company})


def _log(
    request: StaffRequest, customer: Customer, job: Job | None, forms: tuple[ChargesDayForm, Any]
) -> HttpResponse | None:
    """Log the charges of valid forms; nothing when there is something to put right first."""
    request.member.must(Right.TAKE_PAYMENT)
    if (done := done_before(request)) is not None:
        return done
    day, rows = forms
    if "more" in request.POST or not (day.is_valid() & rows.is_valid()):
        return None

    def deed() -> str:
        on = day.cleaned_data["on"]
        made = log_charges(customer=customer, job=job, lines=rows.lines, on=on, by=request.member)
        return place_of_charges(made[0])

    return do_or_tell(request, day, deed, CannotPost)


def _status(request: StaffRequest) -> int:
    """Of a page with the form: what was sent and is shown again was refused."""
    return 422 if request.method == "POST" and "more" not in request.POST else 200


def _forms_context(request: StaffRequest, day: ChargesDayForm, rows: Any) -> dict[str, Any]:
    return {
        "day": day,
        "rows": rows,
        "typed": request.method == "POST",
        "once": request.POST.get("once") or fresh_token(),
    }


def _money_of(request: StaffRequest, job: Job) -> dict[str, Any]:
    """What was charged and paid for a job."""
    company = request.company
    lines = company.invoice_lines.filter(stands=True).select_related("invoice__company")
    charges = job.charges.select_related("countered_by").prefetch_related(
        Prefetch("invoice_lines", lines, to_attr="standing_lines")
    )
    page = page_of(charges.order_by("on", "id"), request, MOST_SHOWN)
    for charge in page.rows:
        charge.company = company
    parts = received(company, job.payment_parts.all()).order_by("-on", "-id")[:MOST_SHOWN]
    found = lines_of(company, list(parts))
    sums: Any = with_job_balances(company.jobs.filter(pk=job.pk)).get()
    invoices = company.invoices.with_status().filter(lines__job=job).distinct()
    return {
        "page": page,
        "received": found,
        "charged_cents": sums.charged_cents,
        "balance_cents": sums.balance_cents,
        "paid_cents": sums.charged_cents - sums.balance_cents,
        "held_cents": sum(line.unapplied_cents for line in found),
        "not_invoiced_cents": total_of(job.charges.uninvoiced()),
        "invoices": invoices.select_related("company").order_by("-id")[:MOST_SHOWN],
    }
