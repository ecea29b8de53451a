"""The page of a storage job, and what is done with it."""

from typing import Any

from django.contrib import messages
from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from carter.companies.rights import Right
from carter.customers.changing import ChangedMeanwhile
from carter.jobs.repeats import repeats_of
from carter.storage.changing import change_storage_job, link_move, unlink_move
from carter.storage.locking import NotOfStorage
from carter.storage.models import LinkedMove, Stay, StorageJob
from carter.storage.moving_in import CannotMoveIn, call_off, move_in
from carter.storage.placing import CannotPlace
from carter.web.access import needs, of_storage
from carter.web.forms.storage import DayForm, MoveForm, StorageForm, StorageIntakeForm, WhyForm
from carter.web.middleware.company import StaffRequest
from carter.web.recurring_panels import panel_of
from carter.web.views.finding_storage import the_storage_job
from carter.web.views.intakes import intake_page
from carter.web.views.pages import job_page


@of_storage
@require_http_methods(["GET", "POST"])
def page(request: StaffRequest, storage_job_id: int) -> HttpResponse:
    """The tab **Storage**: what is agreed, where the goods are, the moves, recurring invoices."""
    storage_job = the_storage_job(request, storage_job_id)
    editing = request.method == "POST" or "edit" in request.GET
    if editing:
        request.member.must(Right.EDIT)
    form = StorageForm(request.POST or None, instance=storage_job, member=request.member)
    if request.method == "POST" and form.is_valid() and _changed(storage_job, form, request):
        return redirect(storage_job)
    return _page(request, storage_job, form=form if editing else None)


@of_storage
@require_http_methods(["GET", "POST"])
def intake(request: StaffRequest, storage_job_id: int) -> HttpResponse:
    """The tab **Intake**: what was said when somebody asked for storage."""
    job = the_storage_job(request, storage_job_id).job
    return intake_page(
        request, job, StorageIntakeForm, here="storage_intake", template="storage/intake.html"
    )


@of_storage
@require_http_methods(["GET", "POST"])
@needs(Right.EDIT)
def moving_in(request: StaffRequest, storage_job_id: int) -> HttpResponse:
    """**Move In**: on which day the goods came."""
    storage_job = the_storage_job(request, storage_job_id)
    today = request.company.today
    planned = storage_job.move_in_on
    first = planned if planned is not None and planned < today else today
    form = DayForm(request.POST or None, label="The goods came on", initial={"on": first})
    if form.is_valid():
        try:
            moved = move_in(storage_job, on=form.cleaned_data["on"], by=request.member)
        except (CannotMoveIn, CannotPlace, NotOfStorage) as reason:
            form.add_error("on", str(reason))
        else:
            messages.success(request, f"{moved} is now in storage.")
            return redirect(moved)
    context = {"storage_job": storage_job, "form": form, "stays": _stays(storage_job)}
    return render(request, "storage/move_in.html", context, status=422 if form.errors else 200)


@of_storage
@require_http_methods(["GET", "POST"])
@needs(Right.EDIT)
def calling_off(request: StaffRequest, storage_job_id: int) -> HttpResponse:
    """**Call Off** a reservation; asks for the reason."""
    storage_job = the_storage_job(request, storage_job_id)
    form = WhyForm(request.POST or None)
    if form.is_valid():
        try:
            off = call_off(storage_job, reason=form.cleaned_data["reason"], by=request.member)
        except NotOfStorage as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, f"{off} is called off.")
            return redirect(off)
    context = {"storage_job": storage_job, "form": form}
    return render(request, "storage/call_off.html", context, status=422 if form.errors else 200)


@of_storage
@require_POST
@needs(Right.EDIT)
def moves(request: StaffRequest, storage_job_id: int) -> HttpResponse:
    """Link a move that brings the goods in or takes them out."""
    storage_job = the_storage_job(request, storage_job_id)
    form = MoveForm(request.POST, company=request.company)
    if form.is_valid():
        try:
            link_move(storage_job, move=form.cleaned_data["move"], by=request.member)
        except NotOfStorage as reason:
            form.add_error("move", str(reason))
        else:
            return redirect(storage_job)
    return _page(request, storage_job, move_form=form)


@of_storage
@require_POST
@needs(Right.EDIT)
def move_off(request: StaffRequest, storage_job_id: int, linked_move_id: int) -> HttpResponse:
    """Take a linked move off again."""
    storage_job = the_storage_job(request, storage_job_id)
    link = get_object_or_404(_moves(storage_job), pk=linked_move_id)
    unlink_move(link, by=request.member)
    return redirect(storage_job)


def _changed(storage_job: StorageJob, form: StorageForm, request: StaffRequest) -> bool:
    """Change what was typed; else the form says why not."""
    try:
        change_storage_job(storage_job, values=form.cleaned_data, was=form.was, by=request.member)
    except ChangedMeanwhile as clash:
        form.tell_apart(clash)
    except (CannotPlace, NotOfStorage) as reason:
        form.add_error(None, str(reason))
    return not form.errors


def _page(
    request: StaffRequest,
    storage_job: StorageJob,
    *,
    form: StorageForm | None = None,
    move_form: MoveForm | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {
        "storage_job": storage_job,
        "form": form,
        "move_form": move_form or MoveForm(company=request.company),
        "stays": _stays(storage_job),
        "moves": _moves(storage_job),
        "panel": panel_of(storage_job) if request.member.may(Right.SEE_MONEY) else None,
        "matches": repeats_of(storage_job.job),
    }
    wrong = (form and form.errors) or (move_form and move_form.errors)
    return job_page(
        request,
        storage_job.job,
        "storage_job",
        "storage/page.html",
        context,
        status=422 if wrong else 200,
    )


def _stays(storage_job: StorageJob) -> QuerySet[Stay]:
    """Where the goods are and were, what stands first."""
    rows = storage_job.stays.select_related("location__zone__warehouse")
    return rows.order_by(F("left_at").desc(nulls_first=True), "location__name", "start_on")


def _moves(storage_job: StorageJob) -> QuerySet[LinkedMove]:
    return storage_job.linked_moves.select_related("move__company", "storage_job").order_by("id")
