"""Which rows of the account went from customer to customer, as the database itself saw it."""

from django.db import models
from django.utils import timezone

from carter.companies.tenancy import CompanyOwned


class MovedRow(CompanyOwned):
    """One row that a link, merge, split or undo gave to another record or customer.

    Written by triggers, so that no door goes round it; never changed. `record` and `customer` are
    keys: the record the row was made for and the customer who had it, before and after.
    """

    table = models.CharField(max_length=40)
    row_id = models.BigIntegerField()
    record_before = models.BigIntegerField()
    record_after = models.BigIntegerField()
    customer_before = models.BigIntegerField()
    customer_after = models.BigIntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_related_name = "moved_rows"
        indexes = [models.Index(fields=["company", "table", "row_id"], name="moved_row")]
