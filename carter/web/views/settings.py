"""Settings: of the company, and one's own."""

from copy import copy

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from carter.billing.company_settings import change_settings
from carter.billing.currency import CurrencyIsFixed
from carter.companies.changing import LacksSecondStep
from carter.companies.rights import Right
from carter.customers.changing import ChangedMeanwhile
from carter.printing.letterheads import change_logo, letterhead_of, logo_of
from carter.printing.papers import invoice_pdf
from carter.printing.sample import sample_invoice
from carter.web.access import needs
from carter.web.forms.settings import CompanyForm, LogoForm, NameForm, PaperForm
from carter.web.middleware.company import StaffRequest, before_the_second_step

SHOWN_EVENTS = 50


@require_GET
def index(request: StaffRequest) -> HttpResponse:
    """Everything that can be set, as far as one may, and who set what."""
    events = request.company.settings_events.select_related("by__user")
    may = request.member.may(Right.SETTINGS)
    return render(
        request, "settings/index.html", {"events": events[:SHOWN_EVENTS] if may else None}
    )


@require_http_methods(["GET", "POST"])
@needs(Right.SETTINGS)
def company(request: StaffRequest) -> HttpResponse:
    """Name, time zone, currency, country, numbering, modules."""
    form = CompanyForm(request.POST or None, instance=request.company)
    if form.is_valid():
        try:
            change_settings(
                request.company, values=form.cleaned_data, was=form.was, by=request.member
            )
        except CurrencyIsFixed as reason:
            form.add_error("currency", str(reason))
        except LacksSecondStep as reason:
            form.add_error("requires_second_step", str(reason))
        except ChangedMeanwhile as clash:
            form.tell_apart(clash)
        else:
            messages.success(request, "The settings are saved.")
            return redirect("company_settings")
    return render(
        request, "settings/company.html", {"form": form}, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "POST"])
@needs(Right.SETTINGS)
def paper(request: StaffRequest) -> HttpResponse:
    """What stands on invoices and statements: address, logo, terms, tax."""
    form = PaperForm(request.POST or None, instance=request.company)
    logo = LogoForm(request.POST or None, request.FILES or None)
    if form.is_valid() and logo.is_valid():
        try:
            change_settings(
                request.company, values=form.cleaned_data, was=form.was, by=request.member
            )
        except ChangedMeanwhile as clash:
            form.tell_apart(clash)
        else:
            if logo.is_changed:
                change_logo(request.company, logo.cleaned_data["logo"], by=request.member)
            messages.success(request, "What stands on paper is saved.")
            return redirect("paper_settings")
    context = {"form": form, "logo": logo, "has_logo": request.company.logos.exists()}
    status = 422 if form.errors or logo.errors else 200
    return render(request, "settings/paper.html", context, status=status)


@require_GET
@needs(Right.SETTINGS)
def logo(request: StaffRequest) -> HttpResponse:
    """The logo itself; as a picture it runs no script, and on its own it may not either."""
    picture = logo_of(request.company)
    if picture is None:
        raise Http404
    return HttpResponse(picture.data, content_type=picture.media_type)


@require_GET
@needs(Right.SETTINGS)
def sample_paper(request: StaffRequest) -> HttpResponse:
    """An invoice that was never issued, to see how paper looks."""
    company = request.company
    pdf = invoice_pdf(sample_invoice(letterhead_of(company)), logo=logo_of(company))
    return HttpResponse(pdf, content_type="application/pdf")


@require_http_methods(["GET", "POST"])
def profile(request: StaffRequest) -> HttpResponse:
    """One's own name, and how one signs in."""
    user = request.member.user
    form = NameForm(request.POST or None, instance=copy(user))
    if form.is_valid():
        form.save()
        messages.success(request, "Your name is saved.")
        return redirect("profile")
    context = {
        "form": form,
        "passkeys": Authenticator.objects.filter(user=user, type="webauthn").count(),
        "has_app": Authenticator.objects.filter(user=user, type="totp").exists(),
        "sessions": UserSession.objects.filter(user=user).count(),
        "places": user.places,
    }
    return render(request, "settings/profile.html", context, status=422 if form.errors else 200)


@before_the_second_step
@require_POST
def working_company(request: StaffRequest) -> HttpResponse:
    """Work in another of one's companies from now on, in this browser."""
    chosen = request.POST.get("company")
    for place in request.member.user.places:
        if str(place.company_id) == chosen:
            request.session["company"] = place.company_id
            return redirect("home")
    raise Http404
