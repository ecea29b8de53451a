"""What a customer or a job owes: always a sum over the ledger."""

from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from carter.billing.models import Entry, Payment
from carter.customers.models import Customer
from carter.jobs.models import Job
from carter.prepared import Given, Prepared


@dataclass(frozen=True)
class Breakdown:
    """What makes up an Account Balance, in cents, none with a sign: charges − payments − credits.

    Seen the other way, the balance is what is open on invoices and what is not invoiced yet, less
    deposits and credits held.
    """

    charged_cents: int
    paid_cents: int
    credited_cents: int
    open_cents: int
    not_invoiced_cents: int
    unapplied_cents: int

    @property
    def balance_cents(self) -> int:
        return self.charged_cents - self.paid_cents - self.credited_cents


def balance_of(customer: Customer) -> int:
    """The Account Balance in cents; positive when the customer owes."""
    return sum(total for (total,) in POSTED(customer=customer.pk))


def _posted() -> Any:
    entries = Entry.across_companies.filter(customer=Given("customer")).order_by()
    return entries.values("customer").annotate(total=Sum("amount_cents")).values_list("total")


POSTED: Prepared[Any] = Prepared(_posted)


def breakdown_of(customer: Customer) -> Breakdown:
    """What makes up the Account Balance."""
    charged = total_of(customer.charges.all())
    money = customer.payment_parts.filter(payment__kind__in=Payment.OF_MONEY)
    received = total_of(customer.payment_parts.all())
    paid = total_of(money)
    applied = total_of(customer.allocations.all())
    invoiced = customer.invoices.standing().aggregate(total=Coalesce(Sum("total_cents"), 0))
    return Breakdown(
        charged_cents=charged,
        paid_cents=paid,
        credited_cents=received - paid,
        open_cents=invoiced["total"] - applied,
        not_invoiced_cents=charged - invoiced["total"],
        unapplied_cents=received - applied,
    )


def total_of(rows: QuerySet[Any]) -> int:
    """Cents of all the rows together."""
    total: int = rows.order_by().aggregate(total=Coalesce(Sum("amount_cents"), 0))["total"]
    return total


def with_balances(customers: QuerySet[Customer]) -> QuerySet[Customer]:
    """The same customers, each with `balance_cents`."""
    return customers.annotate(balance_cents=_sum_by("customer", company=OuterRef("company")))


def with_job_balances(jobs: QuerySet[Job]) -> QuerySet[Job]:
    """The same jobs, each with `balance_cents` and `charged_cents`."""
    return jobs.annotate(
        balance_cents=_sum_by("job"),
        charged_cents=_sum_by("job", charge__isnull=False),
    )


def _sum_by(column: str, **only: Any) -> Coalesce:
    entries = (
        Entry.across_companies.filter(**{column: OuterRef("pk")}, **only)
        .order_by()
        .values(column)
        .annotate(total=Sum("amount_cents"))
        .values("total")
    )
    return Coalesce(Subquery(entries, output_field=BigIntegerField()), 0)
