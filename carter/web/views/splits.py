"""**Split Customer**: what is another's goes to another customer; and **Undo Split**."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from carter.billing.balances import with_job_balances
from carter.companies.rights import Right
from carter.customers.alike import once
from carter.customers.models import Address, Contact, Customer, Detail, Email, Phone
from carter.jobs.models import LATEST_FIRST, Job
from carter.merging.counting import words_for
from carter.merging.giving import giveable, kinds_given
from carter.merging.since import changed_since, remembered
from carter.merging.split import SplitOutdated, split_customer
from carter.merging.split_planning import CannotSplit, SplitPlan, plan_split
from carter.merging.split_undo import SplitUndone, SplitUndoOutdated, undo_split
from carter.merging.split_undo_planning import SplitUndoPlan, made_since_split, plan_undo_split
from carter.web.access import needs
from carter.web.forms.merges import SplitForm
from carter.web.middleware.company import StaffRequest
from carter.web.views.finding import the_current_customer

KINDS: tuple[tuple[type[Any], str], ...] = (
    (Job, "Jobs"),
    (Contact, "Contacts"),
    (Phone, "Phones"),
    (Email, "Emails"),
    (Address, "Addresses"),
)


@require_http_methods(["GET", "POST"])
@needs(Right.MERGE)
def new(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Choose what goes to whom, look at the preview, split."""
    customer = the_current_customer(request, customer_id)
    form = SplitForm(request.POST or None, company=request.company)
    offered, ticked = _offered(customer), set(request.POST.getlist("rows"))
    chosen = [row for _, rows in offered for row in _meant(rows, ticked)]
    plan, since = None, []
    if form.is_valid():
        try:
            plan = plan_split(customer, chosen, to=form.other)
            if "show" not in request.POST:
                return _split(request, form, plan)
        except SplitOutdated as reason:
            form.add_error(None, str(reason))
            plan = reason.plan
            since = changed_since(form.cleaned_data["seen"], plan)
        except CannotSplit as reason:
            form.add_error(None, str(reason))
    context = {
        "customer": customer,
        "form": form,
        "plan": plan,
        "since": since,
        "seen": plan and remembered(plan, with_money=request.member.may(Right.SEE_MONEY)),
        "offered": [
            (title, [(row, _value(row), _value(row) in ticked) for row in _shown(rows)])
            for title, rows in offered
        ],
    }
    return render(request, "splits/new.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def page(request: StaffRequest, split_id: int) -> HttpResponse:
    """What a split gave to whom; while it stands, what undoing it would do, and **Undo Split**."""
    found = request.company.splits.select_related(
        "source__company",
        "source__head__company",
        "to_customer__company",
        "to_customer__head__company",
        "by__user",
        "undone_by__user",
    )
    split = get_object_or_404(found, pk=split_id)
    plan = plan_undo_split(split)
    error, since = "", []
    if request.method == "POST":
        try:
            return _undone(request, plan)
        except SplitUndoOutdated as reason:
            error, plan = str(reason), reason.plan
            since = changed_since(request.POST.get("seen", ""), plan)
        except CannotSplit as reason:
            error = str(reason)
    context = {
        "split": split,
        "plan": plan,
        "rows": _given(split),
        "made_since": [(_value(row), words_for(type(row), 1), row) for row in _since(plan)],
        "error": error,
        "since": since,
        "seen": remembered(plan, with_money=request.member.may(Right.SEE_MONEY)),
        "handed": request.POST.getlist("hand"),
    }
    return render(request, "splits/page.html", context, status=422 if error else 200)


def _split(request: StaffRequest, form: SplitForm, plan: SplitPlan) -> HttpResponse:
    split = split_customer(
        source=plan.source,
        rows=plan.rows,
        to=form.other,
        new=form.new,
        fingerprint=form.cleaned_data["fingerprint"] or "nothing was shown",
        reason=form.cleaned_data["reason"],
        by=request.member,
    )
    messages.success(request, f"{split.to_customer.name} has it now.")
    return redirect(split.to_customer)


def _undone(request: StaffRequest, plan: SplitUndoPlan) -> HttpResponse:
    split, handed = plan.split, set(request.POST.getlist("hand"))
    try:
        undo_split(
            split,
            handing=[row for row in _since(plan) if _value(row) in handed],
            fingerprint=request.POST.get("fingerprint", "") or "nothing was shown",
            by=request.member,
        )
    except SplitUndone as reason:
        messages.warning(request, str(reason))
    else:
        messages.success(request, f"Everything is back with {split.source.name}.")
    return redirect(split.source)


def _since(plan: SplitUndoPlan) -> list[Any]:
    return made_since_split(plan) if plan.split.stands else []


def _offered(customer: Customer) -> list[tuple[str, list[Any]]]:
    """What may be chosen, by kind; kinds of which there is nothing are left out."""
    found = [(title, list(_rows(kind, customer))) for kind, title in KINDS]
    return [(title, rows) for title, rows in found if rows]


def _rows(kind: type[Any], customer: Customer) -> Any:
    rows = giveable(kind, customer).select_related("company")
    return with_job_balances(rows).order_by(*LATEST_FIRST) if kind is Job else rows.order_by("id")


def _value(row: Any) -> str:
    return f"{row._meta.model_name}-{row.pk}"


def _shown(rows: list[Any]) -> list[Any]:
    """What a merge brought a second time is offered once."""
    return once(rows) if isinstance(rows[0], Detail) else rows


def _meant(rows: list[Any], ticked: set[str]) -> list[Any]:
    """The ticked rows, with what says the same: it is offered once, and goes together."""
    chosen = [row for row in rows if _value(row) in ticked]
    if not isinstance(rows[0], Detail):
        return chosen
    said = {row.said for row in chosen}
    return [row for row in rows if row.said in said]


def _given(split: Any) -> list[Any]:
    """The rows that were given, by what they are now."""
    keys: dict[str, list[int]] = {}
    for kind, key in split.rows.values_list("kind", "row_id"):
        keys.setdefault(kind, []).append(key)
    return [
        row
        for kind in kinds_given()
        for row in kind._base_manager.filter(
            company=split.company, pk__in=keys.get(kind._meta.label_lower, [])
        ).select_related("company")
    ]
