"""The customer: one record of somebody who is moved or stored."""

from typing import Any, Self

from django.db import models, transaction
from django.utils import timezone
from django.utils.text import Truncator

from carter.companies.models import Member
from carter.companies.paths import path_to
from carter.companies.rights import Right, require
from carter.companies.tenancy import CompanyOwned, CompanyQuerySet
from carter.customers.following import FollowsCustomer, OnMerge
from carter.customers.locking import lock_customer
from carter.customers.models.history import Event, Note, naming
from carter.customers.names import fold


class CustomerQuerySet(CompanyQuerySet["Customer"]):
    """Customers of a company."""

    def current(self) -> Self:
        """Neither merged into another, nor emptied by a link, nor taken back with an import."""
        return self.filter(head=None, withdrawn_at=None)

    def awaiting_keys(self) -> Self:
        """Changed since their matching keys were made."""
        return self.filter(keys_due=True)

    def awaiting_words(self) -> Self:
        """Changed since their search words were made."""
        return self.filter(words_due=True)


class Customer(CompanyOwned):
    """Who is moved or stored: a person, a household or a company.

    A record is never deleted. `merged_into` and `retired_into` are the edges that a merge and a
    link draw; `head` is the current customer at their end, empty for a current one.
    """

    class Kind(models.TextChoices):
        PERSON = "person", "Person"
        HOUSEHOLD = "household", "Household"
        COMPANY = "company", "Company"

    class Category(models.TextChoices):
        RESIDENTIAL = "residential", "Residential"
        COMMERCIAL = "commercial", "Commercial"

    class Origin(models.TextChoices):
        OFFICE = "office", "Entered in the office"
        LEAD = "lead", "Came with a lead"
        IMPORT = "import", "Imported"
        SPLIT = "split", "Split from another customer"

    on_merge = OnMerge.STAYS

    number = models.PositiveBigIntegerField()
    name = models.CharField(max_length=300)
    sort_name = models.CharField(max_length=300, editable=False)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.PERSON)
    category = models.CharField(
        "Move Category", max_length=12, choices=Category, default=Category.RESIDENTIAL
    )
    lead_source = models.CharField(max_length=100, blank=True)
    bill_to = models.TextField(
        max_length=1000, blank=True, help_text="Name and address, when invoices go elsewhere."
    )
    do_not_service = models.BooleanField(default=False)
    do_not_service_reason = models.CharField(max_length=500, blank=True)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.OFFICE)
    created_at = models.DateTimeField(default=timezone.now)

    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    retired_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    head = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="former_records",
        # Of the few that have one SQLite would learn that an index finds few, and look for the
        # many who have none by it.
        db_index=False,
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    keys_due = models.BooleanField(default=True)
    words_due = models.BooleanField(default=True)

    across_companies = CustomerQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        default_related_name = "customers"
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], name="customer_number_once"),
        ]
        indexes = [
            models.Index(fields=["company", "sort_name", "id"], name="customer_by_name"),
            models.Index(
                fields=["company", "id"],
                condition=models.Q(keys_due=True),
                name="customer_keys_due",
            ),
            models.Index(
                fields=["company", "id"],
                condition=models.Q(words_due=True),
                name="customer_words_due",
            ),
            # Most customers have no head, for which a planner takes the whole index for useless.
            models.Index(
                fields=["head"], condition=models.Q(head__isnull=False), name="customer_with_head"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sort_name = fold(self.name)[:300]
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return path_to("customer", self.pk)

    @property
    def code(self) -> str:
        """The number as it is shown and said: C-1042."""
        return f"{self.company.customer_prefix}{self.number}"

    @property
    def is_current(self) -> bool:
        return self.head_id is None and self.withdrawn_at is None

    @property
    def leads_to(self) -> "Customer":
        """The current customer this record's address leads to; itself when current."""
        return self.head or self

    @property
    def is_commercial(self) -> bool:
        return self.category == self.Category.COMMERCIAL

    @property
    def company_name(self) -> str:
        """The firm's name when the customer is one, else nothing."""
        return self.name if self.kind == self.Kind.COMPANY else ""

    def record(
        self,
        what: str,
        *,
        by: Member | None,
        about: FollowsCustomer | None = None,
        changes: dict[str, list[str]] | None = None,
    ) -> Event:
        """Write one line of History, in the transaction of the deed; a long one is shortened."""
        what = Truncator(what).chars(Event.LONGEST)
        return self.events.create(what=what, by=by, changes=changes or {}, **naming(about))

    @transaction.atomic
    def add_note(self, text: str, *, by: Member | None) -> Note:
        """Add to the dated, signed log; what is in it is never overwritten."""
        require(by, Right.EDIT)
        return lock_customer(self).notes.create(text=text, by=by)

    def mark_changed(self) -> None:
        """Say that keys and search words of this record no longer hold."""
        self.keys_due = self.words_due = True
        self.save(update_fields=["keys_due", "words_due"])
