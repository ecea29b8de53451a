"""**Recurring Invoices** of a storage job: setting one up, its page, changing it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from carter.billing.posting import CannotPost
from carter.companies.rights import Right
from carter.customers.changing import ChangedMeanwhile
from carter.recurring.models import RecurringInvoice
from carter.recurring.planned import next_invoices, preview
from carter.recurring.scheduling import change_schedule, start_schedule
from carter.storage.models import StorageJob
from carter.web.access import handles_money, hidden_without, of_storage
from carter.web.forms.charges import ChargeRows, with_more_rows
from carter.web.forms.recurring import ScheduleEditForm, ScheduleForm
from carter.web.lists import page_of
from carter.web.middleware.company import StaffRequest
from carter.web.once import do_or_tell, done_before, fresh_token
from carter.web.views.finding_recurring import the_schedule
from carter.web.views.finding_storage import the_storage_job


@of_storage
@require_GET
@hidden_without(Right.SEE_MONEY)
def page(request: StaffRequest, recurring_invoice_id: int) -> HttpResponse:
    """One recurring invoice: what it charges, what comes next, what it invoiced."""
    schedule = the_schedule(request, recurring_invoice_id)
    periods = schedule.periods.select_related("invoice__company").order_by("-starts_on")
    context = {
        "schedule": schedule,
        "job": schedule.storage_job.job,
        "upcoming": next_invoices(schedule),
        "page": page_of(periods, request),
    }
    return render(request, "recurring/page.html", context)


@of_storage
@require_http_methods(["GET", "POST"])
@handles_money(Right.TAKE_PAYMENT)
def new(request: StaffRequest, storage_job_id: int) -> HttpResponse:
    """Set up Recurring Invoices, with the next twelve shown before anything is saved."""
    storage_job = the_storage_job(request, storage_job_id)
    request.section = "/storage/"
    if (done := done_before(request)) is not None:
        return done
    form, rows = _forms(request, storage_job)
    is_right = request.method == "POST" and form.is_valid() & rows.is_valid()
    if is_right and not _only_shows(request):
        saved = do_or_tell(
            request,
            form,
            lambda: _start(request, storage_job, form, rows).get_absolute_url(),
            CannotPost,
        )
        if saved is not None:
            return saved
    shown = _upcoming(storage_job, form, rows) if is_right and not form.errors else []
    context = {
        "storage_job": storage_job,
        "job": storage_job.job,
        "form": form,
        "rows": rows,
        "typed": request.method == "POST" and "more" not in request.POST,
        "upcoming": shown,
        "at_once": sum(one.billed_on <= request.company.today for one in shown),
        "once": request.POST.get("once") or fresh_token(),
    }
    is_refused = request.method == "POST" and not (is_right and _only_shows(request))
    return render(
        request,
        "recurring/new.html",
        context,
        status=422 if is_refused and "more" not in request.POST else 200,
    )


@of_storage
@require_http_methods(["GET", "POST"])
@handles_money(Right.TAKE_PAYMENT)
def edit(request: StaffRequest, recurring_invoice_id: int) -> HttpResponse:
    """Change how it invoices, from its next period on."""
    schedule = the_schedule(request, recurring_invoice_id)
    form = ScheduleEditForm(request.POST or None, instance=schedule)
    if request.method == "POST" and form.is_valid():
        try:
            change_schedule(schedule, values=form.cleaned_data, was=form.was, by=request.member)
        except ChangedMeanwhile as clash:
            form.tell_apart(clash)
        except CannotPost as reason:
            form.add_error(None, str(reason))
        else:
            return redirect("recurring_invoice", schedule.pk)
    context = {"schedule": schedule, "job": schedule.storage_job.job, "form": form}
    return render(request, "recurring/edit.html", context, status=422 if form.errors else 200)


def _forms(request: StaffRequest, storage_job: StorageJob) -> tuple[ScheduleForm, Any]:
    """How and what; the price agreed for the storage is typed in already."""
    data: Any = request.POST or None
    if "more" in request.POST:
        data = with_more_rows(request.POST)
    company = request.company
    first = storage_job.move_in_on or company.today
    started = {"starts_on": first, "terms": company.payment_terms}
    form = ScheduleForm(data, storage_job=storage_job, initial=started)
    price = storage_job.monthly_price_cents
    offered = [] if data or price is None else [{"kind": "storage", "price": price}]
    return form, ChargeRows(data, initial=offered, form_kwargs={"company": company})


def _only_shows(request: StaffRequest) -> bool:
    """Whether the next invoices are asked for, or more rows, rather than saving."""
    return "preview" in request.POST or "more" in request.POST


def _start(
    request: StaffRequest, storage_job: StorageJob, form: ScheduleForm, rows: Any
) -> RecurringInvoice:
    schedule = start_schedule(
        storage_job,
        starts_on=form.starts_on,
        lines=[row.line for row in rows.forms if row.cleaned_data],
        values=form.values,
        by=request.member,
    )
    made = schedule.periods.exclude(invoice=None).count()
    what = "" if not made else " The first invoice is made." if made == 1 else f" {made} are made."
    messages.success(request, f"Recurring Invoices of {storage_job} are set up.{what}")
    return schedule


def _upcoming(storage_job: StorageJob, form: ScheduleForm, rows: Any) -> Any:
    lines = [row.line for row in rows.forms if row.cleaned_data]
    company = storage_job.company
    return preview(company, starts_on=form.starts_on, lines=lines, values=form.values)
