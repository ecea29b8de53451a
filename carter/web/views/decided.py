"""**Decided**: what people said of customers who may be the same, and taking it back."""

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from carter.companies.rights import Right
from carter.matching.decide import CannotDecide, withdraw
from carter.web.access import needs
from carter.web.filters import DecisionFilter
from carter.web.lists import page_of
from carter.web.middleware.company import StaffRequest
from carter.web.replica import only_reads
from carter.web.tabs import DUPLICATES_TABS, section_tabs
from carter.web.views.finding import back_to_list


@require_GET
@only_reads
def index(request: StaffRequest) -> HttpResponse:
    """Everything that was decided, the latest first."""
    decisions = request.company.match_decisions.select_related(
        "a__company", "a__head", "b__company", "b__head", "by__user", "withdrawn_by__user"
    )
    later = request.company.match_decisions.filter(
        a=OuterRef("a"), b=OuterRef("b"), at=OuterRef("withdrawn_at")
    )
    decisions = decisions.annotate(was_replaced=Exists(later))
    found = DecisionFilter(request.GET, queryset=decisions, request=request)
    context = {
        "tabs": section_tabs(DUPLICATES_TABS, "duplicates_decided"),
        "filter": found,
        "page": page_of(found.qs, request),
    }
    return render(request, "duplicates/decided.html", context)


@require_POST
@needs(Right.EDIT)
def undo(request: StaffRequest, decision_id: int) -> HttpResponse:
    """Take a decision back; the two are on the list of duplicates again, if they are alike."""
    decision = get_object_or_404(request.company.match_decisions, pk=decision_id)
    try:
        withdraw(decision, by=request.member)
    except CannotDecide as reason:
        messages.error(request, str(reason))
    else:
        messages.success(
            request, f"Undone: {decision} about {decision.a.name} and {decision.b.name}."
        )
    return back_to_list(request, "duplicates_decided")
