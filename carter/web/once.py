"""A form sent twice does its deed once: double clicks, the back button, an impatient reload."""

import hashlib
import secrets
from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.forms import BaseForm
from django.http import HttpResponse, HttpResponseRedirect

from carter.companies.models import Submission
from carter.prepared import Given, Prepared
from carter.web.middleware.company import StaffRequest


def fresh_token() -> str:
    """A token for the hidden field `once` of a form that makes something."""
    return secrets.token_urlsafe(18)


def do_once(request: StaffRequest, deed: Callable[[], str]) -> HttpResponse:
    """Do the deed, which returns the address to show, unless this very form already did it.

    Somebody who goes back and types something else means something else: that is done, too.
    """
    token = _token_of(request)
    try:
        with transaction.atomic():
            row = request.company.submissions.create(company=request.company, token=token)
            row.leads_to = deed()
            row.save(update_fields=["leads_to"])
    except IntegrityError:
        if not (earlier := EARLIER(company=request.company.pk, token=token)):
            raise
        row = earlier[0]
    return HttpResponseRedirect(row.leads_to)


def done_before(request: StaffRequest) -> HttpResponse | None:
    """The answer to a form that did its deed already.

    To be asked before the form is judged where the deed uses up what the form offers: the second
    time it would be refused as impossible, though all went well.
    """
    if request.method != "POST":
        return None
    earlier = EARLIER(company=request.company.pk, token=_token_of(request))
    return HttpResponseRedirect(earlier[0].leads_to) if earlier else None


EARLIER = Prepared(
    lambda: Submission.across_companies.filter(company=Given("company"), token=Given("token"))
)


def do_or_tell(
    request: StaffRequest, form: BaseForm, deed: Callable[[], str], *refusals: type[Exception]
) -> HttpResponse | None:
    """Do the deed of a form once; when it is refused the form says why, and nothing is returned."""
    try:
        return do_once(request, deed)
    except refusals as reason:
        tell(form, reason)
        return None


def tell(form: BaseForm, reason: Exception) -> None:
    """Say why a deed was refused: beside the field that it is about, else above the form."""
    about = getattr(reason, "about", "")
    form.add_error(about if about in form.fields else None, str(reason))


def _token_of(request: StaffRequest) -> str:
    """The form's token together with what was typed into it."""
    if not request.POST.get("once"):
        return fresh_token()
    typed = [pair for pair in request.POST.lists() if pair[0] != "csrfmiddlewaretoken"]
    return hashlib.sha256(repr(sorted(typed)).encode()).hexdigest()[:40]
