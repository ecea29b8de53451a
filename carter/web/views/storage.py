"""Storage: the list of storage jobs, a customer's, and taking a new one."""

from typing import Any

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from carter.companies.rights import Right
from carter.customers.models import Customer
from carter.jobs.models import Job
from carter.storage.models import Location, StorageJob
from carter.storage.models.storage_job import (
    BY_MOVE_IN,
    BY_MOVE_OUT,
    LATEST_IN_FIRST,
    LATEST_OUT_FIRST,
)
from carter.storage.owing import with_storage_balances
from carter.storage.placing import CannotPlace, place
from carter.storage.taking import said_of, take_storage_job
from carter.web.access import needs, of_storage
from carter.web.forms.storage import StorageForm, StorageIntakeForm
from carter.web.lists import Page, columns, page_of, sort_rows
from carter.web.middleware.company import StaffRequest
from carter.web.once import do_or_tell, fresh_token
from carter.web.replica import only_reads
from carter.web.storage_filters import StorageFilter
from carter.web.tabs import STORAGE_TABS, section_tabs
from carter.web.views.finding import customer_asked_for, the_customer
from carter.web.views.finding_storage import location_asked_for, move_asked_for
from carter.web.views.leads import saved_details
from carter.web.views.pages import customer_page, lead_on

ORDERS: dict[str, tuple[Any, ...]] = {
    "number": ("job",),
    "-number": ("-job",),
    "in": BY_MOVE_IN,
    "-in": LATEST_IN_FIRST,
    "out": BY_MOVE_OUT,
    "-out": LATEST_OUT_FIRST,
}
HEADS = [
    ("Storage job", "number", False),
    ("Stage", "", False),
    ("Type", "", False),
    ("Locations", "", False),
    ("Move-in", "in", False),
    ("Move-out", "out", False),
    ("Monthly price", "", True),
    ("Balance", "", True),
]

SHOWN = ("company", "type", "move_in_on", "move_out_on", "monthly_price_cents")
WHOSE = ("name", "do_not_service", "do_not_service_reason")
CALLER = ("name", "company_name", "phone", "email")
SHOWN_OF_JOB = ("company", "number", "stage", *CALLER, *(f"customer__{column}" for column in WHOSE))
"""Reading whole jobs would take half as long again."""


@of_storage
@require_GET
@only_reads
def index(request: StaffRequest) -> HttpResponse:
    """The Storage list: what is reserved and in the warehouse, newest first."""
    found = StorageFilter(request.GET, queryset=request.company.storage_jobs, request=request)
    heads = HEADS if request.member.may(Right.SEE_MONEY) else HEADS[:-2]
    rows = sort_rows(found.qs, request, ORDERS, heads, "-number")
    context = {
        "filter": found,
        "page": _page_of(rows, request),
        "columns": columns(request, heads, "-number"),
        "tabs": section_tabs(STORAGE_TABS, "storage"),
    }
    return render(request, "storage/index.html", context)


@of_storage
@require_GET
def of_customer(request: StaffRequest, customer_id: int) -> HttpResponse:
    """The tab **Storage Jobs** of a customer."""
    customer = the_customer(request, customer_id)
    if not customer.is_current:
        return lead_on(request, customer, "customer_storage")
    theirs = request.company.storage_jobs.filter(job__customer=customer)
    rows = theirs.prefetch_related("job__links").order_by(*LATEST_IN_FIRST)
    page = _page_of(rows, request)
    return customer_page(
        request, customer, "customer_storage", "storage/customer.html", {"page": page}
    )


@of_storage
@require_http_methods(["GET", "POST"])
@needs(Right.EDIT)
def new(request: StaffRequest) -> HttpResponse:
    """New Storage Job: alone, for a customer, from a move, or for a location on the plan."""
    move, location = move_asked_for(request), location_asked_for(request)
    chosen = move.customer if move else customer_asked_for(request)
    request.section = "/storage/"
    typed = None if "use" in request.POST else (request.POST or None)
    intake = StorageIntakeForm(
        typed,
        company=request.company,
        member=request.member,
        chosen=chosen,
        initial=_starting_from(request, chosen, move),
    )
    terms = StorageForm(typed, member=request.member, initial=_typed(request))
    if intake.is_valid() and terms.is_valid():
        done = do_or_tell(
            request,
            terms,
            lambda: _take(request, intake, terms, chosen, move, location).get_absolute_url(),
            CannotPlace,
        )
        if done is not None:
            return done
    context = {
        "form": intake,
        "terms": terms,
        "chosen": chosen,
        "move": move,
        "location": location,
        "once": request.POST.get("once") or fresh_token(),
    }
    wrong = intake.errors or terms.errors
    return render(request, "storage/new.html", context, status=422 if wrong else 200)


@transaction.atomic
def _take(
    request: StaffRequest,
    intake: StorageIntakeForm,
    terms: StorageForm,
    chosen: Customer | None,
    move: Job | None,
    location: Location | None,
) -> StorageJob:
    company = request.company
    storage_job = take_storage_job(
        company=company,
        intake=intake.cleaned_data,
        terms=terms.cleaned_data,
        customer=chosen,
        from_move=move,
        by=request.member,
    )
    if location is not None:
        first = storage_job.move_in_on or company.today
        place(storage_job, locations=[location], on=first, by=request.member)
    return storage_job


def _page_of(rows: QuerySet[StorageJob], request: StaffRequest) -> Page[Any]:
    """A page of storage jobs with what a list shows of them.

    All are of one company, which is at hand: joined to it the database would sort the whole book.
    """
    stays = request.company.stays.standing().select_related("location")
    shown = rows.select_related("job__customer").prefetch_related(
        Prefetch("stays", stays.order_by("location__name"), to_attr="places")
    )
    shown = shown.only(*SHOWN, *(f"job__{column}" for column in SHOWN_OF_JOB))
    sees_money = request.member.may(Right.SEE_MONEY)
    page = page_of(with_storage_balances(shown) if sees_money else shown, request)
    for row in page.rows:
        row.company = row.job.company = request.company
    return page


def _starting_from(
    request: StaffRequest, chosen: Customer | None, move: Job | None
) -> dict[str, Any]:
    """What was typed so far, completed with what the move or the chosen customer says."""
    saved = said_of(move) if move else saved_details(chosen) if chosen else {}
    return {"category": "residential", **saved, **_typed(request)}


def _typed(request: StaffRequest) -> dict[str, Any]:
    return {name: value for name, value in request.POST.items() if value}
