"""A customer's household, and what else was decided about the customer, on its own page."""

from typing import Any

from django.contrib import messages
from django.db.models import OuterRef, Subquery
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from carter.companies.models import Company
from carter.companies.rights import Right
from carter.customers.models import Customer
from carter.jobs.moves import with_moves
from carter.matching.decide import CannotDecide, leave_household, same_household, withdraw
from carter.matching.decided import circle_of, decided_about, decisions_about
from carter.matching.find import find_matches
from carter.matching.keying import record_of
from carter.matching.verdicts import Verdict
from carter.search.finding import search
from carter.search.hits import CustomerHit
from carter.web.access import needs
from carter.web.forms.jobs import ReasonForm
from carter.web.middleware.company import StaffRequest
from carter.web.views.finding import ids_in, the_current_customer

FOUND = 10
LONGEST = 200


def circle_panel(customer: Customer) -> dict[str, Any]:
    """What **Customer Details** shows of decisions: the household, and the rest."""
    circle = circle_of(customer)
    details = with_details(customer.company, [each.customer.pk for each in circle.household])
    return {
        "household": [(relative, details[relative.customer.pk]) for relative in circle.household],
        "decided": [*circle.same, *circle.not_the_same],
    }


@require_http_methods(["GET", "POST"])
@needs(Right.EDIT)
def household(request: StaffRequest, customer_id: int) -> HttpResponse:
    """**Same Household with…**: look for who lives with the customer, tick and add them."""
    customer = the_current_customer(request, customer_id)
    form, ticked = ReasonForm(request.POST or None), ids_in(request)
    if form.is_valid() and ticked:
        _join(request, customer, ticked, form.cleaned_data["reason"])
        return redirect(customer)
    text = (request.POST.get("q") or request.GET.get("q", ""))[:LONGEST].strip()
    context = {
        "customer": customer,
        "form": form,
        "ticked": ticked,
        "text": text,
        "nobody_ticked": request.method == "POST" and not ticked,
        "offered": _offered(customer, text),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "customers/household.html", context, status=status)


@require_POST
@needs(Right.EDIT)
def leaving(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Take the customer out of its household."""
    customer = the_current_customer(request, customer_id)
    if leave_household(customer, by=request.member):
        messages.success(request, f"{customer.name} is no longer of the household.")
    else:
        messages.info(request, f"{customer.name} is of no household.")
    return redirect(customer)


@require_POST
@needs(Right.EDIT)
def withdrawal(request: StaffRequest, customer_id: int, decision_id: int) -> HttpResponse:
    """Take a decision about the customer back."""
    customer = the_current_customer(request, customer_id)
    decision = get_object_or_404(
        decisions_about(request.company, [customer.pk]).select_related("a__head", "b__head"),
        pk=decision_id,
    )
    withdraw_and_tell(request, customer, decision)
    return redirect(customer)


def withdraw_and_tell(request: StaffRequest, customer: Customer, decision: Any) -> None:
    """Withdraw it, and say so; of two records that were merged another decision may be left."""
    try:
        withdraw(decision, by=request.member)
    except CannotDecide as reason:
        messages.error(request, str(reason))
        return
    messages.success(request, f"“{decision}” is withdrawn.")
    both = {decision.a.leads_to, decision.b.leads_to}
    for left in decided_about(request.company, [customer])[customer.pk]:
        if left.other in both:
            messages.info(request, f"“{left.decision}”, which was noted earlier, counts again.")


def looked_for(company: Company, text: str) -> list[int]:
    """The customers a person looked for, by key, best first."""
    groups = search(company, text, limit=FOUND).groups
    hits = (hit for group in groups for hit in group.hits)
    return [hit.pk for hit in hits if isinstance(hit, CustomerHit)]


def with_details(company: Company, ids: list[int]) -> dict[int, Customer]:
    """Customers with a phone, the number of jobs and the last move. One query, none for nobody."""
    if not ids:
        return {}
    phones = company.phones.filter(customer=OuterRef("pk")).current()
    rows = with_moves(company.customers.filter(pk__in=ids)).annotate(
        phone_text=Subquery(phones.values("text")[:1])
    )
    return {row.pk: row for row in rows}


def _join(request: StaffRequest, customer: Customer, ticked: list[int], reason: str) -> None:
    for other in request.company.customers.filter(pk__in=ticked).select_related("head"):
        try:
            same_household(customer, other.leads_to, reason=reason, by=request.member)
        except CannotDecide as trouble:
            messages.error(request, str(trouble))
        else:
            messages.success(request, f"{other.leads_to.name} is noted as the same household.")


def _offered(customer: Customer, text: str) -> list[Customer]:
    """Who was looked for, else who looks like family; nobody who is of the household already."""
    circle = circle_of(customer)
    settled = {customer.pk, *(each.customer.pk for each in circle.household)}
    found = looked_for(customer.company, text) if text else _alike(customer)
    wanted = [pk for pk in found if pk not in settled]
    details = with_details(customer.company, wanted)
    return [details[pk] for pk in wanted if pk in details]


def _alike(customer: Customer) -> list[int]:
    matches = find_matches(customer.company, record_of(customer), besides=customer, limit=FOUND)
    return [match.customer.pk for match in matches if match.verdict == Verdict.HOUSEHOLD]
