"""What a customer or a job owes: always a sum over the ledger."""

from django.db.models import BigIntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from carter.billing.models import Entry
from carter.customers.models import Customer
from carter.jobs.models import Job


def balance_of(customer: Customer) -> int:
    """The Account Balance in cents; positive when the customer owes."""
    total: int = customer.entries.aggregate(total=Coalesce(Sum("amount_cents"), 0))["total"]
    return total


def with_balances(customers: QuerySet[Customer]) -> QuerySet[Customer]:
    """The same customers, each with `balance_cents`."""
    return customers.annotate(balance_cents=_sum_by("customer"))


def with_job_balances(jobs: QuerySet[Job]) -> QuerySet[Job]:
    """The same jobs, each with `balance_cents` and `charged_cents`."""
    return jobs.annotate(
        balance_cents=_sum_by("job"),
        charged_cents=_sum_by("job", charge__isnull=False),
    )


def _sum_by(column: str, **only: bool) -> Coalesce:
    entries = (
        Entry.across_companies.filter(**{column: OuterRef("pk")}, **only)
        .order_by()
        .values(column)
        .annotate(total=Sum("amount_cents"))
        .values("total")
    )
    return Coalesce(Subquery(entries, output_field=BigIntegerField()), 0)
