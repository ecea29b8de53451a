"""Names that the office and other systems give to customers."""

from typing import Self

from django.db import models

from carter.companies.tenancy import CompanyOwned, CompanyQuerySet
from carter.customers.following import FollowsCustomer


class Tag(CompanyOwned):
    """A word the office sorts its customers by, such as VIP."""

    name = models.CharField(max_length=50)

    class Meta:
        default_related_name = "tags"
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(fields=["company", "name"], name="tag_once_per_company")
        ]

    def __str__(self) -> str:
        return self.name


class CustomerTagQuerySet(CompanyQuerySet["CustomerTag"]):
    """Tags on customers."""

    def once(self) -> Self:
        """Each tag of a customer once, also when a merge brought it a second time."""
        earlier = CustomerTag.across_companies.filter(
            customer=models.OuterRef("customer"),
            tag=models.OuterRef("tag"),
            pk__lt=models.OuterRef("pk"),
        )
        return self.filter(~models.Exists(earlier))


class CustomerTag(FollowsCustomer):
    """A tag on a customer."""

    tag = models.ForeignKey(Tag, on_delete=models.PROTECT)

    across_companies = CustomerTagQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        default_related_name = "customer_tags"
        constraints = [
            models.UniqueConstraint(
                fields=["company", "born_to", "tag"], name="tag_once_per_customer"
            )
        ]


class ExternalId(FollowsCustomer):
    """What another system calls this customer; an import finds the customer again by it."""

    source = models.CharField(max_length=40)
    value = models.CharField(max_length=200)

    class Meta:
        default_related_name = "external_ids"
        constraints = [
            models.UniqueConstraint(
                fields=["company", "source", "value"], name="external_id_once_per_company"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.value}"
