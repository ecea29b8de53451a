"""A customer's statement of account, and what makes up the Account Balance."""

from datetime import date
from typing import Any

from django.db.models import Sum
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from carter.billing.aging import open_on
from carter.billing.balances import breakdown_of, total_of
from carter.billing.statements import statement
from carter.companies.rights import Right
from carter.customers.models import Customer
from carter.paperwork.statements import Kind, aged, statement_as_pdf
from carter.paperwork.words import entry_words
from carter.transfer.exporting.money import statement_table
from carter.web.access import hidden_without
from carter.web.charts import bar
from carter.web.files import pdf_answer, table_answer
from carter.web.lists import PAGE, page_of
from carter.web.middleware.company import StaffRequest
from carter.web.money_filters import StatementForm
from carter.web.replica import only_reads
from carter.web.views.finding import the_customer
from carter.web.views.pages import lead_on

OPEN_ITEM: Kind = "open-item"


@require_GET
@hidden_without(Right.SEE_MONEY)
@only_reads
def balance(request: StaffRequest, customer_id: int) -> HttpResponse:
    """What makes up the **Account Balance**."""
    customer = the_customer(request, customer_id)
    if not customer.is_current:
        return lead_on(request, customer, "customer_balance")
    context = {"customer": customer, "made_of": breakdown_of(customer)}
    return render(request, "statements/balance.html", context)


@require_GET
@hidden_without(Right.SEE_MONEY)
@only_reads
def page(request: StaffRequest, customer_id: int) -> HttpResponse:
    """The statement: open items, balance forward or activity, of any days."""
    customer = the_customer(request, customer_id)
    if not customer.is_current:
        return redirect("customer_statement", customer.leads_to.pk)
    form, kind, since, through = _asked(request)
    ages = aged(customer, through)
    context = {
        "customer": customer,
        "form": form,
        "kind": kind,
        "since": since,
        "through": through,
        "ages": ages,
        "pieces": _pieces(ages),
        "rest_cents": ages[-1]["amount_cents"],
        "closing_cents": sum(each["amount_cents"] for each in ages),
        **(_items(request, customer) if kind == OPEN_ITEM else _lines(request, customer)),
    }
    return render(request, "statements/page.html", context)


@require_GET
@hidden_without(Right.SEE_MONEY)
@only_reads
def file(request: StaffRequest, customer_id: int, form: str) -> HttpResponseBase:
    """The same as PDF, or the account as CSV or XLSX."""
    customer = the_customer(request, customer_id).leads_to
    _, kind, since, through = _asked(request)
    name = f"statement-{customer.code}-{through}"
    if form == "pdf":
        return pdf_answer(
            request,
            lambda: statement_as_pdf(customer, kind, since=since, through=through),
            name,
        )
    account = statement(customer, since=since, through=through)
    return table_answer(statement_table(account, by=request.member), form, name)


def _asked(request: StaffRequest) -> tuple[StatementForm, Kind, date | None, date]:
    """What is asked for; what makes no sense is left at: open items, today."""
    form = StatementForm(request.GET or None, initial={"through": request.company.today})
    form.full_clean()
    said: dict[str, Any] = form.cleaned_data if form.is_bound else {}
    kind = said.get("kind") or OPEN_ITEM
    return form, kind, said.get("since"), said.get("through") or request.company.today


def _items(request: StaffRequest, customer: Customer) -> dict[str, Any]:
    """A page of the invoices that were open at the end of the day, the oldest due first."""
    _, _, _, through = _asked(request)
    rows = open_on(customer.invoices.all(), through).exclude(was_open_cents=0).select_related("job")
    page = page_of(rows.order_by("due_on", "id"), request)
    for invoice in page.rows:
        invoice.company = request.company
        if invoice.job is not None:
            invoice.job.company = request.company
    return {"page": page}


def _lines(request: StaffRequest, customer: Customer) -> dict[str, Any]:
    """A page of the account, each line with what was owed after it.

    Only the page is read; what stands before it is added up.
    """
    _, _, since, through = _asked(request)
    opening = total_of(customer.entries.filter(on__lt=since)) if since else 0
    rows = customer.entries.filter(on__lte=through).order_by("on", "id")
    rows = rows.filter(on__gte=since) if since else rows
    page = page_of(rows.select_related("charge", "part__payment", "job"), request)
    before = rows[: (page.number - 1) * PAGE].aggregate(total=Sum("amount_cents"))["total"]
    running, lines = opening + (before or 0), []
    for entry in page.rows:
        entry.company = request.company
        if entry.part is not None:
            entry.part.payment.company = request.company
        if entry.job is not None:
            entry.job.company = request.company
        running += entry.amount_cents
        lines.append((entry, entry_words(entry), running))
    return {"page": page, "lines": lines, "opening_cents": opening}


def _pieces(ages: list[Any]) -> Any:
    return bar([each["words"] for each in ages], [each["amount_cents"] for each in ages])
