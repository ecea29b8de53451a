"""The open invoices that a form for money lists: the oldest due first, some at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import F, Sum
from django.http import HttpRequest

from carter.billing.models import Invoice
from carter.companies.tenancy import know_company
from carter.customers.models import Customer
from carter.prepared import Given, Prepared
from carter.web.middleware.company import StaffRequest
from carter.web.views.finding import row_id

FEW, MORE, MOST = 20, 50, 500


@dataclass(frozen=True)
class OpenInvoices:
    """Those shown, what is open on all of them, and how many are shown when more are asked for.

    `next` is 0 when there are no more, or more than a form should hold; `has_more` tells.
    """

    rows: list[Invoice]
    cents: int
    has_more: bool
    next: int


def open_invoices(
    request: StaffRequest, customer: Customer, narrowed: Mapping[str, int]
) -> OpenInvoices:
    """As many as were asked for of a customer's open invoices, with their status."""
    shown = _shown(request)
    asked = {"customer": customer.pk, **narrowed}
    found = _first(shown + 1, *asked)(**asked)
    for invoice in found:
        know_company(invoice, request.company)
    if len(found) <= shown:
        return OpenInvoices(found, sum(each.open_cents for each in found), False, 0)
    still_open = Sum(F("total_cents") - F("applied_cents"))
    cents = _open(asked).aggregate(cents=still_open)["cents"]
    return OpenInvoices(found[:shown], cents, True, min(shown + MORE, MOST) if shown < MOST else 0)


def answers(request: HttpRequest) -> dict[str, Any]:
    """What a form is made of: what was sent, to be judged.

    When it only asked for more invoices: what is typed so far, not judged yet.
    """
    if "more" in request.POST:
        return {"data": None, "initial": request.POST.dict()}
    return {"data": request.POST or None, "initial": {}}


@lru_cache(maxsize=32)
def _first(count: int, *asked: str) -> Prepared[Invoice]:
    rows = _open({name: Given(name) for name in asked}).select_related("job")
    return Prepared(lambda: rows.order_by("due_on", "id")[:count])


def _open(asked: Mapping[str, Any]) -> Any:
    rows = Invoice.across_companies.with_status().open().filter(**asked)
    return rows.distinct() if "lines__job" in asked else rows


def _shown(request: HttpRequest) -> int:
    asked = request.POST.get("more") or request.POST.get("shown", "")
    return max(FEW, min(row_id(asked) or FEW, MOST))
