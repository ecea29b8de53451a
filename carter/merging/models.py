"""Merges and splits: what was done, so that it can be taken back exactly."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.text import Truncator

from carter.companies.models import Member
from carter.companies.tenancy import CompanyOwned
from carter.customers.following import OnMerge
from carter.customers.models import Customer, Event, FieldWrite
from carter.jobs.models import JobLink


class Deed(CompanyOwned):
    """A merge or a split: signed, with a reason where one was given, and undone at most once."""

    on_merge = OnMerge.STAYS

    reason = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)
    undone_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ("-id",)

    @property
    def stands(self) -> bool:
        return self.undone_at is None

    def tell(
        self,
        record: Customer,
        what: str,
        *,
        changes: dict[str, list[str]] | None = None,
        by: Member | None,
    ) -> Event:
        """Write a line of History about it, with the customer whom a record leads to."""
        return record.leads_to.events.create(
            what=Truncator(what).chars(Event.LONGEST),
            changes=changes or {},
            about_kind=str(self._meta.model_name),
            about_id=self.pk,
            by=by,
        )

    def end(self, *, by: Member | None) -> None:
        """Note that it is undone, and by whom."""
        self.undone_at, self.undone_by = timezone.now(), by
        self.save(update_fields=["undone_at", "undone_by"])


class Merge(Deed):
    """One or more customers (*duplicates*) folded into another (*survivor*).

    Each duplicate's record is drawn to the survivor's by its `merged_into`; what a person chose
    for the survivor's fields are writes in the field log (`ChosenValue`). Undoing it takes both
    back, and nothing else.
    """

    survivor = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")

    class Meta(Deed.Meta):
        default_related_name = "merges"

    def __str__(self) -> str:
        return f"Merge {self.pk}"


class MergedRecord(CompanyOwned):
    """One duplicate of a merge. A record is merged into one other at a time."""

    on_merge = OnMerge.STAYS

    merge = models.ForeignKey(Merge, on_delete=models.PROTECT, related_name="records")
    duplicate = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_related_name = "merged_records"
        constraints = [
            models.UniqueConstraint(
                fields=["duplicate", "company"],
                condition=Q(undone_at=None),
                name="merged_once_at_a_time",
            )
        ]


class ChosenValue(CompanyOwned):
    """A value that a merge wrote to a field of its survivor."""

    merge = models.ForeignKey(Merge, on_delete=models.PROTECT, related_name="chosen_values")
    write = models.OneToOneField(FieldWrite, on_delete=models.PROTECT, related_name="chosen_by")

    class Meta:
        default_related_name = "chosen_values"


class Split(Deed):
    """Rows of one customer (*source*) given to another, who may have been made for it.

    `handed_back_by` is the undone merge on whose undoing the rows were handed over.
    """

    source = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    to_customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    handed_back_by = models.ForeignKey(
        Merge, on_delete=models.PROTECT, null=True, blank=True, related_name="handed_over"
    )

    class Meta(Deed.Meta):
        default_related_name = "splits"

    def __str__(self) -> str:
        return f"Split {self.pk}"


class SplitRow(CompanyOwned):
    """One row that a split gave away, and whose it was; a job's part is a link of its own kind."""

    on_merge = OnMerge.STAYS

    split = models.ForeignKey(Split, on_delete=models.PROTECT, related_name="rows")
    kind = models.CharField(max_length=60)
    row_id = models.PositiveBigIntegerField()
    from_record = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    link = models.OneToOneField(
        JobLink, on_delete=models.PROTECT, null=True, blank=True, related_name="split_row"
    )

    class Meta:
        default_related_name = "split_rows"
        ordering = ("id",)
        indexes = [models.Index(fields=["company", "kind", "row_id"], name="split_row")]
