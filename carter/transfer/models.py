"""Imports: each file somebody chose, and what became of each of its rows."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from carter.companies.models import Member
from carter.companies.tenancy import CompanyOwned, CompanyQuerySet
from carter.customers.following import OnMerge
from carter.customers.models import Customer
from carter.jobs.models import Job
from carter.transfer.understanding.fields import Holds, Shape

ALIVE_FOR = timedelta(seconds=30)
"""Somebody at work on a batch gives a sign far more often than this."""


class BatchQuerySet(CompanyQuerySet["ImportBatch"]):
    """Imports of a company."""

    def due(self) -> Self:
        """With work to be done that nobody is doing and that did not fail."""
        abandoned = Q(alive_at=None) | Q(alive_at__lt=timezone.now() - ALIVE_FOR)
        return self.filter(abandoned, state__in=ImportBatch.WORKING, trouble="")


class ImportBatch(CompanyOwned):
    """One file on its way into the book: read, understood, tried out, done, perhaps taken back.

    `started_at` and `undone_at` are also the moment written on every row the import and its undo
    make, so that what people did since can be told apart from what the import did itself.
    `source` names the system whose ids the rows carry; see `ExternalId`.
    """

    class State(models.TextChoices):
        READING = "reading", "Reading the file"
        UNREADABLE = "unreadable", "Not readable"
        MAPPING = "mapping", "Waiting for columns"
        CHECKING = "checking", "Trying it out"
        CHECKED = "checked", "Ready to import"
        IMPORTING = "importing", "Importing"
        IMPORTED = "imported", "Imported"
        UNDOING = "undoing", "Undoing"
        UNDONE = "undone", "Undone"

    WORKING = (State.READING, State.CHECKING, State.IMPORTING, State.UNDOING)

    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    state = models.CharField(max_length=12, choices=State, default=State.READING)
    trouble = models.TextField(blank=True)

    form = models.CharField(max_length=300, blank=True)
    columns = models.JSONField(default=list)
    remarks = models.JSONField(default=list)
    shape = models.CharField(max_length=12, choices=Shape, blank=True)
    holds = models.CharField(max_length=12, choices=Holds, blank=True)
    source = models.CharField(max_length=40, blank=True)
    mapping = models.JSONField(default=list)

    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    alive_at = models.DateTimeField(null=True, blank=True)

    by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    across_companies = BatchQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        default_related_name = "imports"
        ordering = ("-id",)
        verbose_name = "import"

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("import", args=[self.pk])

    @property
    def upload(self) -> Path:
        """Where this machine keeps the file as it was chosen (`uploads.py`)."""
        return self._folder / f"{self._name}.upload"

    @property
    def spool(self) -> Path:
        """Where this machine keeps the rows of the file in one plain form."""
        return self._folder / f"{self._name}.spool"

    @property
    def is_working(self) -> bool:
        return self.state in self.WORKING

    @property
    def is_interrupted(self) -> bool:
        """Work was under way and failed, or whoever did it has given no sign for a while."""
        silent = self.alive_at is not None and timezone.now() - self.alive_at > ALIVE_FOR
        return self.is_working and (silent or bool(self.trouble))

    @property
    def is_finishing(self) -> bool:
        """Every row is done; keys and search words are being made."""
        return self.state in (self.State.IMPORTING, self.State.UNDOING) and (
            self.rows_done == self.rows_total
        )

    @property
    def is_leads(self) -> bool:
        return self.holds == Holds.LEADS

    @property
    def percent(self) -> int:
        return self.rows_done * 100 // self.rows_total if self.rows_total else 0

    @property
    def stamp(self) -> datetime:
        """The moment written on everything this import makes."""
        if self.started_at is None:
            raise ValueError(f"Import {self.pk} has not started.")
        return self.started_at

    @property
    def _name(self) -> str:
        """With the file's fingerprint: the folder outlives a database that was put back."""
        return f"{self.pk}-{self.sha256[:16]}"

    @property
    def _folder(self) -> Path:
        return Path(settings.VAR) / "uploads" / str(self.company_id)


class UploadPiece(CompanyOwned):
    """A piece of a file as it was chosen; kept, so that nothing is uploaded twice."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="pieces")
    place = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        default_related_name = "upload_pieces"
        constraints = [
            models.UniqueConstraint(fields=["batch", "place", "company"], name="upload_piece_once")
        ]

    def __str__(self) -> str:
        return f"Piece {self.place} of {self.batch}"


class ImportRow(CompanyOwned):
    """What became of one row of a file, or would become of it; every row has one.

    `line` is the number the row has in a spreadsheet. `added` names what an attached row gave to
    a customer who was there before, by kind: the ids of phones, emails, charges and so on.
    `fingerprint` is there once the row was really imported: the same row again is nothing new,
    whatever people have made of the customer since.
    """

    on_merge = OnMerge.STAYS

    class Outcome(models.TextChoices):
        CREATED = "created", "Created"
        ATTACHED = "attached", "Attached"
        SKIPPED = "skipped", "Skipped"
        REFUSED = "refused", "Refused"

    class Undo(models.TextChoices):
        UNDONE = "undone", "Undone"
        STAYS = "stays", "Stays"

    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="rows")
    line = models.PositiveIntegerField()
    who = models.CharField(max_length=300, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome)
    reason = models.TextField(blank=True)
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    fingerprint = models.CharField(max_length=40, blank=True)
    added = models.JSONField(default=dict, blank=True)
    undo = models.CharField(max_length=10, choices=Undo, blank=True)
    undo_reason = models.TextField(blank=True)

    class Meta:
        default_related_name = "import_rows"
        ordering = ("line",)
        constraints = [
            models.UniqueConstraint(fields=["batch", "line", "company"], name="import_row_once"),
        ]
        indexes = [
            models.Index(fields=["batch", "outcome", "line"], name="import_row_by_outcome"),
            models.Index(fields=["batch", "undo", "line"], name="import_row_by_undo"),
        ]

    def __str__(self) -> str:
        return f"Row {self.line}"


class SavedMapping(CompanyOwned):
    """What somebody once said the columns of a file hold; proposed for the next such file."""

    signature = models.CharField(max_length=32)
    holds = models.CharField(max_length=12, choices=Holds)
    source = models.CharField(max_length=40)
    mapping = models.JSONField()
    by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_related_name = "saved_mappings"
        constraints = [
            models.UniqueConstraint(
                fields=["company", "signature"], name="mapping_once_per_signature"
            )
        ]
