"""The open invoices that a form for money lists: the oldest due first, some at a time."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, Sum
from django.http import HttpRequest

from carter.billing.models import Invoice
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


def open_invoices(request: HttpRequest, rows: Any) -> OpenInvoices:
    """As many as were asked for of invoices with their status."""
    rows = rows.open().select_related("company", "job__company")
    shown = _shown(request)
    found = list(rows.order_by("due_on", "id")[: shown + 1])
    if len(found) <= shown:
        return OpenInvoices(found, sum(each.open_cents for each in found), False, 0)
    still_open = Sum(F("total_cents") - F("applied_cents"))
    cents = rows.order_by().aggregate(cents=still_open)["cents"]
    return OpenInvoices(found[:shown], cents, True, min(shown + MORE, MOST) if shown < MOST else 0)


def answers(request: HttpRequest) -> dict[str, Any]:
    """What a form is made of: what was sent, to be judged.

    When it only asked for more invoices: what is typed so far, not judged yet.
    """
    if "more" in request.POST:
        return {"data": None, "initial": request.POST.dict()}
    return {"data": request.POST or None, "initial": {}}


def _shown(request: HttpRequest) -> int:
    asked = request.POST.get("more") or request.POST.get("shown", "")
    return max(FEW, min(row_id(asked) or FEW, MOST))
