"""Customers: the list, and the page of one customer with its tabs."""

from typing import Any

from django.db.models import F
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from carter.among import many
from carter.billing.balances import with_balances, with_job_balances
from carter.companies.rights import Right
from carter.customers.adding import add_customer
from carter.customers.alike import once
from carter.customers.changing import ChangedMeanwhile, change_customer
from carter.customers.labelling import tags_of
from carter.customers.mains import REACHED_BY, with_mains
from carter.customers.models import Customer
from carter.jobs.models import LATEST_FIRST, Stage
from carter.jobs.moves import jobs_count, last_move_on, with_moves
from carter.merging.receipts import merges_into
from carter.prepared import Given, Prepared
from carter.web.access import needs
from carter.web.boards import board_of
from carter.web.filters import CustomerFilter
from carter.web.forms.customers import CustomerForm, NewCustomerForm, NoteForm
from carter.web.lists import columns, page_of, sort_rows
from carter.web.middleware.company import StaffRequest
from carter.web.once import do_once, fresh_token
from carter.web.replica import only_reads
from carter.web.rows import customer_row
from carter.web.views.finding import the_current_customer, the_customer
from carter.web.views.histories import as_it_was
from carter.web.views.households import circle_panel
from carter.web.views.pages import customer_page, lead_on, now_part_of

OWED = Coalesce(F("owed__balance_cents"), 0)
"""The balance as the database keeps it for lists; shown is always the sum of the ledger."""
ORDERS: dict[str, tuple[Any, ...]] = {
    "name": ("sort_name", "id"),
    "-name": ("-sort_name", "-id"),
    "jobs": (jobs_count().asc(), "id"),
    "-jobs": (jobs_count().desc(), "id"),
    "move": (last_move_on().asc(nulls_last=True), "id"),
    "-move": (last_move_on().desc(nulls_last=True), "id"),
    "balance": (OWED.asc(), "id"),
    "-balance": (OWED.desc(), "id"),
}
HEADS = [
    ("Name", "name", False),
    ("Move Category", "", False),
    ("Contact", "", False),
    ("Jobs", "jobs", True),
    ("Last move", "move", False),
    ("Account Balance", "balance", True),
]


@require_GET
@only_reads
def index(request: StaffRequest) -> HttpResponse:
    """The Customers list."""
    listed = request.company.customers.current()
    found = CustomerFilter(request.GET or None, queryset=listed, request=request)
    sees_money = request.member.may(Right.SEE_MONEY)
    heads = HEADS if sees_money else HEADS[:-1]
    page = page_of(sort_rows(found.qs, request, ORDERS, heads, "name"), request)
    _fill(page.rows)
    tags = tags_of(page.rows)
    context = {
        "filter": found,
        "page": page,
        "rows": [customer_row(row, tags[row.pk], sees_money=sees_money) for row in page.rows],
        "columns": columns(request, heads, "name"),
    }
    return render(request, "customers/index.html", context)


@require_http_methods(["GET", "POST"])
@needs(Right.EDIT)
def new(request: StaffRequest) -> HttpResponse:
    """Add a customer without a lead."""
    form = NewCustomerForm(request.POST or None)
    if form.is_valid():
        said = form.as_new_customer()
        return do_once(
            request,
            lambda: add_customer(
                company=request.company, new=said, by=request.member
            ).get_absolute_url(),
        )
    context = {"form": form, "once": request.POST.get("once") or fresh_token()}
    return render(request, "customers/new.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def details(request: StaffRequest, customer_id: int) -> HttpResponse:
    """The tab **Customer Details**."""
    opened = the_customer(request, customer_id)
    customer = opened.leads_to
    if request.GET.get("as") == "record" and opened != customer:
        return as_it_was(request, opened)
    if not customer.is_current or (request.method == "GET" and opened != customer):
        return lead_on(request, opened)
    if request.method == "GET" and "edit" not in request.GET:
        return _details_page(request, customer)
    request.member.must(Right.EDIT)
    form = CustomerForm(request.POST or None, instance=customer)
    if request.method == "POST" and form.is_valid():
        if opened != customer:
            form.turn_to(customer)
            form.add_error(None, f"{now_part_of(opened)} Nothing is saved yet.")
        elif _changed(customer, form, request):
            return redirect(customer)
    return _details_page(request, customer, form=form)


@require_GET
def jobs(request: StaffRequest, customer_id: int) -> HttpResponse:
    """The tab **Moving Jobs**: all leads and jobs, as a list by stage or as a board."""
    customer = the_customer(request, customer_id)
    if not customer.is_current:
        return lead_on(request, customer, "customer_jobs")
    rows = customer.jobs.moves().select_related("company", "customer").prefetch_related("links")
    if request.GET.get("view") == "board":
        context: dict[str, Any] = {"board": board_of("customer", rows)}
        return customer_page(
            request, customer, "customer_jobs", "customers/jobs_board.html", context
        )
    asked = request.GET.get("stage", "")
    stage = Stage(asked) if asked in Stage.values else None
    shown = rows.filter(stage=stage) if stage else rows
    page = page_of(with_job_balances(shown).order_by(*LATEST_FIRST), request)
    context = {"page": page, "stage": stage}
    return customer_page(request, customer, "customer_jobs", "customers/jobs.html", context)


@require_POST
@needs(Right.EDIT)
def notes(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Add a note to the customer's log."""
    customer = the_current_customer(request, customer_id)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _details_page(request, customer, note_form=form)
    return do_once(request, lambda: _noted(customer, form.cleaned_data["text"], request))


def _fill(customers: list[Customer]) -> None:
    """Let each have what the list shows beside its own columns. One query, whatever the order."""
    found = SHOWN(keys=many(customer.pk for customer in customers)) if customers else ()
    shown = {key: values for key, *values in found}
    for customer in customers:
        vars(customer).update(zip(SHOWN_OF_EACH, shown[customer.pk], strict=True))


def _shown() -> Any:
    customers = Customer.across_companies.filter(pk__among=Given("keys"))
    shown: Any = with_mains(with_balances(with_moves(customers)))
    return shown.values_list("pk", *SHOWN_OF_EACH)


SHOWN_OF_EACH = ("balance_cents", "jobs_count", "last_move_on", "main_phone", "main_email")
SHOWN: Prepared[Any] = Prepared(_shown)


def _changed(customer: Customer, form: CustomerForm, request: StaffRequest) -> bool:
    """Change what was typed; else the form says what somebody else changed meanwhile."""
    try:
        change_customer(customer, values=form.cleaned_data, was=form.was, by=request.member)
    except ChangedMeanwhile as clash:
        form.tell_apart(clash)
    return not form.errors


def _noted(customer: Customer, text: str, request: StaffRequest) -> str:
    customer.add_note(text, by=request.member)
    return customer.get_absolute_url()


def _details_of(customer: Customer) -> list[dict[str, Any]]:
    """The collections of **Customer Details**, current ones first."""
    return [
        {
            "kind": model._meta.default_related_name,
            "title": f"{model._meta.verbose_name_plural}".title(),
            "noun": model.noun,
            "rows": sorted(once(model.of(customer)), key=lambda row: row.is_former),
        }
        for model in REACHED_BY
    ]


def _main_ones(details: list[dict[str, Any]]) -> dict[str, Any]:
    """The main contact, phone and email, for the head: the first of each that is in use."""
    return {
        f"main_{group['noun']}": next((row for row in group["rows"] if not row.is_former), None)
        for group in details
    }


def _details_page(
    request: StaffRequest,
    customer: Customer,
    *,
    form: CustomerForm | None = None,
    note_form: NoteForm | None = None,
) -> HttpResponse:
    """The tab **Customer Details**, with a form that is being filled in if there is one."""
    details = _details_of(customer)
    context = {
        "form": form,
        "details": details,
        **_main_ones(details),
        "page": page_of(customer.notes.select_related("by__user"), request),
        "note_form": note_form or NoteForm(),
        "tags": customer.customer_tags.once().select_related("tag").order_by("tag__name"),
        "merges": merges_into(customer),
        "all_tags": request.company.tags.all(),
        **circle_panel(customer),
        "once": request.POST.get("once") or fresh_token(),
    }
    wrong = (form and form.errors) or (note_form and note_form.errors)
    return customer_page(
        request,
        customer,
        "customer",
        "customers/details.html",
        context,
        status=422 if wrong else 200,
    )
