"""Leads: the list and the board, and taking a new one."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from carter.companies.rights import Right
from carter.customers.models import Customer
from carter.jobs.intake import take_lead
from carter.jobs.models import LATEST_FIRST, SOONEST_FIRST, Job
from carter.jobs.repeats import are_repeats
from carter.web.access import needs
from carter.web.boards import board_of
from carter.web.filters import LeadFilter
from carter.web.forms.jobs import IntakeForm
from carter.web.lists import columns, page_of, sort_rows
from carter.web.middleware.company import StaffRequest
from carter.web.once import do_once, fresh_token
from carter.web.replica import only_reads
from carter.web.rows import lead_row
from carter.web.suggesting import suggest
from carter.web.views.finding import customer_asked_for

ORDERS: dict[str, tuple[Any, ...]] = {
    "-taken": ("-created_at", "-id"),
    "taken": ("created_at", "id"),
    "move": SOONEST_FIRST,
    "-move": LATEST_FIRST,
}
HEADS = [
    ("Lead", "", False),
    ("Stage", "", False),
    ("Move date", "move", False),
    ("Route", "", False),
    ("Size", "", False),
    ("Taken", "taken", False),
]


@require_GET
@only_reads
def index(request: StaffRequest) -> HttpResponse:
    """Leads that are not archived, newest first, or as a board by stage."""
    found = LeadFilter(request.GET, queryset=_leads(request), request=request)
    if request.GET.get("view") == "board":
        board = board_of("leads", found.qs)
        return render(request, "leads/board.html", {"filter": found, "board": board})
    rows = sort_rows(found.qs, request, ORDERS, HEADS, "-taken")
    page = page_of(rows, request)
    repeats = are_repeats(request.company, page.rows)
    context = {
        "filter": found,
        "page": page,
        "rows": [lead_row(lead, is_repeat=lead.pk in repeats) for lead in page.rows],
        "columns": columns(request, HEADS, "-taken"),
    }
    return render(request, "leads/index.html", context)


@require_http_methods(["GET", "POST"])
@needs(Right.EDIT)
def new(request: StaffRequest) -> HttpResponse:
    """New Lead; with `?customer=` for somebody the company knows."""
    chosen = customer_asked_for(request)
    if "use" in request.POST or request.method == "GET":
        form = _form(request, chosen, initial=_starting_from(request, chosen))
        return _form_page(request, form, chosen, status=200)
    form = _form(request, chosen, data=request.POST)
    if not form.is_valid():
        return _form_page(request, form, chosen, status=422)
    return do_once(request, lambda: _take(request, form, chosen).get_absolute_url())


@require_GET
@needs(Right.EDIT)
def offered(request: StaffRequest) -> HttpResponse:
    """Existing customers that what is being typed may be about."""
    asked = {
        name: request.GET.get(name, "")[:300]
        for name in ("name", "company_name", "phone", "email", "category")
    }
    suggestions = suggest(request.company, asked)
    return render(request, "leads/_suggestions.html", {"suggestions": suggestions})


def _form(request: StaffRequest, chosen: Customer | None, **kwargs: Any) -> IntakeForm:
    return IntakeForm(company=request.company, member=request.member, chosen=chosen, **kwargs)


def _leads(request: StaffRequest) -> Any:
    return request.company.jobs.leads().select_related("customer", "owner__user")


def _take(request: StaffRequest, form: IntakeForm, chosen: Customer | None) -> Job:
    return take_lead(
        company=request.company, intake=form.cleaned_data, customer=chosen, by=request.member
    )


def _starting_from(request: StaffRequest, chosen: Customer | None) -> dict[str, Any]:
    """What was typed so far, completed with the saved details of a chosen customer."""
    typed = {name: value for name, value in request.POST.items() if value}
    if "services" in request.POST:
        typed["services"] = request.POST.getlist("services")  # type: ignore[assignment]
    return {"category": "residential", **(saved_details(chosen) if chosen else {}), **typed}


def saved_details(customer: Customer) -> dict[str, Any]:
    """What a new lead of a known customer starts with."""
    phone = customer.phones.current().first()
    email = customer.emails.current().first()
    home = customer.addresses.current().first()
    contact = customer.contacts.current().first()
    return {
        "category": customer.category,
        "name": (contact.name if contact else "") if customer.company_name else customer.name,
        "company_name": customer.company_name,
        "phone": phone.text if phone else "",
        "email": email.text if email else "",
        "lead_source": "Repeat customer",
        **(
            {
                f"origin_{part}": getattr(home, part)
                for part in ("street", "city", "state", "postcode")
            }
            if home
            else {}
        ),
    }


def _form_page(
    request: StaffRequest, form: IntakeForm, chosen: Customer | None, *, status: int
) -> HttpResponse:
    context = {"form": form, "chosen": chosen, "once": request.POST.get("once") or fresh_token()}
    return render(request, "leads/new.html", context, status=status)


@require_GET
def home(request: StaffRequest) -> HttpResponse:
    """The first page after signing in."""
    return redirect("leads")
