"""How often and when a customer moved."""

from django.db.models import Count, DateField, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from carter.customers.models import Customer
from carter.jobs.models import Job, stages


def with_moves(customers: QuerySet[Customer]) -> QuerySet[Customer]:
    """The same customers, each with `jobs_count` and `last_move_on`."""
    return customers.annotate(jobs_count=jobs_count(), last_move_on=last_move_on())


def jobs_count() -> Coalesce:
    """How many leads and moves a customer of a query has."""
    counted = _moves().values("customer").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def last_move_on() -> Subquery:
    """The day of the latest move of a customer of a query that is booked or was carried out."""
    moved = _moves().filter(stage__in=stages.RUNNING_JOB).exclude(move_on=None)
    return Subquery(moved.order_by("-move_on").values("move_on")[:1], output_field=DateField())


def _moves() -> QuerySet[Job]:
    return Job.across_companies.moves().filter(customer=OuterRef("pk")).order_by()
