"""**Merge Customers**: the preview, which is the merge, and **Undo Merge**."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from carter.companies.rights import NotAllowed, Right
from carter.customers.following import FollowsCustomer
from carter.customers.models import Customer
from carter.matching.decide import CannotDecide
from carter.merging.advising import advise
from carter.merging.counting import words_for
from carter.merging.merge import PlanOutdated, merge_customers
from carter.merging.models import Merge
from carter.merging.planning import CannotMerge, Plan, default_survivor, plan_merge
from carter.merging.recommending import recommend_merge, recommended_merges
from carter.merging.since import Change, changed_since, remembered
from carter.merging.undo import AlreadyUndone, CannotUndo, UndoOutdated, undo_merge
from carter.merging.undo_planning import UndoPlan, made_since, plan_undo
from carter.web.forms import is_key
from carter.web.forms.merges import MOST, MergeForm
from carter.web.lists import page_of
from carter.web.middleware.company import StaffRequest
from carter.web.replica import only_reads
from carter.web.tabs import DUPLICATES_TABS, section_tabs
from carter.web.views.finding import back_to_list, ids_in, the_current_customer
from carter.web.views.households import LONGEST, looked_for, with_details


@require_POST
def ticked(request: StaffRequest) -> HttpResponse:
    """**Bulk Actions**: on to the preview for the ticked customers."""
    ids = ids_in(request)
    if not 1 < len(ids) <= MOST:
        few = "Tick two customers or more to merge them."
        messages.error(request, few if len(ids) < 2 else f"Tick at most {MOST} to merge them.")
        return back_to_list(request, "customers")
    return redirect(f"{reverse('merge_new')}?{urlencode({'ids': ids}, doseq=True)}")


@require_http_methods(["GET", "POST"])
def choose(request: StaffRequest, customer_id: int) -> HttpResponse:
    """**Merge with…**: look for the same customer, tick and go on to the preview."""
    _must_merge_or_recommend(request)
    customer = the_current_customer(request, customer_id)
    ids = [pk for pk in ids_in(request) if pk != customer.pk][: MOST - 1]
    if ids:
        asked = urlencode({"ids": [customer.pk, *ids]}, doseq=True)
        return redirect(f"{reverse('merge_new')}?{asked}")
    text = (request.POST.get("q") or request.GET.get("q", ""))[:LONGEST].strip()
    found = [pk for pk in looked_for(request.company, text) if pk != customer.pk] if text else []
    details = with_details(request.company, found)
    context = {
        "customer": customer,
        "text": text,
        "nobody_ticked": request.method == "POST",
        "offered": [details[pk] for pk in found if pk in details],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "merges/choose.html", context, status=status)


@require_http_methods(["GET", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    """The preview; sent, it merges exactly so, or says what changed since."""
    _must_merge_or_recommend(request)
    customers = _asked_for(request)
    if len(customers) < 2:
        messages.error(request, "Choose two customers or more to merge them.")
        return redirect("customers")
    form = MergeForm(request.POST or request.GET)
    form.is_valid()
    plan = _plan(customers, form)
    if request.method == "GET" or "show" in request.POST or plan.refusals:
        return _preview(request, plan, form)
    try:
        return _merged(request, plan, form)
    except PlanOutdated as reason:
        form.add_error(None, str(reason))
        since = changed_since(form.cleaned_data["seen"], reason.plan)
        return _preview(request, reason.plan, form, since=since)
    except (CannotMerge, CannotDecide) as reason:
        form.add_error(None, str(reason))
        return _preview(request, plan, form)


@require_http_methods(["GET", "POST"])
def page(request: StaffRequest, merge_id: int) -> HttpResponse:
    """What a merge did; while it stands, what undoing it would do, and **Undo Merge**."""
    found = request.company.merges.select_related(
        "company", "survivor__head", "by__user", "undone_by__user"
    )
    merge = get_object_or_404(found, pk=merge_id)
    plan = plan_undo(merge)
    error, since = "", []
    if request.method == "POST":
        try:
            return _undone(request, merge, plan)
        except UndoOutdated as reason:
            error, plan = str(reason), reason.plan
            since = changed_since(request.POST.get("seen", ""), plan)
        except CannotUndo as reason:
            error = str(reason)
    context = {
        "merge": merge,
        "plan": plan,
        "made_since": [(_field(row), words_for(type(row), 1), row) for row in made_since(plan)],
        "error": error,
        "since": since,
        "seen": remembered(plan, with_money=request.member.may(Right.SEE_MONEY)),
        "said": request.POST,
    }
    return render(request, "merges/page.html", context, status=422 if error else 200)


@require_GET
@only_reads
def recommended(request: StaffRequest) -> HttpResponse:
    """**Recommended merges**: who was said to be the same customer and is not merged yet."""
    context = {
        "tabs": section_tabs(DUPLICATES_TABS, "recommended_merges"),
        "page": page_of(recommended_merges(request.company), request),
    }
    return render(request, "merges/recommended.html", context)


def _must_merge_or_recommend(request: StaffRequest) -> None:
    if not (request.member.may(Right.MERGE) or request.member.may(Right.RECOMMEND_MERGE)):
        raise NotAllowed(Right.MERGE)


def _asked_for(request: StaffRequest) -> list[Customer]:
    """The customers named in the form or the address, each once, as they are now."""
    asked = request.POST if request.method == "POST" else request.GET
    ids = [int(one) for one in asked.getlist("ids")[:MOST] if is_key(one)]
    customers = request.company.customers.select_related("company", "head__company")
    found = {customer.pk: customer for customer in customers.filter(pk__in=ids)}
    return [get_object_or_404(customers, pk=pk) if pk not in found else found[pk] for pk in ids]


def _plan(customers: Sequence[Customer], form: MergeForm) -> Plan:
    asked = form.cleaned_data.get("survivor")
    survivor = next((each for each in customers if each.pk == asked), None)
    survivor = survivor or default_survivor(customers)
    duplicates = list(customers)
    duplicates.remove(survivor)
    return plan_merge(survivor, duplicates, choices=form.choices())


def _preview(
    request: StaffRequest, plan: Plan, form: MergeForm, *, since: Sequence[Change] = ()
) -> HttpResponse:
    wrong = request.method == "POST" and bool(form.errors or plan.refusals)
    context = {
        "plan": plan,
        "advice": None if plan.refusals else advise(plan),
        "form": form,
        "columns": sorted(plan.customers, key=lambda customer: customer.pk),
        "since": since,
        "seen": remembered(plan, with_money=request.member.may(Right.SEE_MONEY)),
    }
    return render(request, "merges/new.html", context, status=422 if wrong else 200)


def _merged(request: StaffRequest, plan: Plan, form: MergeForm) -> HttpResponse:
    """Merge, or recommend it where that is all a person may do; then show the survivor."""
    survivor, reason = plan.survivor, form.cleaned_data["reason"]
    if not request.member.may(Right.MERGE):
        for duplicate in plan.duplicates:
            recommend_merge(survivor, duplicate, reason=reason, by=request.member)
        messages.success(request, "Recommended. Whoever may merge sees it under Duplicates.")
        return redirect(survivor)
    merge_customers(
        survivor=survivor,
        duplicates=plan.duplicates,
        choices=form.choices(),
        fingerprint=form.cleaned_data["fingerprint"] or "nothing was shown",
        reason=reason,
        by=request.member,
    )
    names = ", ".join(duplicate.name for duplicate in plan.duplicates)
    messages.success(request, f"{names} and {survivor.name} are one customer now.")
    return redirect(survivor)


def _field(row: FollowsCustomer) -> str:
    """The name of the field by which a person says where a row goes."""
    return f"hand-{row._meta.model_name}-{row.pk}"


def _undone(request: StaffRequest, merge: Merge, plan: UndoPlan) -> HttpResponse:
    handing: dict[Any, Customer] = {}
    back = {str(each.duplicate.pk): each.duplicate for each in plan.returning}
    for row in made_since(plan):
        to = back.get(request.POST.get(_field(row), ""))
        if to is not None:
            handing[row] = to
    try:
        undo_merge(
            merge,
            handing=handing,
            put_back=request.POST.getlist("put_back"),
            fingerprint=request.POST.get("fingerprint", "") or "nothing was shown",
            by=request.member,
        )
    except AlreadyUndone as reason:
        messages.warning(request, str(reason))
    else:
        names = ", ".join(each.duplicate.name for each in plan.returning)
        messages.success(request, f"{names} and {merge.survivor.name} are apart again.")
    return redirect(merge.survivor)
