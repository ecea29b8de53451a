"""Files as answers: PDFs to look at, tables to take away."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header

from carter.printing.compiling import CannotPrint
from carter.transfer.exporting.files import CSV_TYPE, XLSX_TYPE, csv_pieces, write_xlsx
from carter.transfer.exporting.tables import Table
from carter.web.middleware.company import StaffRequest


def pdf_answer(request: StaffRequest, make: Callable[[], bytes], name: str) -> HttpResponse:
    """The PDF, shown in the browser; a page that says why when it cannot be made."""
    try:
        pdf = make()
    except CannotPrint as reason:
        return render(request, "cannot_change.html", {"reason": reason}, status=409)
    return as_pdf(pdf, name)


def as_pdf(pdf: bytes, name: str) -> HttpResponse:
    """A PDF that the browser shows, and saves under this name."""
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer.headers["Content-Disposition"] = named(f"{name}.pdf", is_taken=False)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def table_answer(table: Table, form: str, name: str) -> HttpResponseBase:
    """The table as `csv` or `xlsx`, to be saved under this name."""
    answer: HttpResponseBase
    if form == "csv":
        answer = StreamingHttpResponse(csv_pieces(table), content_type=CSV_TYPE)
    else:
        answer = HttpResponse(_xlsx(table), content_type=XLSX_TYPE)
    answer.headers["Content-Disposition"] = named(f"{name}.{form}")
    return answer


def named(name: str, *, is_taken: bool = True) -> str:
    """How a file is called, for a browser that takes it away or shows it (RFC 6266).

    A company chooses what its numbers begin with: a name may hold any sign.
    """
    plain = "".join(sign if sign.isprintable() and sign not in "/\\" else "-" for sign in name)
    return content_disposition_header(as_attachment=is_taken, filename=plain) or "attachment"


def _xlsx(table: Table) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "export.xlsx"
        write_xlsx(table, path)
        return path.read_bytes()
