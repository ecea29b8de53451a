"""Contacts, phones, emails and addresses of a customer: adding, correcting, retiring."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from carter.companies.rights import Right
from carter.customers.changing import (
    ChangedMeanwhile,
    add_detail,
    change_alike,
    make_alike_former,
    make_current,
    make_primary,
)
from carter.customers.models import Customer, Detail
from carter.web.access import needs
from carter.web.forms import EditForm
from carter.web.forms.customers import DETAIL_FORMS
from carter.web.middleware.company import StaffRequest
from carter.web.once import do_once, fresh_token
from carter.web.views.finding import the_current_customer, the_customer

DEEDS = {"former": make_alike_former, "current": make_current, "primary": make_primary}


@require_http_methods(["GET", "POST"])
@needs(Right.EDIT)
def new(request: StaffRequest, customer_id: int, kind: str) -> HttpResponse:
    """Add one."""
    customer = the_current_customer(request, customer_id)
    form = _form_class(kind)(request.POST or None)
    if form.is_valid():
        return do_once(request, lambda: _added(customer, kind, form, request))
    return _form_page(request, customer, kind, form, None)


@require_http_methods(["GET", "POST"])
@needs(Right.EDIT)
def edit(request: StaffRequest, customer_id: int, kind: str, detail_id: int) -> HttpResponse:
    """Correct one."""
    detail = _the_detail(request, customer_id, kind, detail_id)
    form = _form_class(kind)(request.POST or None, instance=detail)
    if form.is_valid():
        try:
            change_alike(detail, values=form.cleaned_data, was=form.was, by=request.member)
        except ChangedMeanwhile as clash:
            form.tell_apart(clash)
        else:
            return redirect(detail.customer)
    return _form_page(request, detail.customer, kind, form, detail)


@require_POST
@needs(Right.EDIT)
def standing(request: StaffRequest, customer_id: int, kind: str, detail_id: int) -> HttpResponse:
    """Make one the main one, no longer in use, or in use again."""
    detail = _the_detail(request, customer_id, kind, detail_id)
    deed = DEEDS.get(request.POST.get("standing", ""))
    if deed is None:
        raise Http404
    deed(detail, by=request.member)
    return redirect(detail.customer)


def _form_class(kind: str) -> type[EditForm]:
    if kind not in DETAIL_FORMS:
        raise Http404
    return DETAIL_FORMS[kind]


def _the_detail(request: StaffRequest, customer_id: int, kind: str, detail_id: int) -> Detail:
    """A detail of the company, whoever has it now: it may have moved since the page was opened."""
    _form_class(kind)
    the_customer(request, customer_id)
    rows = getattr(request.company, kind).select_related("customer__company", "born_to")
    detail: Detail = get_object_or_404(rows, pk=detail_id)
    return detail


def _added(customer: Customer, kind: str, form: EditForm, request: StaffRequest) -> str:
    add_detail(customer, kind, by=request.member, **form.cleaned_data)
    return customer.get_absolute_url()


def _form_page(
    request: StaffRequest, customer: Customer, kind: str, form: EditForm, detail: Detail | None
) -> HttpResponse:
    context = {
        "customer": customer,
        "kind": kind,
        "form": form,
        "detail": detail,
        "noun": form._meta.model.noun,
        "once": request.POST.get("once") or fresh_token(),
    }
    return render(request, "customers/detail.html", context, status=422 if form.errors else 200)
