"""Settings › Export, and **Bulk Actions** › Export."""

from collections.abc import Callable, Iterable
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from carter.companies.models import Company, Member
from carter.companies.rights import Right
from carter.transfer.exporting.customers import customers_table
from carter.transfer.exporting.files import CSV_TYPE, XLSX_TYPE, csv_pieces, write_xlsx
from carter.transfer.exporting.jobs import jobs_table
from carter.transfer.exporting.quickbooks.files import write_zip
from carter.transfer.exporting.storage import storage_table
from carter.transfer.exporting.tables import Table
from carter.web.access import needs
from carter.web.forms.exports import DaysForm
from carter.web.middleware.company import StaffRequest
from carter.web.views.finding import back_to_list, ids_in

TABLES: dict[str, Callable[..., Table]] = {
    "customers": customers_table,
    "jobs": jobs_table,
    "storage-jobs": storage_table,
}


@require_GET
@needs(Right.EXPORT)
def index(request: StaffRequest) -> HttpResponse:
    """What can be exported, and as what."""
    context = {"tables": TABLES, "days": DaysForm()}
    return render(request, "exports/index.html", context)


@require_http_methods(["GET", "POST"])
@needs(Right.EXPORT)
def download(request: StaffRequest, table: str, form: str) -> HttpResponseBase:
    """A table as a file: everything, or the ticked rows."""
    off = table == "storage-jobs" and not request.company.has_storage
    if off or table not in TABLES or form not in ("csv", "xlsx"):
        raise Http404
    ids = ids_in(request) if request.method == "POST" else None
    if ids == []:
        messages.error(request, f"Tick the {table} first.")
        return back_to_list(request, table)
    rows = _table(table, request.company, request.member, ids)
    answer: HttpResponseBase
    if form == "csv":
        answer = StreamingHttpResponse(csv_pieces(rows), content_type=CSV_TYPE)
    else:
        answer = HttpResponse(_xlsx(rows), content_type=XLSX_TYPE)
    name = f"{table}-{request.company.today:%Y-%m-%d}.{form}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_GET
@needs(Right.EXPORT)
@needs(Right.SEE_MONEY)
def quickbooks(request: StaffRequest) -> HttpResponseBase:
    """All files for QuickBooks Online, in a ZIP; of the days that were asked for."""
    form = DaysForm(request.GET)
    if not form.is_valid():
        return render(request, "exports/index.html", {"tables": TABLES, "days": form}, status=422)
    file = BytesIO()
    days = form.cleaned_data["first"], form.cleaned_data["last"]
    write_zip(request.company, file, days=days, by=request.member)
    answer = HttpResponse(file.getvalue(), content_type="application/zip")
    name = f"quickbooks-{request.company.today:%Y-%m-%d}.zip"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _table(name: str, company: Company, by: Member, ids: Iterable[int] | None) -> Table:
    return TABLES[name](company, ids=ids, by=by)


def _xlsx(table: Table) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "export.xlsx"
        write_xlsx(table, path)
        return path.read_bytes()
