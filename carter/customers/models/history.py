"""What happened to a customer, and what people noted."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from carter.companies.models import Member
from carter.customers.following import FollowsCustomer


class AboutRow(FollowsCustomer):
    """A line about a customer, or about one row of a customer, such as a job.

    Named by kind and id rather than by a column each, so that later kinds of rows (storage
    jobs, invoices) take part without a change here. A line about a row moves along with it.
    """

    about_kind = models.CharField(max_length=20, blank=True)
    about_id = models.PositiveBigIntegerField(null=True, blank=True)
    by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True

    @classmethod
    def carried_by(cls, row: FollowsCustomer) -> Q | None:
        return Q(about_kind=row._meta.model_name, about_id=row.pk)

    @property
    def signature(self) -> str:
        """Who it was; Carter itself when nobody was."""
        return str(self.by) if self.by else "Carter"


class Event(AboutRow):
    """One line of History: who did what, when, to which record.

    `changes` holds, by field, the value before and the value after, as shown on screen.
    """

    LONGEST = 300

    what = models.CharField(max_length=LONGEST)
    changes = models.JSONField(default=dict, blank=True)

    class Meta:
        default_related_name = "events"
        ordering = ("-at", "-id")
        indexes = [
            models.Index(fields=["customer", "-at", "-id"], name="event_by_customer"),
            models.Index(fields=["company", "about_kind", "about_id"], name="event_by_row"),
        ]

    def __str__(self) -> str:
        return self.what


class Note(AboutRow):
    """A dated, signed remark in a log that is never overwritten."""

    text = models.TextField(max_length=10_000)

    class Meta:
        default_related_name = "notes"
        ordering = ("-at", "-id")
        indexes = [
            models.Index(fields=["company", "about_kind", "about_id"], name="note_by_row"),
        ]

    def __str__(self) -> str:
        return self.text


def naming(row: FollowsCustomer | None) -> dict[str, Any]:
    """The columns that say which row a line is about; none for a line about the customer."""
    if row is None:
        return {}
    return {
        "about_kind": row._meta.model_name,
        "about_id": row.pk,
        "born_to_id": row.born_to_id,
    }
