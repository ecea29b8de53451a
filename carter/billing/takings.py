"""Money that came in and went out in a day or range of days, by method: a day's closing."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet, Sum

from carter.billing.models import Payment
from carter.companies.models import Company


@dataclass(frozen=True)
class Taking:
    """What came in by one method, less what went back."""

    method: str
    label: str
    count: int
    cents: int


def money_in(company: Company, *, since: date, through: date) -> QuerySet[Payment]:
    """Payments and what took payments back, on the days, the latest first. Credits are no money."""
    return company.payments.of_money().filter(on__range=(since, through)).order_by("-on", "-id")


def takings(company: Company, *, since: date, through: date) -> list[Taking]:
    """The totals by method, in the order of the methods; none for those nobody used."""
    paid = money_in(company, since=since, through=through).order_by()
    found = paid.values_list("method").annotate(count=Count("pk"), cents=Sum("amount_cents"))
    by_method = {method: (count, cents) for method, count, cents in found}
    return [
        Taking(method, Payment.Method(method).label, *by_method[method])
        for method in (*Payment.Method.values,)
        if method in by_method
    ]
