"""**Billing**: open invoices, aging, money not applied, and what came in."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db.models import Sum
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from carter.billing.aging import LABELS, aging
from carter.billing.models import Payment
from carter.billing.takings import money_in, takings
from carter.companies.rights import Right
from carter.paperwork.aging import REST, aging_as_pdf
from carter.transfer.exporting.money import aging_table, invoices_table, payments_table
from carter.transfer.exporting.tables import Table
from carter.web.access import handles_money, hidden_without
from carter.web.charts import bar, monday_of, weeks
from carter.web.files import pdf_answer, table_answer
from carter.web.lists import Head, columns, numbered, page_of, rows_of, sort_rows
from carter.web.middleware.company import StaffRequest
from carter.web.money_filters import DayForm, DaysForm, InvoiceFilter
from carter.web.received import lines_of, received, with_company
from carter.web.replica import only_reads
from carter.web.tabs import BILLING_TABS, section_tabs

WEEKS = 26
ORDERS: dict[str, tuple[Any, ...]] = {
    "due": ("due_on", "id"),
    "-due": ("-due_on", "-id"),
    "number": ("number", "id"),
    "-number": ("-number", "-id"),
    "issued": ("issued_on", "id"),
    "-issued": ("-issued_on", "-id"),
    "total": ("total_cents", "id"),
    "-total": ("-total_cents", "-id"),
}
HEADS: list[Head] = [
    ("Invoice", "number", False),
    ("Customer", "", False),
    ("Status", "", False),
    ("Issued", "issued", False),
    ("Due", "due", False),
    ("Total", "total", True),
    ("Open", "", True),
]


@require_GET
@hidden_without(Right.SEE_MONEY)
@only_reads
def invoices(request: StaffRequest) -> HttpResponse:
    """Open and overdue invoices, or others as they are asked for."""
    found = _invoices(request)
    listed: Any = found.qs
    # The company is at hand: joining it would keep the database from reading in an index's order.
    rows = listed.with_status().select_related("customer", "job")
    default = _default_order(request)
    page = page_of(sort_rows(rows, request, ORDERS, HEADS, default), request)
    for invoice in page.rows:
        if invoice.job is not None:
            invoice.job.company = request.company
    context = {
        "filter": found,
        "page": page,
        "columns": columns(request, HEADS, default),
    }
    return _page(request, "billing", "billing/invoices.html", context)


@require_GET
@hidden_without(Right.SEE_MONEY)
@only_reads
def ages(request: StaffRequest) -> HttpResponse:
    """Who owes how much for how long, at the end of any day."""
    asked = request.GET.get("page", "")
    form, on = _day(request)
    found = aging(request.company, on, rows_of(asked))
    page = numbered(found.rows, asked)
    customers = request.company.customers.in_bulk([row.customer_id for row in page.rows])
    labels = [*LABELS, REST]
    context = {
        "form": form,
        "on": on,
        "aging": found,
        "labels": labels,
        "page": page,
        "rows": [
            (customers[row.customer_id], row, bar(labels, _columns(row), full=found.largest_cents))
            for row in page.rows
        ],
        "pieces": bar(labels, _columns(found)),
    }
    return _page(request, "billing_aging", "billing/aging.html", context)


@require_GET
@hidden_without(Right.SEE_MONEY)
@only_reads
def aging_paper(request: StaffRequest) -> HttpResponse:
    """The same as PDF."""
    on = _day(request)[1]
    return pdf_answer(request, lambda: aging_as_pdf(request.company, on), f"aging-{on}")


@require_GET
@hidden_without(Right.SEE_MONEY)
@only_reads
def unapplied(request: StaffRequest) -> HttpResponse:
    """Deposits and credits that are applied to no invoice yet, the oldest first."""
    page = page_of(_unapplied(request).select_related("customer", "payment", "job"), request)
    with_company(request.company, page.rows)
    return _page(request, "billing_unapplied", "billing/unapplied.html", {"page": page})


@require_GET
@hidden_without(Right.SEE_MONEY)
@only_reads
def payments(request: StaffRequest) -> HttpResponse:
    """What came in on a day or in some days, by method: a day's closing."""
    form, since, through = _days(request)
    page = page_of(_parts(request, since, through), request)
    by_method = takings(request.company, since=since, through=through)
    context = {
        "form": form,
        "since": since,
        "through": through,
        "page": page,
        "received": lines_of(request.company, page.rows),
        "takings": by_method,
        "total_cents": sum(taking.cents for taking in by_method),
        "count": sum(taking.count for taking in by_method),
        "weeks": _weeks(request),
    }
    return _page(request, "billing_payments", "billing/payments.html", context)


@require_GET
@handles_money(Right.EXPORT)
def export(request: StaffRequest, table: str, form: str) -> HttpResponseBase:
    """A list of Billing as a file, narrowed and of the days it was asked for."""
    if table not in EXPORTS or form not in ("csv", "xlsx"):
        raise Http404
    return table_answer(EXPORTS[table](request), form, f"{table}-{request.company.today}")


def _page(request: StaffRequest, here: str, template: str, context: dict[str, Any]) -> HttpResponse:
    tabs = section_tabs(BILLING_TABS, here, has_storage=request.company.has_storage)
    return render(request, template, {"tabs": tabs, **context})


def _invoices(request: StaffRequest) -> InvoiceFilter:
    return InvoiceFilter(request.GET, queryset=request.company.invoices.all(), request=request)


def _default_order(request: StaffRequest) -> str:
    """What is due first, of open invoices; else the latest first."""
    return "-issued" if request.GET.get("status") in ("draft", "paid", "void", "all") else "due"


def _day(request: StaffRequest) -> tuple[DayForm, date]:
    """The day asked for, today when it is none."""
    form = DayForm(request.GET or None, initial={"on": request.company.today})
    form.full_clean()
    on = form.cleaned_data.get("on") if form.is_bound else None
    return form, on or request.company.today


def _columns(aged: Any) -> list[int]:
    return [*aged.late_cents, aged.rest_cents]


def _unapplied(request: StaffRequest) -> Any:
    return request.company.payment_parts.unapplied().order_by("on", "id")


def _days(request: StaffRequest) -> tuple[DaysForm, date, date]:
    """The days asked for; one of them alone is that day, none is today."""
    today = request.company.today
    form = DaysForm(request.GET or None, initial={"since": today, "through": today})
    form.full_clean()
    said = form.cleaned_data if form.is_bound else {}
    since = said.get("since") or said.get("through") or today
    through = said.get("through") or since
    return form, min(since, through), max(since, through)


def _parts(request: StaffRequest, since: date, through: date) -> Any:
    """Money that came in and went out, the latest first."""
    parts = request.company.payment_parts.filter(
        payment__company=request.company,
        payment__kind__in=Payment.OF_MONEY,
        payment__on__range=(since, through),
    )
    rows = received(request.company, parts).select_related("customer")
    return rows.order_by("-payment__on", "-payment", "id")


def _weeks(request: StaffRequest) -> Any:
    today = request.company.today
    first = monday_of(today) - timedelta(weeks=WEEKS - 1)
    paid = money_in(request.company, since=first, through=today).order_by()
    by_day = paid.values_list("on").annotate(cents=Sum("amount_cents"))
    return weeks(list(by_day), first=first, count=WEEKS)


def _invoices_file(request: StaffRequest) -> Table:
    found = _invoices(request)
    default = _default_order(request)
    rows = sort_rows(found.qs, request, ORDERS, HEADS, default)
    return invoices_table(request.company, rows, by=request.member)


def _aging_file(request: StaffRequest) -> Table:
    aged = aging(request.company, _day(request)[1])
    return aging_table(request.company, aged, by=request.member)


def _unapplied_file(request: StaffRequest) -> Table:
    return payments_table(request.company, _unapplied(request), by=request.member)


def _payments_file(request: StaffRequest) -> Table:
    _, since, through = _days(request)
    rows = _parts(request, since, through)
    return payments_table(request.company, rows, by=request.member)


EXPORTS: dict[str, Callable[[StaffRequest], Table]] = {
    "invoices": _invoices_file,
    "aging": _aging_file,
    "unapplied": _unapplied_file,
    "payments": _payments_file,
}
