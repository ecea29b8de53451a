"""The pages that tabs stand on: a customer's and a job's, with the head all their tabs share."""

from functools import cache, partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from carter.billing.balances import balance_of
from carter.companies.rights import Right
from carter.customers.models import Contact, Customer, Email, Phone
from carter.jobs.linking import standing_link
from carter.jobs.models import Job, stages
from carter.web.middleware.company import StaffRequest
from carter.web.once import fresh_token
from carter.web.tabs import CUSTOMER_TABS, JOB_TABS, STORAGE_JOB_TABS, tab_bar


def customer_page(
    request: StaffRequest,
    customer: Customer,
    here: str,
    template: str,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """One tab of a customer's page; `here` is the name of its address.

    The main ones are asked for when the head shows them, unless the tab knows them already.
    """
    shared = {
        "customer": customer,
        "tabs": tab_bar(CUSTOMER_TABS, customer, here, member=request.member),
        "balance": balance_of(customer) if request.member.may(Right.SEE_MONEY) else None,
        "main_phone": cache(partial(Phone.main_of, customer)),
        "main_email": cache(partial(Email.main_of, customer)),
        "main_contact": cache(partial(Contact.main_of, customer)),
    }
    return render(request, template, shared | context, status=status)


def lead_on(request: StaffRequest, customer: Customer, to: str = "customer") -> HttpResponse:
    """The address of a record that is no longer current leads to the customer who has it now."""
    if customer.head is None:
        return render(request, "customers/withdrawn.html", {"customer": customer}, status=410)
    messages.info(request, now_part_of(customer))
    return redirect(to, customer.head.pk)


def now_part_of(customer: Customer) -> str:
    return f"{customer.code} {customer.name} is now part of {customer.leads_to.name}."


def job_page(
    request: StaffRequest,
    job: Job,
    here: str,
    template: str,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """One tab of the page of a job or storage job; `here` is the name of its address."""
    tabs = STORAGE_JOB_TABS if job.is_storage else JOB_TABS
    shared = {
        "job": job,
        "tabs": tab_bar(tabs, job, here, member=request.member),
        "link": standing_link(job),
        "steps": job.next_stages,
        "needs_reason": stages.NEEDS_REASON,
        "copy_token": fresh_token(),
    }
    return render(request, template, shared | context, status=status)
