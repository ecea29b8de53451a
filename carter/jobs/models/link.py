"""A link: a job that was given to another customer, and can be given back."""

from django.db import models
from django.utils import timezone

from carter.companies.models import Member
from carter.companies.tenancy import CompanyOwned
from carter.customers.following import OnMerge
from carter.customers.models import Customer
from carter.jobs.models.job import Job


class JobLink(CompanyOwned):
    """One **Link Job to This Customer**, or a job's part in **Split Customer** (`is_split`).

    It says which record had the job, and which got it. A job is where its last standing link
    brought it, else with its own record.

    `brought` names, by kind, the rows that this link took from the lead's own customer: the
    phones and emails a person accepted, and money that hung on no job. They stay with the job,
    also when it is linked on, until this link is undone; then the lead's own customer gets them.
    """

    on_merge = OnMerge.STAYS

    job = models.ForeignKey(Job, on_delete=models.PROTECT)
    from_customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    to_customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    brought = models.JSONField(default=dict)
    is_split = models.BooleanField(default=False)
    by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)
    undone_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_related_name = "links"
        ordering = ("-id",)
        indexes = [
            models.Index(fields=["from_customer", "undone_at"], name="link_from_customer"),
        ]
