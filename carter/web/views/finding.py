"""Rows of the company that an address or a form names."""

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from carter.customers.models import Customer
from carter.jobs.models import Job
from carter.web.middleware.company import StaffRequest


def the_customer(request: StaffRequest, customer_id: int) -> Customer:
    """A customer of the company, current or not; 404 for anything else."""
    return get_object_or_404(
        request.company.customers.select_related("company", "head"), pk=customer_id
    )


def the_job(request: StaffRequest, job_id: int) -> Job:
    """A lead or job of the company; 404 for anything else."""
    job: Job = get_object_or_404(_jobs(request), pk=job_id)
    request.section = "/leads/" if job.is_lead else "/jobs/"
    return job


def customer_asked_for(request: StaffRequest) -> Customer | None:
    """The existing customer a form or address chose, if it chose one; 404 for a stranger's."""
    asked = request.POST.get("use") or request.POST.get("customer") or request.GET.get("customer")
    if not asked:
        return None
    if not (asked.isascii() and asked.isdigit() and len(asked) < 19):
        raise Http404
    return get_object_or_404(request.company.customers.current(), pk=int(asked))


def _jobs(request: StaffRequest) -> QuerySet[Job]:
    return request.company.jobs.select_related(
        "company", "customer__company", "owner__user", "born_to", "repeats__company"
    )
