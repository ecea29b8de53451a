"""Tags: put on one customer or taken off, and put on many at once."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from carter.companies.rights import Right
from carter.customers.labelling import tag_customer, tag_customers, untag_customer
from carter.customers.models import Customer
from carter.web.access import needs
from carter.web.forms.customers import TagForm
from carter.web.middleware.company import StaffRequest
from carter.web.views.finding import back_to_list, ids_in, the_current_customer


@require_POST
@needs(Right.EDIT)
def of_customer(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Put a tag on the customer, or take one off."""
    customer = the_current_customer(request, customer_id)
    form = TagForm(request.POST)
    if not form.is_valid():
        messages.error(request, "A tag is a word or two, at most 50 characters.")
    elif "remove" in request.POST:
        untag_customer(customer, form.cleaned_data["tag"], by=request.member)
    else:
        tag_customer(customer, form.cleaned_data["tag"], by=request.member)
    return redirect(customer)


@require_POST
@needs(Right.EDIT)
def on_ticked(request: StaffRequest) -> HttpResponse:
    """**Bulk Actions**: put a tag on every ticked customer."""
    form = TagForm(request.POST)
    chosen = request.company.customers.current().filter(pk__in=ids_in(request))
    if not form.is_valid():
        messages.error(request, "Write the tag to put on them, at most 50 characters.")
    elif not chosen:
        messages.error(request, "Tick the customers first.")
    else:
        messages.success(request, _tag_all(chosen, form.cleaned_data["tag"], request))
    return back_to_list(request, "customers")


def _tag_all(chosen: QuerySet[Customer], tag: str, request: StaffRequest) -> str:
    """Tag them; what happened, in words."""
    wearing = len(chosen)
    tagged = tag_customers(chosen, tag, by=request.member)
    before = wearing - tagged
    return f"Tagged {tagged} with {tag}." + (f" {before} had it already." if before else "")
