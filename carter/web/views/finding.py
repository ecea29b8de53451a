"""Rows of the company that an address or a form names."""

from typing import TypeVar

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from carter.companies.tenancy import CompanyOwned, know_company
from carter.customers.models import Customer
from carter.jobs.models import Job
from carter.prepared import Given, Prepared
from carter.web.forms import is_key
from carter.web.middleware.company import StaffRequest

MOST_TICKED = 5_000

Row = TypeVar("Row", bound=CompanyOwned)

ONE = {"company": Given("company"), "pk": Given("key")}
CUSTOMERS = Prepared(lambda: Customer.across_companies.filter(**ONE).select_related("head"))
JOBS = Prepared(
    lambda: Job.across_companies.filter(**ONE).select_related(
        "customer", "owner__user", "born_to", "repeats"
    )
)


def the_customer(request: StaffRequest, customer_id: int) -> Customer:
    """A customer of the company, current or not; 404 for anything else."""
    return _the_one(request, CUSTOMERS, customer_id)


def the_job(request: StaffRequest, job_id: int) -> Job:
    """A lead, job or storage job of the company; 404 for anything else.

    While the Storage module is off there are no storage jobs.
    """
    job = _the_one(request, JOBS, job_id)
    if job.is_storage and not request.company.has_storage:
        raise Http404
    request.section = _section_of(job)
    return job


def the_move(request: StaffRequest, job_id: int) -> Job:
    """A lead or job of the company; 404 for anything else."""
    job = the_job(request, job_id)
    if job.is_storage:
        raise Http404
    return job


def the_current_customer(request: StaffRequest, customer_id: int) -> Customer:
    """Who has the record now: what is sent to a merged or retired customer goes to them."""
    customer = the_customer(request, customer_id).leads_to
    if not customer.is_current:
        raise Http404
    return customer


def customer_asked_for(request: StaffRequest) -> Customer | None:
    """The existing customer a form or address chose, if it chose one; 404 for a stranger's.

    A customer who was retired or merged since the page was opened leads to who has the record;
    for one who was taken back with an import nobody is chosen, and the person is told.
    """
    asked = request.POST.get("use") or request.POST.get("customer") or request.GET.get("customer")
    if not asked:
        return None
    number = row_id(asked)
    if number is None:
        raise Http404
    customer = the_customer(request, number)
    if customer.leads_to.is_current:
        return customer.leads_to
    messages.warning(
        request, f"{customer.code} {customer.name} came with an import that was undone."
    )
    return None


def ids_in(request: StaffRequest) -> list[int]:
    """The ticked rows of a list; what no row can have as its id is left out."""
    found = (row_id(one) for one in request.POST.getlist("ids")[:MOST_TICKED])
    return [one for one in found if one is not None]


def back_to_list(request: StaffRequest, name: str) -> HttpResponse:
    """The list as it was narrowed and ordered when rows of it were ticked."""
    asked = request.POST.get("list", "")
    return redirect(f"{reverse(name)}?{asked}" if asked else name)


def _section_of(job: Job) -> str:
    if job.is_storage:
        return "/storage/"
    return "/leads/" if job.is_lead else "/jobs/"


def row_id(typed: str) -> int | None:
    return int(typed) if is_key(typed) else None


def _the_one(request: StaffRequest, rows: Prepared[Row], key: int) -> Row:
    found = rows(company=request.company.pk, key=key) if is_key(str(key)) else ()
    if not found:
        raise Http404
    know_company(found[0], request.company)
    return found[0]
