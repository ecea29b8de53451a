"""Settings › Mail: letters on their way, and deciding about those that did not leave."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from carter.companies.rights import Right
from carter.outbox.models import Attachment, Letter
from carter.outbox.posting import CannotDecide, let_it_be, send_again
from carter.web.access import needs
from carter.web.lists import page_of
from carter.web.middleware.company import StaffRequest


@require_GET
@needs(Right.TAKE_PAYMENT)
def index(request: StaffRequest) -> HttpResponse:
    """Letters that have not left, those that wait for a person first; or those that have."""
    is_sent = request.GET.get("sent") == "yes"
    letters = request.company.letters.select_related("by__user")
    shown = letters.filter(state__in=Letter.DONE) if is_sent else letters.unsent()
    context = {"page": page_of(shown, request), "is_sent": is_sent}
    return render(request, "letters/index.html", context)


@require_GET
@needs(Right.TAKE_PAYMENT)
def page(request: StaffRequest, letter_id: int) -> HttpResponse:
    """What the letter says, what is attached, what became of it."""
    letter = _letter(request, letter_id)
    attachments = letter.attachments.defer("data")
    return render(request, "letters/page.html", {"letter": letter, "attachments": attachments})


@require_GET
@needs(Right.TAKE_PAYMENT)
def attachment(request: StaffRequest, attachment_id: int) -> HttpResponse:
    """A file as it went with the letter."""
    file: Attachment = get_object_or_404(request.company.attachments, pk=attachment_id)
    answer = HttpResponse(bytes(file.data), content_type="application/octet-stream")
    if file.media_type == "application/pdf":
        answer.headers["Content-Type"] = file.media_type
    else:
        answer.headers["Content-Disposition"] = "attachment"
    return answer


@require_POST
@needs(Right.TAKE_PAYMENT)
def sending(request: StaffRequest, letter_id: int) -> HttpResponse:
    """**Send Again**."""
    return _decide(request, letter_id, send_again, "is on its way again")


@require_POST
@needs(Right.TAKE_PAYMENT)
def rest(request: StaffRequest, letter_id: int) -> HttpResponse:
    """**Let It Be**."""
    return _decide(request, letter_id, let_it_be, "will not be sent again")


def _decide(
    request: StaffRequest, letter_id: int, deed: Callable[..., Letter], outcome: str
) -> HttpResponse:
    try:
        letter = deed(_letter(request, letter_id), by=request.member)
    except CannotDecide as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, f"The letter to {letter.addressees} {outcome}.")
    return redirect("letters")


def _letter(request: StaffRequest, letter_id: int) -> Letter:
    letter: Letter = get_object_or_404(
        request.company.letters.select_related("by__user"), pk=letter_id
    )
    return letter
