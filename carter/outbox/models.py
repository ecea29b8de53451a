"""A letter and what is attached to it."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from carter.companies.models import Member
from carter.companies.tenancy import CompanyOwned, CompanyQuerySet

LEASE = timedelta(minutes=15)
"""Whoever sends a letter is done with it, or dead, after this time."""


class LetterQuerySet(CompanyQuerySet["Letter"]):
    """Letters of a company."""

    def due(self) -> Self:
        return self.filter(state=Letter.State.WAITING, due_at__lte=timezone.now())

    def abandoned(self) -> Self:
        """Taken up by a worker that has not been heard of since."""
        return self.filter(
            state__in=(Letter.State.TAKEN, Letter.State.HANDING_OVER),
            taken_at__lt=timezone.now() - LEASE,
        )

    def for_a_person(self) -> Self:
        """Somebody must decide about them."""
        return self.filter(state__in=Letter.FOR_A_PERSON)

    def unsent(self) -> Self:
        """Not sent and not given up, those for a person first."""
        first = models.Case(models.When(Q(state__in=Letter.FOR_A_PERSON), then=0), default=1)
        return self.exclude(state__in=Letter.DONE).order_by(first, "-id")


class Letter(CompanyOwned):
    """One mail on its way. It is written in the transaction of the deed that it tells about.

    A worker takes it up, and commits that; talks to the mail server; and commits `HANDING_OVER`
    just before the text itself leaves. A worker that dies earlier has sent nothing, so the letter
    waits again. One that dies later may have sent it: the letter is *unsure*, and a person decides.
    `tries` also says whose turn it is: a worker that lost its letter changes nothing any more.
    Those up to `first_try` were made before a person sent it again.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        TAKEN = "taken", "Being sent"
        HANDING_OVER = "handing-over", "Being handed over"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"
        UNSURE = "unsure", "Unsure"
        LET_BE = "let-be", "Let be"

    FOR_A_PERSON = (State.FAILED, State.UNSURE)
    DONE = (State.SENT, State.LET_BE)

    to = models.JSONField()
    cc = models.JSONField(default=list, blank=True)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField(blank=True)
    message_id = models.CharField(max_length=120)
    key = models.CharField(max_length=80, null=True, blank=True, editable=False)

    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    tries = models.PositiveIntegerField(default=0)
    first_try = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    taken_at = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=500, blank=True)

    by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    across_companies = LetterQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        default_related_name = "letters"
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["company", "key"],
                condition=Q(key__isnull=False),
                name="letter_once_per_key",
            ),
            models.UniqueConstraint(fields=["message_id", "company"], name="message_id_once"),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=~Q(state__in=("sent", "let-be", "failed", "unsure")),
                name="letter_to_send",
            ),
            models.Index(
                fields=["company", "-id"],
                condition=~Q(state__in=("sent", "let-be")),
                name="letter_unsent",
            ),
        ]

    def __str__(self) -> str:
        return f"“{self.subject}” to {self.addressees}"

    @property
    def addressees(self) -> str:
        return ", ".join([*self.to, *self.cc])

    @property
    def awaits_a_person(self) -> bool:
        return self.state in self.FOR_A_PERSON

    @property
    def tries_again_at(self) -> datetime | None:
        """When it is tried again after a trouble."""
        return self.due_at if self.state == self.State.WAITING and self.trouble else None


class Attachment(CompanyOwned):
    """A file that goes with a letter, as it is, also when it is sent again."""

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    data = models.BinaryField()

    class Meta:
        default_related_name = "attachments"
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name
