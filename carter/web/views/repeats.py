"""**Possible Repeat Customer**: the candidates of a lead, and what a person says of them."""

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from carter.billing.balances import with_balances, with_job_balances
from carter.companies.rights import Right
from carter.customers.models import Email, Phone
from carter.jobs.linking import (
    AlreadyDone,
    CannotLink,
    link_job,
    offered_details,
    standing_link,
    unlink_job,
)
from carter.jobs.models import LATEST_FIRST, Job
from carter.jobs.repeats import candidates_of, said_at_intake
from carter.matching.decide import (
    CannotDecide,
    not_the_same,
    same_customer,
    same_household,
)
from carter.matching.decided import decided_about, decisions_about
from carter.matching.find import Match
from carter.matching.picture import waterfall
from carter.matching.verdicts import Verdict
from carter.matching.waterfall import steps_of
from carter.web.access import needs
from carter.web.forms.jobs import DecisionForm
from carter.web.middleware.company import StaffRequest
from carter.web.views.finding import customer_asked_for, row_id, the_job
from carter.web.views.households import withdraw_and_tell

JOBS_SHOWN = 5
VERDICTS = {
    "same": ("the same customer", same_customer),
    "same-household": ("the same household", same_household),
    "not-the-same": ("not the same", not_the_same),
}


@require_GET
def candidates(request: StaffRequest, job_id: int) -> HttpResponse:
    """**View**: each existing profile that may be the same, with its jobs and the evidence."""
    job = the_job(request, job_id)
    profiles = _profiles(request, candidates_of(job))
    context = {
        "job": job,
        "candidates": [each for each in profiles if each["match"].verdict != Verdict.NAMESAKE],
        "namesakes": [each for each in profiles if each["match"].verdict == Verdict.NAMESAKE],
        "decided": decided_about(request.company, [job.customer])[job.customer_id],
    }
    return render(request, "jobs/candidates.html", context)


@require_http_methods(["GET", "POST"])
@needs(Right.LINK)
def link(request: StaffRequest, job_id: int) -> HttpResponse:
    """Confirm, then link the job to the customer."""
    job = the_job(request, job_id)
    customer = customer_asked_for(request)
    if customer is None:
        return redirect("job_candidates", job_id)
    offered = offered_details(job, to=customer)
    error = ""
    if request.method == "POST":
        accepted = [detail for detail in offered if _ticked(request, detail)]
        try:
            with suppress(AlreadyDone):
                link_job(
                    job, to=customer, bringing=accepted, seen=_seen(request), by=request.member
                )
        except CannotLink as reason:
            error, job = str(reason), the_job(request, job_id)
        else:
            messages.success(request, f"{job} is linked to {customer.name}.")
            return redirect("customer_jobs", customer.pk)
    context = {
        "job": job,
        "customer": customer,
        "offered": offered,
        "standing": standing_link(job),
        "error": error,
    }
    return render(request, "jobs/link.html", context, status=422 if error else 200)


@require_http_methods(["GET", "POST"])
@needs(Right.LINK)
def unlink(request: StaffRequest, job_id: int) -> HttpResponse:
    """Confirm, then give the job back to the customer it came from."""
    job = the_job(request, job_id)
    error = ""
    if request.method == "POST":
        try:
            with suppress(AlreadyDone):
                unlink_job(job, seen=_seen(request), by=request.member)
        except CannotLink as reason:
            error, job = str(reason), the_job(request, job_id)
        else:
            messages.success(request, f"{job} is back with {job.refreshed().customer.name}.")
            return redirect(job)
    context = {"job": job, "standing": standing_link(job), "error": error}
    return render(request, "jobs/unlink.html", context, status=422 if error else 200)


@require_POST
@needs(Right.EDIT)
def decisions(request: StaffRequest, job_id: int) -> HttpResponse:
    """**Same Household** or **Not the Same**, for the lead's customer and a candidate."""
    job, other = the_job(request, job_id), customer_asked_for(request)
    form = DecisionForm(request.POST)
    if other is None or not form.is_valid():
        messages.error(request, "Choose a customer and Same Household or Not the Same.")
        return redirect("job_candidates", job_id)
    words, decide = VERDICTS[form.cleaned_data["verdict"]]
    try:
        decide(
            job.customer,
            other,
            reason=form.cleaned_data["reason"],
            said=said_at_intake(job),
            by=request.member,
        )
    except CannotDecide as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, f"{other.name} is noted as {words}.")
    return redirect("job_candidates", job_id)


@require_POST
@needs(Right.EDIT)
def withdrawal(request: StaffRequest, job_id: int, decision_id: int) -> HttpResponse:
    """Take a decision about the lead's customer back."""
    job = the_job(request, job_id)
    decision = get_object_or_404(
        decisions_about(request.company, [job.customer_id]), pk=decision_id
    )
    withdraw_and_tell(request, job.customer, decision)
    return redirect("job_candidates", job_id)


def _seen(request: StaffRequest) -> int | None:
    """The key of the standing link that the person was shown, 0 for none."""
    return row_id(request.POST.get("standing", ""))


def _ticked(request: StaffRequest, detail: Phone | Email | Any) -> bool:
    return f"{detail.noun}-{detail.pk}" in request.POST.getlist("bring")


def _profiles(request: StaffRequest, matches: list[Match]) -> list[dict[str, Any]]:
    """Each match with its customer's details and latest jobs; a constant number of queries."""
    ids = [match.customer.pk for match in matches]
    customers = {
        customer.pk: customer
        for customer in with_balances(
            request.company.customers.filter(pk__in=ids)
            .select_related("company")
            .prefetch_related("phones", "emails", "addresses", "contacts")
        )
    }
    jobs: dict[int, list[Job]] = {}
    rows = request.company.jobs.filter(customer__in=ids).select_related("company")
    for job in with_job_balances(rows).order_by(*LATEST_FIRST):
        jobs.setdefault(job.customer_id, []).append(job)
    return [
        {
            "match": match,
            "picture": _picture(match),
            "customer": customers[match.customer.pk],
            "jobs": jobs.get(match.customer.pk, [])[:JOBS_SHOWN],
            "jobs_in_all": len(jobs.get(match.customer.pk, [])),
        }
        for match in matches
    ]


def _picture(match: Match) -> str:
    """How the evidence adds up, as a waterfall chart."""
    drawn = waterfall(steps_of(match.score), title="How this adds up", by_itself=False)
    return mark_safe(drawn)  # noqa: S308 (an SVG of ours, every word in it escaped)
