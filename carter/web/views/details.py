"""Contacts, phones, emails and addresses of a customer: adding, correcting, retiring."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from carter.companies.rights import Right
from carter.customers.changing import (
    ChangedMeanwhile,
    add_detail,
    change_detail,
    make_current,
    make_former,
    make_primary,
)
from carter.customers.models import Customer, Detail
from carter.web.access import needs
from carter.web.forms import EditForm
from carter.web.forms.customers import DETAIL_FORMS
from carter.web.middleware.company import StaffRequest
from carter.web.views.finding import the_customer

DEEDS = {"former": make_former, "current": make_current, "primary": make_primary}


@require_http_methods(["GET", "POST"])
@needs(Right.EDIT)
def new(request: StaffRequest, customer_id: int, kind: str) -> HttpResponse:
    """Add one."""
    customer = the_customer(request, customer_id)
    form = _form_class(kind)(request.POST or None)
    if form.is_valid():
        add_detail(customer, kind, by=request.member, **form.cleaned_data)
        return redirect(customer)
    return _form_page(request, customer, kind, form, None)


@require_http_methods(["GET", "POST"])
@needs(Right.EDIT)
def edit(request: StaffRequest, customer_id: int, kind: str, detail_id: int) -> HttpResponse:
    """Correct one."""
    customer = the_customer(request, customer_id)
    detail = _the_detail(customer, kind, detail_id)
    form = _form_class(kind)(request.POST or None, instance=detail)
    if form.is_valid():
        try:
            change_detail(detail, values=form.cleaned_data, was=form.was, by=request.member)
        except ChangedMeanwhile as clash:
            form.tell_apart(clash)
        else:
            return redirect(customer)
    return _form_page(request, customer, kind, form, detail)


@require_POST
@needs(Right.EDIT)
def standing(request: StaffRequest, customer_id: int, kind: str, detail_id: int) -> HttpResponse:
    """Make one the main one, no longer in use, or in use again."""
    customer = the_customer(request, customer_id)
    detail = _the_detail(customer, kind, detail_id)
    deed = DEEDS.get(request.POST.get("standing", ""))
    if deed is None:
        raise Http404
    deed(detail, by=request.member)
    return redirect(customer)


def _form_class(kind: str) -> type[EditForm]:
    if kind not in DETAIL_FORMS:
        raise Http404
    return DETAIL_FORMS[kind]


def _the_detail(customer: Customer, kind: str, detail_id: int) -> Detail:
    _form_class(kind)
    detail: Detail = get_object_or_404(getattr(customer, kind).all(), pk=detail_id)
    return detail


def _form_page(
    request: StaffRequest, customer: Customer, kind: str, form: EditForm, detail: Detail | None
) -> HttpResponse:
    context = {
        "customer": customer,
        "kind": kind,
        "form": form,
        "detail": detail,
        "noun": form._meta.model.noun,
    }
    return render(request, "customers/detail.html", context, status=422 if form.errors else 200)
