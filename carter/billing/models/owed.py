"""Who owes and who is owed, as the database itself adds it up."""

from django.db import models

from carter.companies.models import Company
from carter.companies.tenancy import CompanyOwned
from carter.customers.following import OnMerge
from carter.customers.models import Customer


class Owed(CompanyOwned):
    """A customer's balance, for lists of the whole book; no row for who owes nothing.

    Kept by triggers on the ledger, in the statement that changes it, so no door goes round it.
    The balance on a customer's own page is always the sum of the ledger; `carter check` compares.
    """

    on_merge = OnMerge.STAYS

    customer = models.OneToOneField(
        Customer, on_delete=models.PROTECT, primary_key=True, related_name="owed"
    )
    balance_cents = models.BigIntegerField()

    class Meta:
        default_related_name = "owed"
        verbose_name_plural = "owed"
        indexes = [models.Index(fields=["company", "-balance_cents"], name="owed_most_first")]


class MonthTotal(CompanyOwned):
    """What was posted to a customer in a month, added up; no row where that comes to nothing.

    So the balances of the whole book on a past day are those of now less a few months, however
    much was posted in them. Kept like `Owed`, and compared with the ledger by `carter check`.
    """

    on_merge = OnMerge.STAYS

    # The primary key begins with the company, the months' index with the customer.
    company = models.ForeignKey(Company, on_delete=models.PROTECT, db_index=False)
    pk = models.CompositePrimaryKey("company_id", "month", "customer_id")
    month = models.DateField()
    """Its first day."""
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT)
    amount_cents = models.BigIntegerField()

    class Meta:
        default_related_name = "month_totals"
        indexes = [
            # Covers the balances of a past day.
            models.Index(
                fields=["company", "month", "customer", "amount_cents"], name="month_total_by_month"
            )
        ]
