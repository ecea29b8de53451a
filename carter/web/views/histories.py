"""A customer's **History**, **Revert** in it, and the record of somebody who is merged by now."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from carter.companies.rights import Right
from carter.customers.changing import ChangedMeanwhile, revert_field, words_for_field
from carter.customers.models import Address, Contact, Customer, Email, Event, Note, Phone
from carter.jobs.models import Job
from carter.web.access import needs
from carter.web.lists import page_of
from carter.web.middleware.company import StaffRequest
from carter.web.undoable import undoable
from carter.web.views.finding import the_customer
from carter.web.views.pages import customer_page, lead_on

SHOWN = 50


@require_GET
def index(request: StaffRequest, customer_id: int) -> HttpResponse:
    """The tab **History**: everything that happened to this customer."""
    customer = the_customer(request, customer_id)
    if not customer.is_current:
        return lead_on(request, customer, "customer_history")
    lines = customer.events.select_related("by__user").prefetch_related("field_writes")
    page = page_of(lines, request)
    context = {
        "page": page,
        "undoable": undoable(page.rows),
        "reversible": _reversible(customer, page.rows),
    }
    return customer_page(request, customer, "customer_history", "customers/history.html", context)


@require_POST
@needs(Right.EDIT)
def reversal(request: StaffRequest, customer_id: int, write_id: int) -> HttpResponse:
    """**Revert**: give a field the value back that it had before somebody wrote it."""
    customer = the_customer(request, customer_id)
    write = get_object_or_404(customer.field_writes.select_related("customer"), pk=write_id)
    try:
        revert_field(write, seen=getattr(customer, write.field), by=request.member)
    except ChangedMeanwhile as clash:
        messages.error(request, str(clash))
    else:
        messages.success(request, "Reverted.")
    return redirect("customer_history", customer.pk)


def as_it_was(request: StaffRequest, record: Customer) -> HttpResponse:
    """The record of somebody who is part of another customer by now, to look at."""
    request.member.must(Right.MERGE)
    kinds = [(Job, "Jobs"), (Contact, "Contacts"), (Phone, "Phones"), (Email, "Emails")]
    own = [
        (title, kind.across_companies.filter(born_to=record).select_related("company")[:SHOWN])
        for kind, title in (*kinds, (Address, "Addresses"), (Note, "Notes"))
    ]
    return render(request, "customers/record.html", {"customer": record, "own": own})


def _reversible(customer: Customer, lines: Sequence[Event]) -> dict[int, str]:
    """By key: the writes that gave the customer's fields the values they have, and the fields."""
    return {
        write.pk: words_for_field(customer, write.field)
        for line in lines
        for write in line.field_writes.all()
        if write.stands
        and write.customer_id == customer.pk
        and getattr(customer, write.field) == write.new
    }
