"""What is kept of customers for finding them: keys and profiles."""

from django.db import models
from django.db.models import Q

from carter.companies.models import Company
from carter.companies.tenancy import CompanyOwned
from carter.customers.following import OnMerge
from carter.customers.models import Customer
from carter.matching.keys import LONGEST_KIND, LONGEST_VALUE
from carter.matching.record import Record


class Key(CompanyOwned):
    """A value under which a customer's record is filed and looked for (carter/matching/keys.py).

    Made per record, from what is known of it: a merge or a link changes no key, it only changes
    where the record leads.
    """

    on_merge = OnMerge.STAYS

    # The primary key begins with the company: it needs no index of its own.
    company = models.ForeignKey(Company, on_delete=models.PROTECT, db_index=False)
    pk = models.CompositePrimaryKey("company_id", "kind", "value", "customer_id")
    kind = models.CharField(max_length=LONGEST_KIND)
    value = models.CharField(max_length=LONGEST_VALUE)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT)

    class Meta:
        default_related_name = "keys"

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"


class Profile(CompanyOwned):
    """What is compared of a customer's record, normalised when the record last changed.

    `compare_due`: since then it was not compared with the others for the list of duplicates. One
    that changed makes those due, too, who share a number or a mailbox with it: it counts anew for
    them how many do.
    """

    class Due(models.IntegerChoices):
        NOT = 0
        COUNTS_ANEW = 1
        CHANGED = 2

    on_merge = OnMerge.STAYS

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="profiles")
    customer = models.OneToOneField(
        Customer, on_delete=models.PROTECT, primary_key=True, related_name="profile"
    )
    stored = models.JSONField()
    compare_due = models.PositiveSmallIntegerField(choices=Due, default=Due.CHANGED)

    class Meta:
        indexes = [
            models.Index(
                fields=["company", "customer"],
                condition=Q(compare_due__gt=0),
                name="profile_compare_due",
            )
        ]

    @property
    def record(self) -> Record:
        return Record.restored(self.stored)
