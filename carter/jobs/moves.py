"""How often and when a customer moved."""

from django.db.models import Count, DateField, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from carter.customers.models import Customer
from carter.jobs.models import Job, stages


def with_moves(customers: QuerySet[Customer]) -> QuerySet[Customer]:
    """The same customers, each with `jobs_count` and `last_move_on`."""
    jobs = Job.across_companies.moves().filter(customer=OuterRef("pk")).order_by()
    counted = jobs.values("customer").annotate(count=Count("pk")).values("count")
    moved = jobs.filter(stage__in=stages.RUNNING_JOB).exclude(move_on=None).order_by("-move_on")
    return customers.annotate(
        jobs_count=Coalesce(Subquery(counted, output_field=IntegerField()), 0),
        last_move_on=Subquery(moved.values("move_on")[:1], output_field=DateField()),
    )
