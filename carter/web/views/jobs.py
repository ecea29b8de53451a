"""Jobs: the list and the board, and the page of one lead or job."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from carter.billing.balances import with_job_balances
from carter.companies.rights import Right
from carter.jobs.models import LATEST_FIRST, SOONEST_FIRST, Job, Stage
from carter.jobs.moving import CannotMove, move_to_stage, repeat_job
from carter.web.access import needs
from carter.web.boards import board_of
from carter.web.filters import JobFilter
from carter.web.forms.customers import NoteForm
from carter.web.forms.jobs import IntakeForm, StageForm
from carter.web.lists import columns, page_of, sort_rows
from carter.web.middleware.company import StaffRequest
from carter.web.once import do_once, fresh_token
from carter.web.replica import only_reads
from carter.web.rows import job_row
from carter.web.views.finding import the_job, the_move
from carter.web.views.intakes import intake_page
from carter.web.views.pages import job_page

ORDERS: dict[str, tuple[Any, ...]] = {
    "move": SOONEST_FIRST,
    "-move": LATEST_FIRST,
    "number": ("number",),
    "-number": ("-number",),
}
HEADS = [
    ("Job", "number", False),
    ("Stage", "", False),
    ("Move date", "move", False),
    ("Route", "", False),
    ("Size", "", False),
    ("Charged", "", True),
    ("Balance", "", True),
]


@require_GET
@only_reads
def index(request: StaffRequest) -> HttpResponse:
    """Booked, running and completed jobs, or as a board by stage."""
    jobs = request.company.jobs.booked().select_related("customer", "owner__user")
    found = JobFilter(request.GET, queryset=jobs, request=request)
    if request.GET.get("view") == "board":
        board = board_of("jobs", found.qs)
        return render(request, "jobs/board.html", {"filter": found, "board": board})
    sees_money = request.member.may(Right.SEE_MONEY)
    heads = HEADS if sees_money else HEADS[:-2]
    rows = sort_rows(with_job_balances(found.qs), request, ORDERS, heads, "-move")
    page = page_of(rows, request)
    context = {
        "filter": found,
        "page": page,
        "rows": [job_row(job, sees_money=sees_money) for job in page.rows],
        "columns": columns(request, heads, "-move"),
    }
    return render(request, "jobs/index.html", context)


@require_http_methods(["GET", "POST"])
def intake(request: StaffRequest, job_id: int) -> HttpResponse:
    """The tab **Intake**: what was said when the lead came in, with the banner above it."""
    job = the_job(request, job_id)
    if job.is_storage:
        return redirect(job)
    return intake_page(request, job, IntakeForm, here="job", template="jobs/intake.html")


@require_http_methods(["GET", "POST"])
def notes(request: StaffRequest, job_id: int) -> HttpResponse:
    """The tab **Notes** of a job: a dated, signed log."""
    job = the_job(request, job_id)
    form = NoteForm(request.POST or None)
    if request.method == "POST":
        request.member.must(Right.EDIT)
        if form.is_valid():
            text = form.cleaned_data["text"]
            return do_once(request, lambda: _noted(job, text, request))
    context = {
        "form": form,
        "notes": job.notes.select_related("by__user"),
        "once": request.POST.get("once") or fresh_token(),
    }
    return job_page(
        request, job, "job_notes", "jobs/notes.html", context, status=422 if form.errors else 200
    )


@require_GET
def history(request: StaffRequest, job_id: int) -> HttpResponse:
    """The tab **History** of a job."""
    job = the_job(request, job_id)
    page = page_of(job.events.select_related("by__user"), request)
    return job_page(request, job, "job_history", "jobs/history.html", {"page": page})


@require_http_methods(["GET", "POST"])
@needs(Right.EDIT)
def stage(request: StaffRequest, job_id: int) -> HttpResponse:
    """Move a lead or job to another stage; asks for the reason where one is needed."""
    job = the_move(request, job_id)
    asked = request.POST.get("stage") or request.GET.get("stage", "")
    form = StageForm(
        request.POST or None,
        initial={"stage": asked},
        asks_among=() if asked in Stage.values else job.next_stages,
    )
    if request.method == "POST" and form.is_valid():
        try:
            moved = move_to_stage(job, by=request.member, **form.cleaned_data)
        except CannotMove as reason:
            form.add_error("reason", str(reason))
        else:
            messages.success(request, f"{moved} is now {moved.get_stage_display().lower()}.")
            return redirect(_back_to(request, moved))
    context = {
        "job": job,
        "form": form,
        "stage": Stage(asked) if asked in Stage.values else None,
        "next": request.POST.get("next", ""),
    }
    return render(
        request, "jobs/stage.html", context, status=422 if request.method == "POST" else 200
    )


@require_POST
@needs(Right.EDIT)
def copies(request: StaffRequest, job_id: int) -> HttpResponse:
    """Duplicate a job for a repeat move."""
    job = the_move(request, job_id)
    return do_once(request, lambda: repeat_job(job, by=request.member).get_absolute_url())


def _noted(job: Job, text: str, request: StaffRequest) -> str:
    job.add_note(text, by=request.member)
    return request.path


def _back_to(request: StaffRequest, job: Job) -> Any:
    """The board the card was moved on, narrowed as it was, or the job's page."""
    asked = request.POST.get("next", "")
    boards = (reverse("leads"), reverse("jobs"), reverse("customer_jobs", args=[job.customer_id]))
    return asked if asked.partition("?")[0] in boards else job
