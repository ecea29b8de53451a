"""What was written to the fields of customers: who, when, before and after."""

from django.db import models
from django.utils import timezone

from carter.companies.models import Member
from carter.companies.tenancy import CompanyOwned
from carter.customers.following import OnMerge
from carter.customers.models.history import Event


class FieldWrite(CompanyOwned):
    """One value written to one field of a customer's record, by a person or by a merge.

    A field has the value of its newest write that stands, and without one the value from before
    the first. So a merge that is undone takes back what it wrote, and nothing else; see
    `customers/field_log.py`, which alone writes this. `old` and `new` are the raw values.
    """

    on_merge = OnMerge.STAYS

    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT)
    field = models.CharField(max_length=40)
    old = models.JSONField()
    new = models.JSONField()
    event = models.ForeignKey(
        Event, on_delete=models.PROTECT, null=True, blank=True, related_name="field_writes"
    )
    by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        default_related_name = "field_writes"
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.field} of {self.customer_id}"

    @property
    def stands(self) -> bool:
        return self.withdrawn_at is None
