"""**Duplicates**: the groups to look at, deciding about them, and comparing the whole book."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from carter.companies.rights import Right
from carter.customers.models import Customer
from carter.matching.comparing import make_current
from carter.matching.decide import CannotDecide
from carter.matching.duplicates import groups_left
from carter.matching.models import DuplicateGroup, MatchDecision
from carter.matching.reviewing import (
    DecidedMeanwhile,
    decide_together,
    names_of,
    take_back_together,
)
from carter.matching.whole_book import AlreadyComparing, start_comparing
from carter.web import reviewed
from carter.web.access import needs
from carter.web.forms import is_key
from carter.web.forms.duplicates import ReviewForm
from carter.web.lists import Page, page_numbered
from carter.web.middleware.company import StaffRequest
from carter.web.replica import only_reads
from carter.web.suspects import group_among, shown, surest_first
from carter.web.tabs import DUPLICATES_TABS, section_tabs
from carter.web.views.finding import ids_in

LISTED = 20
NOTED = {
    MatchDecision.Verdict.SAME: "the same customer",
    MatchDecision.Verdict.SAME_HOUSEHOLD: "one household",
    MatchDecision.Verdict.NOT_THE_SAME: "not the same",
}


@require_GET
@only_reads
def index(request: StaffRequest) -> HttpResponse:
    """The groups, the surest first, and the one that is asked for beside them."""
    return _page(request, request.GET)


@require_POST
@needs(Right.EDIT)
def decisions(request: StaffRequest) -> HttpResponse:
    """**Same Customer**, **Same Household** or **Not the Same**, for those who are ticked."""
    form = ReviewForm(request.POST)
    ticked = list(request.company.customers.filter(pk__in=ids_in(request)).order_by("pk"))
    if not form.is_valid():
        return _page(request, form.asked, form=form)
    try:
        made = decide_together(
            form.cleaned_data["group"],
            ticked,
            MatchDecision.Verdict(form.cleaned_data["verdict"]),
            reason=form.cleaned_data["reason"],
            by=request.member,
        )
    except DecidedMeanwhile as reason:
        messages.warning(request, str(reason))
    except CannotDecide as reason:
        form.add_error(None, str(reason))
        return _page(request, form.asked, form=form)
    else:
        _remember(request, made, ticked, form.cleaned_data["verdict"])
    return redirect(_next_address(request, form))


@require_POST
@needs(Right.EDIT)
def undo(request: StaffRequest) -> HttpResponse:
    """Take back what the person decided last on this page."""
    made = reviewed.take_last(request)
    customers = take_back_together(made, by=request.member)
    if not customers:
        messages.warning(request, "There is nothing to undo.")
        return redirect("duplicates")
    messages.success(request, f"Undone: {made[0]} about {names_of(customers)}.")
    group = group_among(request.company, [customer.pk for customer in customers])
    return redirect(_address(QueryDict(), group=group or ""))


@require_POST
@needs(Right.EDIT)
def comparing(request: StaffRequest) -> HttpResponse:
    """**Compare the Whole Book**: the worker does it."""
    try:
        start_comparing(request.company, by=request.member)
    except AlreadyComparing as reason:
        messages.warning(request, str(reason))
    return redirect("duplicates")


@require_GET
def progress(request: StaffRequest) -> HttpResponse:
    """The progress bar alone; once the work is done the whole page is fetched anew."""
    run = request.company.book_runs.first()
    answer = render(request, "duplicates/_progress.html", {"run": run})
    if run is None or not run.is_working:
        answer.headers["HX-Refresh"] = "true"
    return answer


def _page(request: StaffRequest, asked: QueryDict, form: ReviewForm | None = None) -> HttpResponse:
    company = request.company
    waiting, left = make_current(company), groups_left(company)
    groups = surest_first(company)
    if (verdict := asked.get("verdict", "")) in DuplicateGroup.Verdict:
        groups = groups.filter(verdict=verdict)
    page = page_numbered(groups, asked.get("page", ""), LISTED)
    if page.previous and not page.rows:
        return redirect(_address(asked, page="", group=""))
    group = _asked_for(request, asked.get("group", ""), page)
    seen = shown(company, group) if group else None
    context = {
        "tabs": section_tabs(DUPLICATES_TABS, "duplicates"),
        "run": company.book_runs.first(),
        "waiting": waiting,
        "kinds": _kinds(asked, left),
        "verdict": verdict,
        "page": page,
        "lines": [(row, _address(asked, group=row.pk)) for row in page.rows],
        "shown": seen,
        "is_gone": group and asked.get("group", "last") not in ("last", str(group.pk)),
        "last": reviewed.last(request),
        "list": asked.urlencode(),
        "form": form,
        "ticked": ids_in(request) if form else None,
        **_neighbours(asked, page, group),
    }
    return render(request, "duplicates/index.html", context, status=422 if form else 200)


def _kinds(asked: QueryDict, left: dict[str, int]) -> list[tuple[str, str, str, int]]:
    """What the list can be narrowed to: value, words, address, and how many are left."""
    every = [("", "All", sum(left.values()))]
    kinds = [(kind.value, kind.label, left[kind]) for kind in DuplicateGroup.Verdict]
    return [
        (value, label, _address(asked, verdict=value, page="", group=""), count)
        for value, label, count in (*every, *kinds)
    ]


def _asked_for(
    request: StaffRequest, asked: str, page: Page[DuplicateGroup]
) -> DuplicateGroup | None:
    if asked == "last":
        return page.rows[-1] if page.rows else None
    listed = next((row for row in page.rows if str(row.pk) == asked), None)
    if listed is None and is_key(asked):
        listed = surest_first(request.company).filter(pk=int(asked)).first()
    return listed or next(iter(page.rows), None)


def _neighbours(
    asked: QueryDict, page: Page[DuplicateGroup], group: DuplicateGroup | None
) -> dict[str, Any]:
    """The addresses of the groups before and after, on the pages before and after if need be."""
    keys = [row.pk for row in page.rows]
    place = keys.index(group.pk) if group and group.pk in keys else 0
    before = after = ""
    if place > 0:
        before = _address(asked, group=keys[place - 1])
    elif page.previous:
        before = _address(asked, page=page.previous, group="last")
    if place + 1 < len(keys):
        after = _address(asked, group=keys[place + 1])
    elif page.next:
        after = _address(asked, page=page.next, group="")
    return {"before": before, "after": after, "next": keys[place + 1 : place + 2]}


def _next_address(request: StaffRequest, form: ReviewForm) -> str:
    """The group again while something of it is left to look at, else the next one."""
    left = group_among(request.company, form.cleaned_data["members"])
    return _address(form.asked, group=left or form.cleaned_data["next"] or "")


def _address(asked: QueryDict, **changes: Any) -> str:
    """The address of the list as it was asked for, with changes; empty ones go away."""
    query = asked.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value:
            query[name] = str(value)
    return f"{reverse('duplicates')}?{query.urlencode()}".removesuffix("?")


def _remember(
    request: StaffRequest, made: Sequence[MatchDecision], ticked: Sequence[Customer], verdict: str
) -> None:
    words = f"{names_of(ticked)} are noted as {NOTED[MatchDecision.Verdict(verdict)]}."
    reviewed.remember(request, made, words)
    messages.success(request, words)
