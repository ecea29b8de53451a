"""The tab **Intake** of a lead, a job or a storage job: what was said when somebody called."""

from django.http import HttpResponse
from django.shortcuts import redirect

from carter.companies.rights import Right
from carter.customers.changing import ChangedMeanwhile
from carter.jobs.models import Job
from carter.jobs.moving import change_intake
from carter.jobs.repeats import repeats_of
from carter.web.forms.jobs import CallerForm
from carter.web.middleware.company import StaffRequest
from carter.web.views.pages import job_page


def intake_page(
    request: StaffRequest, job: Job, form_class: type[CallerForm], *, here: str, template: str
) -> HttpResponse:
    """Show it with the banner above it, or correct it; `here` is the name of its address."""
    editing = request.method == "POST" or "edit" in request.GET
    form = None
    if editing:
        request.member.must(Right.EDIT)
        form = form_class(
            request.POST or None,
            instance=job,
            company=request.company,
            member=request.member,
            chosen=job.customer,
        )
    if form and request.method == "POST" and form.is_valid():
        try:
            change_intake(job, values=form.cleaned_data, was=form.was, by=request.member)
        except ChangedMeanwhile as clash:
            form.tell_apart(clash)
        else:
            return redirect(here, job.pk)
    context = {"form": form, "matches": repeats_of(job)}
    status = 422 if form and form.errors else 200
    return job_page(request, job, here, template, context, status=status)
