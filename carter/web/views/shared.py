"""**Shared Phones and Emails**: what many customers have, and a person's last word on each."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from carter.companies.rights import Right
from carter.jobs.moves import with_moves
from carter.matching.keying import BATCH, refresh_keys
from carter.matching.models import LastWord, SharedIdentifier
from carter.matching.said import Said
from carter.matching.sharing import (
    LOOKED_AT_WHILE_WAITING,
    CannotSay,
    first_holders,
    holders_of_shared,
    look_at_changes,
    say,
    take_back,
)
from carter.web.access import needs
from carter.web.filters import SharedFilter
from carter.web.lists import page_of
from carter.web.middleware.company import StaffRequest
from carter.web.replica import only_reads
from carter.web.tabs import DUPLICATES_TABS, section_tabs
from carter.web.views.finding import back_to_list

AS_CARTER_SEES_IT = "carter"
MEANINGS = {
    Said.DESK: "A property manager’s, a relocation office’s: it says little about who somebody is.",
    Said.HOUSEHOLD: "A family’s: it tells the home, and not which of them.",
    Said.PERSONAL: "It counts in full, however many records have it.",
    Said.JUNK: "Made up, or nobody’s: as good as no number at all.",
}


@require_GET
@only_reads
def index(request: StaffRequest) -> HttpResponse:
    """The list, what most customers have first."""
    refresh_keys(request.company, at_most=BATCH)
    look_at_changes(request.company, at_most=LOOKED_AT_WHILE_WAITING)
    found = SharedFilter(request.GET, queryset=_rows(request), request=request)
    page = page_of(found.qs.order_by("-held_by", "id"), request)
    context = {
        "filter": found,
        "page": page,
        "holders": first_holders(request.company, page.rows),
        "tabs": section_tabs(DUPLICATES_TABS, "shared_identifiers"),
        "are_due": request.company.shared_identifiers.filter(is_due=True).exists(),
    }
    return render(request, "shared/index.html", context)


@require_GET
def page(request: StaffRequest, identifier_id: int) -> HttpResponse:
    """One of them: everybody who has it, and everything that was said of it."""
    shared = _the_shared(request, identifier_id)
    holders = with_moves(holders_of_shared(shared)).order_by("sort_name", "id")
    words = shared.words().select_related("by__user", "withdrawn_by__user")
    context = {
        "shared": shared,
        "words": words,
        "choices": [(said.value, LastWord.Said(said).label, MEANINGS[said]) for said in MEANINGS],
        "page": page_of(holders.select_related("company"), request),
        "tabs": section_tabs(DUPLICATES_TABS, "shared_identifiers"),
    }
    return render(request, "shared/page.html", context)


@require_POST
@needs(Right.EDIT)
def word(request: StaffRequest, identifier_id: int) -> HttpResponse:
    """Have the last word on it, or leave it to Carter."""
    shared = _the_shared(request, identifier_id)
    said = request.POST.get("said", "")
    try:
        _say(request, shared, said)
    except CannotSay as reason:
        messages.error(request, str(reason))
    if "list" in request.POST:
        return back_to_list(request, "shared_identifiers")
    return redirect(shared)


def _say(request: StaffRequest, shared: SharedIdentifier, said: str) -> None:
    if said == AS_CARTER_SEES_IT:
        take_back(shared, by=request.member)
        messages.success(request, f"{shared.shown} is what Carter takes it for again.")
    elif said in set(Said):
        word = say(shared, Said(said), by=request.member)
        messages.success(request, f"{shared.shown} is noted as: {word}.")
    else:
        raise CannotSay("Choose whose it is.")


def _rows(request: StaffRequest) -> Any:
    return request.company.shared_identifiers.with_words().select_related("company")


def _the_shared(request: StaffRequest, identifier_id: int) -> SharedIdentifier:
    shared: SharedIdentifier = get_object_or_404(_rows(request), pk=identifier_id)
    request.section = "/duplicates/"
    return shared
