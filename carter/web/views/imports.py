"""Settings › Import: from choosing a file to taking the import back."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from carter.companies.rights import Right
from carter.jobs.repeats import repeats_of_leads
from carter.matching.find import Match
from carter.transfer.batches import (
    CannotImport,
    can_undo,
    choose_columns,
    imported_before,
    receive_file,
    resume,
    start_import,
    start_undo,
)
from carter.transfer.exporting.files import CSV_TYPE, csv_pieces
from carter.transfer.models import ImportBatch, ImportRow
from carter.transfer.reporting import report_table
from carter.transfer.understanding.fields import Field
from carter.transfer.working import work_in_background
from carter.web.access import needs
from carter.web.forms.imports import ColumnsForm, UploadForm
from carter.web.lists import page_of
from carter.web.middleware.company import StaffRequest

State = ImportBatch.State


@require_http_methods(["GET", "POST"])
@needs(Right.IMPORT)
def index(request: StaffRequest) -> HttpResponse:
    """Choose a file; earlier imports."""
    posted = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if posted else UploadForm()
    if form.is_valid():
        file = form.cleaned_data["file"]
        batch = receive_file(
            company=request.company, name=file.name, pieces=file.chunks(), by=request.member
        )
        work_in_background()
        return redirect(batch)
    page = page_of(request.company.imports.select_related("by__user"), request)
    status = 422 if form.errors else 200
    return render(request, "imports/index.html", {"form": form, "page": page}, status=status)


@require_GET
@needs(Right.IMPORT)
def page(request: StaffRequest, import_id: int) -> HttpResponse:
    """One import: its progress, its dry run or its result, row by row."""
    batch = _the_import(request, import_id)
    if batch.state == State.MAPPING:
        return redirect("import_columns", batch.pk)
    return _page(request, batch)


@require_GET
@needs(Right.IMPORT)
def progress(request: StaffRequest, import_id: int) -> HttpResponse:
    """The progress bar alone; once the work is done the whole page is fetched anew."""
    batch = _the_import(request, import_id)
    answer = render(request, "imports/_progress.html", {"batch": batch})
    if not batch.is_working or batch.is_interrupted:
        answer.headers["HX-Refresh"] = "true"
    return answer


@require_http_methods(["GET", "POST"])
@needs(Right.IMPORT)
def columns(request: StaffRequest, import_id: int) -> HttpResponse:
    """Say what each column holds."""
    batch = _the_import(request, import_id)
    if batch.state not in (State.MAPPING, State.CHECKED):
        return redirect(batch)
    form = ColumnsForm(request.POST or None, batch=batch)
    if form.is_valid():
        try:
            choose_columns(
                batch,
                holds=form.cleaned_data["holds"],
                mapping=form.mapping,
                source=form.cleaned_data["source"],
                by=request.member,
            )
        except CannotImport as reason:
            form.add_error(None, str(reason))
        else:
            work_in_background()
            return redirect(batch)
    context = {"batch": batch, "form": form}
    return render(request, "imports/columns.html", context, status=422 if form.errors else 200)


@require_POST
@needs(Right.IMPORT)
def start(request: StaffRequest, import_id: int) -> HttpResponse:
    """Do what the dry run showed."""
    return _set_going(request, import_id, start_import)


@require_POST
@needs(Right.IMPORT)
def going_on(request: StaffRequest, import_id: int) -> HttpResponse:
    """Go on with an import that was interrupted."""
    return _set_going(request, import_id, resume)


@require_http_methods(["GET", "POST"])
@needs(Right.IMPORT)
def undo(request: StaffRequest, import_id: int) -> HttpResponse:
    """**Undo Import**: ask, then take the whole import back."""
    if request.method == "POST":
        return _set_going(request, import_id, start_undo)
    batch = _the_import(request, import_id)
    return render(request, "imports/undo.html", {"batch": batch})


@require_GET
@needs(Right.IMPORT)
def report(request: StaffRequest, import_id: int) -> StreamingHttpResponse:
    """Every row of the file with what became of it, or the refused ones to put right."""
    batch = _the_import(request, import_id)
    outcome = request.GET.get("outcome", "")
    table = report_table(batch, outcome if outcome in ImportRow.Outcome.values else "")
    answer = StreamingHttpResponse(csv_pieces(table), content_type=CSV_TYPE)
    answer.headers["Content-Disposition"] = f'attachment; filename="import-{batch.pk}.csv"'
    return answer


def _set_going(request: StaffRequest, import_id: int, deed: Any) -> HttpResponse:
    batch = _the_import(request, import_id)
    try:
        deed(batch, by=request.member)
    except CannotImport as reason:
        messages.error(request, str(reason))
    else:
        work_in_background()
    return redirect(batch)


def _page(request: StaffRequest, batch: ImportBatch) -> HttpResponse:
    outcome, undo = request.GET.get("outcome", ""), request.GET.get("undo", "")
    rows = batch.rows.select_related("customer", "job__customer").order_by("line")
    if outcome in ImportRow.Outcome.values:
        rows = rows.filter(outcome=outcome)
    if undo in ImportRow.Undo.values:
        rows = rows.filter(undo=undo)
    page = page_of(rows, request)
    context = {
        "batch": batch,
        "page": page,
        "repeats": _repeats(batch, page.rows),
        "outcomes": _outcomes(batch),
        "stays": _stays(batch),
        "can_undo": can_undo(batch),
        "before": imported_before(batch).first() if batch.state == State.CHECKED else None,
        "left_out": _left_out(batch),
    }
    return render(request, "imports/page.html", context)


def _repeats(batch: ImportBatch, rows: list[ImportRow]) -> dict[int, list[Match]]:
    """The leads among these rows that may be a known customer's."""
    leads = [row.job for row in rows if row.job and row.job.is_lead]
    for lead in leads:
        lead.company = batch.company
    return repeats_of_leads(batch.company, leads) if leads else {}


def _outcomes(batch: ImportBatch) -> list[dict[str, Any]]:
    """How many rows came to what; each is a filter of the list below."""
    return [
        {"value": value, "label": label, "count": batch.counts.get(value, 0)}
        for value, label in ImportRow.Outcome.choices
    ]


def _stays(batch: ImportBatch) -> int:
    undone = batch.state == State.UNDONE
    return batch.rows.filter(undo=ImportRow.Undo.STAYS).count() if undone else 0


def _left_out(batch: ImportBatch) -> list[str]:
    """The columns nobody wants imported."""
    pairs = zip(batch.columns, batch.mapping, strict=False)
    return [column for column, field in pairs if field == Field.SKIP]


def _the_import(request: StaffRequest, import_id: int) -> ImportBatch:
    found: ImportBatch = get_object_or_404(
        request.company.imports.select_related("by__user"), pk=import_id
    )
    found.company = request.company
    return found
